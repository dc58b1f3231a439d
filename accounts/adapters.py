"""Where django-allauth asks us how we want it: signing in, the second factor, and staff from the municipality."""

import base64
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from qrcode.main import QRCode

from accounts.actions import notify_person
from accounts.addresses import Address
from accounts.models import Person
from accounts.queries import person_with

WRONG_CODE = gettext_lazy("This code is not right. Look again, or wait for the next code in your app.")
TOO_OFTEN = gettext_lazy("You tried several times. Wait five minutes, and then try again.")


class AccountAdapter(DefaultAccountAdapter):
    """Signing in and out."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": TOO_OFTEN,
        "rate_limited": TOO_OFTEN,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up through a form: proving an address is enough."""
        return False

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """Go on in the language that this person chose."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if user.language:
            remember_language(response, user.language)
        return response

    def send_notification_mail(self, template_prefix: str, user: Person, *_args: Any, **_kwargs: Any) -> None:
        """Tell people by mail or text message when something about their second factor changed."""
        with translation.override(user.language or settings.LANGUAGE_CODE):
            context = {"municipality": settings.MUNICIPALITY_NAME, "phone": settings.HELP_PHONE}
            text = render_to_string("accounts/second_factor_changed.txt", context).strip()
            notify_person(person=user, subject=_("Something changed in your account"), text=text)


def remember_language(response: HttpResponse, language: str) -> None:
    """Set the cookie by which Django knows the language of this browser."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


class SecondFactorAdapter(DefaultMFAAdapter):
    """Passkeys, apps and recovery codes. Their secrets are stored encrypted with a key made from SECRET_KEY."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
    }

    def get_totp_issuer(self) -> str:
        """The name that the app shows."""
        return str(settings.MUNICIPALITY_NAME)

    def build_totp_svg(self, url: str) -> str:
        """The picture to scan, drawn without styles of its own: the content security policy allows none."""
        code = QRCode(border=4)
        code.add_data(url)
        rows = code.get_matrix()
        squares = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
        size = len(rows)
        return format_html(
            '<svg class="pf-scan" viewBox="0 0 {0} {0}" width="240" height="240" role="img" aria-label="{1}">'
            '<rect width="{0}" height="{0}" fill="#fff"/><path fill="#000" d="{2}"/></svg>',
            size,
            _("Picture to scan with the app"),
            squares,
        )

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site that a passkey belongs to, with the name that the phone shows."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": settings.MUNICIPALITY_NAME}

    def generate_authenticator_name(self, user: Person, *_args: Any, **_kwargs: Any) -> str:
        """A name for a passkey that did not get one."""
        number = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).count() + 1
        return _("Passkey %(number)s") % {"number": number}

    def encrypt(self, text: str) -> str:
        """Encrypt a secret before it is stored."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Read a stored secret, also one from before SECRET_KEY was changed (SECRET_KEY_FALLBACKS)."""
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derived = [
        HKDF(algorithm=SHA256(), length=32, salt=None, info=b"accounts.second_factor").derive(str(key).encode())
        for key in keys
    ]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])


class StaffAdapter(DefaultSocialAccountAdapter):
    """Staff who come in through the municipality's own sign-in (OpenID Connect).

    Only a mail address that the municipality says it verified counts. Such an address leads to the account that has it
    already; one that is not verified is not taken over, or somebody could sit on another person's address.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Anybody whom the municipality lets in; what they may do follows from their seats."""
        return True

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Person:
        """Name and verified address of somebody new."""
        person: Person = sociallogin.user
        email = verified_email(sociallogin)
        parts = [str(data.get("first_name") or ""), str(data.get("last_name") or "")]
        person.name = (str(data.get("name") or "") or " ".join(part for part in parts if part))[:120]
        person.email = email
        person.email_verified_at = timezone.now() if email else None
        person.language = translation.get_language() or ""
        sociallogin.account.extra_data = {}  # a photo, a department: nothing that we need
        return person

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Person:
        """Save somebody new."""
        person: Person = super().save_user(request, sociallogin, form)
        EmailAddress.objects.filter(user=person).delete()  # Person is where addresses are kept
        return person

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Link to the account that has this verified address; refuse one that is taken but not verified."""
        email = verified_email(sociallogin)
        claimed = [address.email.lower() for address in sociallogin.email_addresses]
        sociallogin.email_addresses = []
        if sociallogin.is_existing:
            return
        for address in claimed:
            if person := person_with(Address("email", address)):
                if address != email:
                    raise ImmediateHttpResponse(render(request, "accounts/staff_address_taken.html", status=409))
                person.email_verified_at = person.email_verified_at or timezone.now()
                sociallogin.connect(request, person)
                return


def verified_email(sociallogin: Any) -> str | None:
    """Return the address that the municipality verified, in lower case; None without one."""
    for address in sociallogin.email_addresses:
        # Some providers send the text "false", which would count as true.
        if address.verified is True:
            return str(address.email).lower()
    return None
