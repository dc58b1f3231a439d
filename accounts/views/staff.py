"""Staff through the municipality's own sign-in: the views of allauth, with a page for when that is out of order."""

import logging
from typing import Any

import requests
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from web.locks import allow, anyone
from web.pages import page

log = logging.getLogger("accounts.staff")


@require_safe
@allow(anyone)
def go(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the municipality's sign-in."""
    return _careful(oidc.login, request, provider_id)


@require_safe
@allow(anyone)
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from it, with an answer that is checked."""
    return _careful(oidc.callback, request, provider_id)


def _careful(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        response: HttpResponse = view(request, provider_id=provider_id)
    except requests.RequestException as failure:
        log.error("the staff sign-in does not answer: %s", type(failure).__name__)  # noqa: TRY400 - tokens in a traceback
        return page(request, "socialaccount/authentication_error.html", status=502)
    return response
