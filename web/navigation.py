"""The links at the top of every page: each app adds its own on start-up, and each link brings its own lock.

`web` imports no app, so the apps hand in their links (in ``AppConfig.ready``) and nothing has to reach upwards.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """A link in the header: `label` is a lazy translation, `shown` a predicate on the user, `place` orders the row."""

    label: Any
    url_name: str
    shown: Callable[[Any], bool]
    place: int = 50


_links: list[NavigationLink] = []


def add_link(link: NavigationLink) -> None:
    """Hand in a link; doing so twice changes nothing."""
    if link not in _links:
        _links.append(link)
        _links.sort(key=lambda known: known.place)


def navigation_context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `navigation`, a list of {url, label, current}, made only when a template uses it."""

    def build() -> list[dict[str, Any]]:
        return [
            {
                "url": (url := reverse(link.url_name)),
                "label": link.label,
                "current": request.path == url or (url != "/" and request.path.startswith(url)),
            }
            for link in _links
            if link.shown(request.user)
        ]

    return {"navigation": SimpleLazyObject(build)}
