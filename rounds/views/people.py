"""Who is asking, and what they sent."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, QueryDict

from accounts.models import Person


def person_of(request: HttpRequest) -> Person:
    """Return the person who is signed in. Behind a lock there always is one; PermissionDenied should it ever fail."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def typed(request: HttpRequest) -> QueryDict | None:
    """Return what a form was sent with, even when that is nothing at all; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None
