"""Reading what people type when they sign in or change their account."""

import re
from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from accounts.addresses import Address, read_address, read_email, read_phone
from accounts.models import ContactChannel, Person
from web.fields import CodeField, CodeInput

PASSKEY_REFUSED = _("This passkey did not work. Try again, or use another way.")


class DemoSignInForm(forms.Form):
    """Which demo person, and where to go next."""

    person = forms.CharField(max_length=40)
    next = forms.CharField(max_length=2000, required=False)


class SignInForm(forms.Form):
    """One field for a mail address or a mobile number; cleaned into an Address."""

    login = forms.CharField(
        label=_("Your mail address or mobile number"),
        max_length=300,
        error_messages={"required": _("Fill in your mail address or your mobile number.")},
        widget=forms.TextInput(
            {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "inputmode": "email"}
        ),
    )

    def clean_login(self) -> Address:
        """Read the address."""
        return read_address(self.cleaned_data["login"])


class EmailForm(forms.Form):
    """A new mail address; cleaned into an Address."""

    address = forms.CharField(
        label=_("Your new mail address"),
        max_length=300,
        error_messages={"required": _("Fill in your mail address.")},
        widget=forms.EmailInput({"autocomplete": "email"}),
    )

    def clean_address(self) -> Address:
        """Read the address."""
        return read_email(self.cleaned_data["address"])


class PhoneForm(forms.Form):
    """A new mobile number; cleaned into an Address."""

    address = forms.CharField(
        label=_("Your new mobile number"),
        max_length=40,
        error_messages={"required": _("Fill in your mobile number.")},
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )

    def clean_address(self) -> Address:
        """Read the number."""
        return read_phone(self.cleaned_data["address"])


class CodeForm(forms.Form):
    """Six digits, whatever spaces or dashes came along."""

    code = CodeField(label=_("Code"), error_messages={"required": _("Fill in the code of six numbers.")})


class ProfileForm(forms.Form):
    """How somebody is called, and in which language we write."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, required=False, widget=forms.TextInput({"autocomplete": "name"})
    )
    language = forms.ChoiceField(
        label=_("In which language do we write to you?"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )


# --- the second factor: forms of allauth with our words (setting MFA_FORMS) -------------------------------------------
class WorksOnce:
    """A code from the app works once, also near the edges of its half minute.

    The library remembers a code for half a minute, but with MFA_TOTP_TOLERANCE it accepts one for a minute and a half.
    """

    def clean_code(self) -> str:
        """Check the code, and refuse one that was used before."""
        code: str = super().clean_code()  # type: ignore[misc]  # a mixin: the form below it has this method
        user = self.user  # type: ignore[attr-defined]  # the same
        if not cache.add(f"accounts.used_code:{user.pk}:{re.sub(r'[^0-9]', '', code)}", "used", timeout=120):
            raise forms.ValidationError(_("This code was used already. Wait for the next code in your app."))
        return code


class SecondFactorForm(WorksOnce, AuthenticateForm):
    """A code from the app, or a recovery code."""

    code = forms.CharField(
        label=_("Code from your app, or a recovery code"),
        max_length=40,
        error_messages={"required": _("Fill in the code from your app, or one of your recovery codes.")},
        widget=CodeInput,
    )


class SecondFactorAgainForm(WorksOnce, ReauthenticateForm):
    """The same, asked once more before something important is changed."""

    code = forms.CharField(
        label=_("Code from your app, or a recovery code"),
        max_length=40,
        error_messages={"required": _("Fill in the code from your app, or one of your recovery codes.")},
        widget=CodeInput,
    )


class ActivateAppForm(ActivateTOTPForm):
    """The first code from the app, which proves that the app works."""

    code = CodeField(
        label=_("The six numbers in your app"), error_messages={"required": _("Fill in the six numbers in your app.")}
    )


class SoundCredential:
    """Refuses kindly what a browser would never post; the library answers that with an error of its own."""

    def clean_credential(self) -> Any:
        """Look the passkey up."""
        try:
            return super().clean_credential()  # type: ignore[misc]  # a mixin: the form below it has this method
        except (AttributeError, KeyError, TypeError, ValueError):
            raise forms.ValidationError(PASSKEY_REFUSED, code="passkey") from None


class SignInPasskeyForm(SoundCredential, LoginWebAuthnForm):
    """Signing in with a passkey alone."""


class SecondFactorPasskeyForm(SoundCredential, AuthenticateWebAuthnForm):
    """A passkey as the second step."""


class SecondFactorPasskeyAgainForm(SoundCredential, ReauthenticateWebAuthnForm):
    """The same, asked once more before something important is changed."""


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey, which is always made so that it can also sign in by itself."""

    name = forms.CharField(
        label=_("A name for this passkey"),
        max_length=60,
        required=False,
        help_text=_("For example: my phone. So that you know later which one it is."),
    )
    passwordless = forms.BooleanField(required=False, widget=forms.HiddenInput)
    mark_optional = False

    def clean_passwordless(self) -> bool:
        """Every passkey here has to verify its person by fingerprint, face or PIN."""
        return True

    def clean(self) -> dict[str, Any]:
        """Check what the browser made."""
        try:
            return dict(super().clean())
        except (AttributeError, KeyError, TypeError, ValueError):
            raise forms.ValidationError(PASSKEY_REFUSED, code="passkey") from None


class RenamePasskeyForm(EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(
        label=_("A name for this passkey"), max_length=60, error_messages={"required": _("Fill in a name.")}
    )


class PreferencesForm(forms.Form):
    """How somebody wants to hear from us; only ways for which there is an address."""

    channel = forms.ChoiceField(
        label=_("How do you like to hear from us?"), choices=ContactChannel.choices, widget=forms.RadioSelect
    )
    wants_reminders = forms.BooleanField(
        label=_("Remind me of what I did not send yet"),
        help_text=_("One week and one day before it is too late."),
        required=False,
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_channel(self) -> str:
        """Ask for the address first."""
        channel: str = self.cleaned_data["channel"]
        if channel == ContactChannel.MAIL and not self.person.email:
            raise forms.ValidationError(_("We have no mail address of you yet. Add it first, or choose another way."))
        if channel == ContactChannel.SMS and not self.person.phone:
            raise forms.ValidationError(_("We have no mobile number of you yet. Add it first, or choose another way."))
        return channel
