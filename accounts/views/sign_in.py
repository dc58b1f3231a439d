"""Signing in: an address, the code that we send to it, in."""

from typing import cast

from allauth.decorators import rate_limit
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.codes import CodeNotSent, MessagedCode, SignInCode, TooManyCodes
from accounts.forms import CodeForm, SignInForm
from web.locks import View, allow, anyone
from web.pages import page

TYPED_SESSION_KEY = "accounts.typed_address"


def slowed_down(view: View) -> View:
    """Answer with a plain page (429) when one network posts very often."""
    return cast(View, rate_limit(action="login")(view))


def safe_next(request: HttpRequest, url: str | None) -> str:
    """Return `url` when it stays on this site, otherwise the page that people land on after signing in."""
    if url and url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return url
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def with_next(request: HttpRequest, url_name: str) -> str:
    """Return the address of another screen of signing in, which remembers where the person was going."""
    url = reverse(url_name)
    going_to = request.GET.get("next")
    return f"{url}?{urlencode({'next': going_to})}" if going_to else url


def words_for(failure: CodeNotSent | TooManyCodes) -> str:
    """What to do when no code went out."""
    if isinstance(failure, TooManyCodes):
        return _("You asked for a code several times. Wait a quarter of an hour, or use the last code that we sent.")
    return _("We could not send the code just now. Try again in a few minutes, or call us: %(phone)s.") % {
        "phone": settings.HELP_PHONE
    }


def words_for_wrong_code(process: MessagedCode) -> str:
    """What to do after a wrong code."""
    left = process.tries_left
    return ngettext(
        "This is not the code that we sent last. Look again. You can try %(left)s more time.",
        "This is not the code that we sent last. Look again. You can try %(left)s more times.",
        left,
    ) % {"left": left}


def code_is_over(process: MessagedCode) -> str:
    """Why a code no longer works, in words; empty while it does. What is over is forgotten."""
    if not process.is_valid():
        process.abort()
        return _("This code is too old: a code works for 15 minutes. Ask for a new one.")
    if process.tries_left <= 0:
        return _("You tried five times. For your safety this code no longer works. Ask for a new one.")
    return ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@allow(anyone)
@slowed_down
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a mail address or mobile number, and send a code to it, whether we know it or not."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(safe_next(request, request.GET.get("next")))
    typed = request.session.pop(TYPED_SESSION_KEY, "")
    form = SignInForm(request.POST or None, initial={"login": typed})
    if form.is_valid():
        try:
            SignInCode.begin(request, form.cleaned_data["login"])
        except (CodeNotSent, TooManyCodes) as failure:
            form.add_error("login", words_for(failure))
        else:
            return HttpResponseRedirect(with_next(request, "account_confirm_login_code"))
    context = {"form": form, "next": request.GET.get("next", ""), "staff_sign_in": settings.OIDC_NAME}
    return page(request, "accounts/sign_in.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@allow(anyone)
@slowed_down
def confirm_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code that went out; the right one signs in, or leads to the second factor."""
    process = None if request.user.is_authenticated else SignInCode.under_way(request)
    if process is None:
        return HttpResponseRedirect(with_next(request, "account_login"))
    if over := code_is_over(process):
        return _ask_again(request, process, over)
    if request.POST.get("action") == "resend":
        return _send_again(request, process)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        if process.accepts(form.cleaned_data["code"]):
            return process.finish(safe_next(request, request.GET.get("next")))
        if over := code_is_over(process):
            return _ask_again(request, process, over)
        form.add_error("code", words_for_wrong_code(process))
    context = {"form": form, "address": process.address, "back_url": with_next(request, "account_login")}
    return page(request, "accounts/sign_in_code.html", context)


def _ask_again(request: HttpRequest, process: SignInCode, why: str) -> HttpResponse:
    messages.error(request, why)
    request.session[TYPED_SESSION_KEY] = process.address.shown
    return redirect(with_next(request, "account_login"))


def _send_again(request: HttpRequest, process: SignInCode) -> HttpResponse:
    try:
        process.send()
    except (CodeNotSent, TooManyCodes) as failure:
        messages.error(request, words_for(failure))
    else:
        messages.success(request, _("We sent you a new code. The one before no longer works."))
    return redirect(with_next(request, "account_confirm_login_code"))
