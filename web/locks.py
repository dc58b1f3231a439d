"""The lock on every door: a view is reached only through a predicate, and sees only what was checked.

``@allow(may_edit_proposal, load=proposal_for)`` wraps a view. ``load(user, **url)`` looks only among what this person
may know to exist and raises ``Http404`` otherwise; the predicate then answers 403; the view receives the loaded
object, so that it cannot reach one that nobody checked. A public page says so: ``@allow(anyone)``.

A ``load`` that declares a keyword ``request`` is handed the request as well: for what somebody carries in a cookie.
``visitors=True`` opens a door to people without an account too, if the loader finds what they ask for and the
predicate agrees; those whom it does not open for are sent to sign in, as everywhere.
"""

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

type View = Callable[..., HttpResponseBase]
type Predicate = Callable[..., bool]
type Answer = Callable[[HttpRequest], HttpResponseBase]

LOCK_MARK = "web_lock"


def anyone(user: object, _loaded: object = None) -> bool:
    """The predicate of a public page: yes, to everybody."""
    return True


def anyone_signed_in(user: Any, _loaded: object = None) -> bool:
    """The predicate of a personal page that every signed-in person has."""
    return bool(user.is_authenticated)


def sign_in_first(request: HttpRequest) -> HttpResponseBase:
    """Send a visitor to sign in, and back to this page afterwards."""
    return redirect_to_login(request.get_full_path())


def allow(
    predicate: Predicate,
    *,
    load: Callable[..., Any] | None = None,
    visitors: bool = False,
    turned_away: Answer = sign_in_first,
) -> Callable[[View], View]:
    """Lock a view behind `predicate`, handing it the object that `load` found instead of the url's arguments.

    A visitor who is not signed in is sent to sign in first, before anything is looked up, so that an address does not
    betray whether something exists there. Raises ``PermissionDenied`` (403) or whatever `load` raises (404).
    With `visitors` they are looked at like everybody else, and `turned_away` answers those who get neither page nor
    reason: by default it is the sign-in page; a page with a form may first put away what somebody typed.
    """
    hands_request = load is not None and "request" in signature(load).parameters

    def lock(view: View) -> View:
        def loaded_for(request: HttpRequest, url: dict[str, Any]) -> tuple[Any, ...]:
            extra = {"request": request} if hands_request else {}
            loaded = () if load is None else (load(request.user, **url, **extra),)
            # Identity, not truth: a predicate that returns a tuple of reasons would otherwise always open the door.
            if predicate(request.user, *loaded) is not True:
                raise PermissionDenied
            return loaded

        @wraps(view)
        def locked(request: HttpRequest, **url: Any) -> HttpResponseBase:
            stranger = predicate is not anyone and not request.user.is_authenticated
            if stranger and not visitors:
                return turned_away(request)
            try:
                loaded = loaded_for(request, url)
            except (Http404, PermissionDenied):
                if stranger:
                    return turned_away(request)
                raise
            return view(request, *loaded) if load else view(request, **url)

        setattr(locked, LOCK_MARK, predicate)
        return locked

    return lock


def lock_of(view: object) -> Predicate | None:
    """Return the predicate that guards a view, or None when it carries no lock."""
    return getattr(view, LOCK_MARK, None)
