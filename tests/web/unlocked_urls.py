"""A URLconf with a forgotten lock, to see that it is noticed."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path("forgotten/", forgotten)]
