"""A second factor before anything else, for those whose work asks for it."""

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.module_loading import import_string

DEMO_SESSION_MARK = "demo_sign_in"
ONWARD_SESSION_KEY = "accounts.onward"

# What somebody without a second factor needs to set one up, to leave, and to see the page in their own language.
OPEN_WITHOUT = {
    "accounts:second_factor",
    "accounts:onward",
    "accounts:demo",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "set_language",
    "web:theme",
    "web:healthz",
    "web:readyz",
}


class SecondFactorRequired:
    """Sends those who need a second factor to set one up, or to use it, before any other page.

    Who needs one is decided by the predicate that SECOND_FACTOR_FOR names; SECOND_FACTOR_REQUIRED turns it on. At
    sign-in allauth already asks everybody who has a second factor for it; this is for those who have none yet, and for
    sessions that began before there was one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: object, kwargs: object) -> HttpResponse | None:
        """Lead elsewhere when a second factor is still missing in this session."""
        if not settings.SECOND_FACTOR_REQUIRED or self._is_open(request, view) or self._is_done(request):
            return None
        if not import_string(settings.SECOND_FACTOR_FOR)(request.user):
            return None
        kinds = set(Authenticator.objects.filter(user_id=request.user.pk).values_list("type", flat=True))
        here = request.get_full_path() if request.method == "GET" else "/"
        if not kinds & {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}:
            request.session[ONWARD_SESSION_KEY] = here
            return redirect("accounts:second_factor")
        by_app = Authenticator.Type.TOTP in kinds
        question = reverse("mfa_reauthenticate" if by_app else "mfa_reauthenticate_webauthn")
        return redirect(f"{question}?{urlencode({'next': here})}")

    def _is_open(self, request: HttpRequest, view: Any) -> bool:
        if request.user.is_anonymous or str(view.__module__).startswith("allauth."):
            return True
        match = request.resolver_match
        return match is not None and match.view_name in OPEN_WITHOUT

    def _is_done(self, request: HttpRequest) -> bool:
        if settings.DEMO_SIGN_IN and request.session.get(DEMO_SESSION_MARK):
            return True
        return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))
