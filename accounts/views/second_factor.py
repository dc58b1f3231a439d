"""Setting up a second factor: allauth's own views, told to remember that it was used just now."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.middleware import ONWARD_SESSION_KEY
from accounts.views.sign_in import safe_next
from web.locks import allow, anyone_signed_in
from web.pages import page


@never_cache
@require_safe
@allow(anyone_signed_in)
def second_factor(request: HttpRequest) -> HttpResponse:
    """Explain why a second step is needed, and offer the two ways to do it."""
    return page(request, "accounts/second_factor.html")


@never_cache
@require_safe
@allow(anyone_signed_in)
def onward(request: HttpRequest) -> HttpResponse:
    """Go on to the page that had to wait for the second factor."""
    return HttpResponseRedirect(safe_next(request, request.session.pop(ONWARD_SESSION_KEY, None)))


class ActivateApp(ActivateTOTPView):
    """Set up an app that makes codes."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the app; its first code counts as the second factor of this session."""
        response: HttpResponse = super().form_valid(form)
        _remember(self.request, Authenticator.Type.TOTP)
        return response


class AddPasskey(AddWebAuthnView):
    """Make a passkey, one that can also sign in by itself."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Options for the browser: the passkey stays on the device and checks who holds it."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["js_data"] = {"creation_options": begin_registration(self.request.user, passwordless=True)}
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the passkey; making it counts as the second factor of this session."""
        response: HttpResponse = super().form_valid(form)
        _remember(self.request, Authenticator.Type.WEBAUTHN)
        return response


def _remember(request: HttpRequest, kind: str) -> None:
    record_authentication(request, request.user, "mfa", type=str(kind), reauthenticated=True)


activate_app = allow(anyone_signed_in)(ActivateApp.as_view())
add_passkey = allow(anyone_signed_in)(AddPasskey.as_view())
# Without a character set a browser guesses, and the name of a municipality may hold an â.
download_recovery_codes = allow(anyone_signed_in)(
    DownloadRecoveryCodesView.as_view(content_type="text/plain; charset=utf-8")
)
