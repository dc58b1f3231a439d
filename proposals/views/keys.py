"""The cookie with the keys of anonymous drafts."""

from django.conf import settings
from django.http import HttpResponseBase

from proposals.queries import KEYS_AGE, KEYS_COOKIE, KEYS_SALT, MOST_KEYS


def keep_keys(response: HttpResponseBase, keys: list[str]) -> None:
    """Let the browser carry these keys, the newest last; without any the cookie goes."""
    if not keys:
        response.delete_cookie(KEYS_COOKIE, samesite="Lax")
        return
    response.set_signed_cookie(
        KEYS_COOKIE,
        ".".join(keys[-MOST_KEYS:]),
        salt=KEYS_SALT,
        max_age=KEYS_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
