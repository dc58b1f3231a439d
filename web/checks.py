"""System checks that hold the house together: every url has a lock."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.urls import URLPattern, URLResolver, get_resolver

from web.locks import lock_of


def views_in(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Walk the URLconf: yield (route, view) for every pattern in it."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route, entry.callback
        else:
            yield from views_in(entry, route)


def is_locked(view: Any) -> bool:
    """Whether a view carries one of our locks, or belongs to a library that guards its own doors."""
    home = getattr(view, "view_class", view).__module__
    return lock_of(view) is not None or home.startswith(settings.LOCKED_ELSEWHERE)


@register(Tags.security)
def every_view_is_locked(**_: object) -> list[CheckMessage]:
    """Refuse to start when a url leads to a view without a lock."""
    return [
        Error(
            f"The view behind /{route} has no lock.",
            hint="Wrap it in @allow(...) from web.locks; a public page says @allow(anyone).",
            obj=f"{view.__module__}.{getattr(view, '__qualname__', view)}",
            id="web.E001",
        )
        for route, view in views_in(get_resolver())
        if not is_locked(view)
    ]
