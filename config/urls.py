"""The whole site, as a table of contents."""

from django.urls import include, path

urlpatterns = [
    path("", include("fund.urls")),
    path("", include("proposals.urls")),
    path("", include("rounds.urls")),
    path("", include("accounts.urls")),
    path("", include("web.urls")),
    path("language/", include("django.conf.urls.i18n")),
]
