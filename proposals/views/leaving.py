"""Closing one's account."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from proposals.actions import SeatHeld, close_account
from proposals.queries import Leaving, leaving
from web.locks import allow, anyone_signed_in
from web.pages import page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(anyone_signed_in, load=leaving)
def close(request: HttpRequest, found: Leaving) -> HttpResponse:
    """Say what goes and what stays, and close the account."""
    if request.method == "POST":
        try:
            close_account(person=found.person)
        except SeatHeld:
            return page(request, "proposals/account_close.html", {"found": found}, status=409)
        logout(request)
        messages.success(request, _("Your account is closed."))
        return redirect("/")
    return page(request, "proposals/account_close.html", {"found": found})
