"""What somebody can see and change about how they sign in."""

from typing import cast

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import AddressTaken, LastAddress, change_address, change_profile, remove_address
from accounts.adapters import remember_language
from accounts.addresses import Kind
from accounts.codes import AddressCode, CodeNotSent, TooManyCodes
from accounts.forms import CodeForm, EmailForm, PhoneForm, ProfileForm
from accounts.models import Person
from accounts.queries import OwnAddress, myself, own_address, sign_in_of
from accounts.views.sign_in import code_is_over, words_for, words_for_wrong_code
from web.locks import View, allow, anyone_signed_in
from web.pages import page


def asks_again(view: View) -> View:
    """Ask who has a second factor to use it once more; a new address is a way in."""
    return cast(View, reauthentication_required(app="allauth.mfa")(view))


ADDRESS_FORMS: dict[Kind, type[EmailForm | PhoneForm]] = {"email": EmailForm, "phone": PhoneForm}


@never_cache
@require_safe
@allow(anyone_signed_in, load=myself)
def my_sign_in(request: HttpRequest, person: Person) -> HttpResponse:
    """How this person signs in: addresses, language, passkeys, app, recovery codes."""
    profile_url = reverse("accounts:profile")
    details = [
        {"label": _("Name"), "value": person.name, "url": profile_url},
        {"label": _("Language"), "value": dict(settings.LANGUAGES).get(person.language, ""), "url": profile_url},
        *(
            {
                "label": _("Mail address") if kind == "email" else _("Mobile number"),
                "value": OwnAddress(person, kind).current,
                "url": reverse("accounts:address", kwargs={"kind": kind}),
            }
            for kind in ADDRESS_FORMS
        ),
    ]
    return page(request, "accounts/my_sign_in.html", {"sign_in": sign_in_of(person), "details": details})


@require_safe
@allow(anyone_signed_in)
def to_my_sign_in(request: HttpRequest) -> HttpResponse:
    """Where allauth returns to after something about a second factor changed."""
    return redirect("accounts:my_sign_in")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(anyone_signed_in, load=myself)
def profile(request: HttpRequest, person: Person) -> HttpResponse:
    """Change name and language."""
    language = person.language or translation.get_language() or ""
    form = ProfileForm(request.POST or None, initial={"name": person.name, "language": language})
    if form.is_valid():
        change_profile(person=person, name=form.cleaned_data["name"], language=form.cleaned_data["language"])
        response = redirect("accounts:my_sign_in")
        remember_language(response, person.language)
        with translation.override(person.language):
            messages.success(request, _("Your details are saved."))
        return response
    return page(request, "accounts/profile_edit.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@allow(anyone_signed_in, load=own_address)
@asks_again
def address(request: HttpRequest, own: OwnAddress) -> HttpResponse:
    """Ask for a new mail address or number, and send a code to it."""
    form = ADDRESS_FORMS[own.kind](request.POST or None)
    if form.is_valid():
        try:
            AddressCode.begin(request, form.cleaned_data["address"])
        except (CodeNotSent, TooManyCodes) as failure:
            form.add_error("address", words_for(failure))
        else:
            return redirect("accounts:address_code")
    return page(request, "accounts/address_change.html", {"form": form, "own": own})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@allow(anyone_signed_in, load=myself)
def address_code(request: HttpRequest, person: Person) -> HttpResponse:
    """Ask for the code that went to the new address; the right one makes the change."""
    process = AddressCode.under_way(request)
    if process is None:
        return redirect("accounts:my_sign_in")
    if over := code_is_over(process):
        return _start_again(request, process, over)
    if request.POST.get("action") == "resend":
        try:
            process.send()
            messages.success(request, _("We sent you a new code. The one before no longer works."))
        except (CodeNotSent, TooManyCodes) as failure:
            messages.error(request, words_for(failure))
        return redirect("accounts:address_code")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        if process.accepts(form.cleaned_data["code"]):
            return _change(request, person, process)
        if over := code_is_over(process):
            return _start_again(request, process, over)
        form.add_error("code", words_for_wrong_code(process))
    return page(request, "accounts/address_code.html", {"form": form, "address": process.address})


def _start_again(request: HttpRequest, process: AddressCode, why: str) -> HttpResponse:
    messages.error(request, why)
    return redirect("accounts:address", kind=process.address.kind)


def _change(request: HttpRequest, person: Person, process: AddressCode) -> HttpResponse:
    process.abort()
    try:
        change_address(person=person, address=process.address)
    except AddressTaken:
        # No secret is told: whoever gets here has just proved that the address is theirs.
        messages.error(
            request, _("You already have another account with this address. Sign in with it, or call us for help.")
        )
    else:
        messages.success(
            request, _("Saved. From now on you sign in with %(address)s.") % {"address": process.address.shown}
        )
    return redirect("accounts:my_sign_in")


@require_POST
@allow(anyone_signed_in, load=own_address)
@asks_again
def address_remove(request: HttpRequest, own: OwnAddress) -> HttpResponse:
    """Take away a mail address or number, as long as the other one stays."""
    try:
        remove_address(person=own.person, kind=own.kind)
    except LastAddress:
        messages.error(request, _("This is the only way to reach you. First add another one."))
    else:
        messages.success(request, _("Removed."))
    return redirect("accounts:my_sign_in")
