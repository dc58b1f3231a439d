"""The lock on every door: a view is reached only through a predicate, and sees only what was checked.

``@allow(may_edit_proposal, load=proposal_for)`` wraps a view. ``load(user, **url)`` looks only among what this person
may know to exist and raises ``Http404`` otherwise; the predicate then answers 403; the view receives the loaded
object, so that it cannot reach one that nobody checked. A public page says so: ``@allow(anyone)``.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

type View = Callable[..., HttpResponseBase]
type Predicate = Callable[..., bool]

LOCK_MARK = "web_lock"


def anyone(user: object, _loaded: object = None) -> bool:
    """The predicate of a public page: yes, to everybody."""
    return True


def anyone_signed_in(user: Any, _loaded: object = None) -> bool:
    """The predicate of a personal page that every signed-in person has."""
    return bool(user.is_authenticated)


def allow(predicate: Predicate, *, load: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """Lock a view behind `predicate`, handing it the object that `load` found instead of the url's arguments.

    A visitor who is not signed in is sent to sign in first, before anything is looked up, so that an address does not
    betray whether something exists there. Raises ``PermissionDenied`` (403) or whatever `load` raises (404).
    """

    def lock(view: View) -> View:
        @wraps(view)
        def locked(request: HttpRequest, **url: Any) -> HttpResponseBase:
            public = predicate is anyone
            if not public and not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            loaded = () if load is None else (load(request.user, **url),)
            # Identity, not truth: a predicate that returns a tuple of reasons would otherwise always open the door.
            if predicate(request.user, *loaded) is not True:
                raise PermissionDenied
            return view(request, *loaded) if load else view(request, **url)

        setattr(locked, LOCK_MARK, predicate)
        return locked

    return lock


def lock_of(view: object) -> Predicate | None:
    """Return the predicate that guards a view, or None when it carries no lock."""
    return getattr(view, LOCK_MARK, None)
