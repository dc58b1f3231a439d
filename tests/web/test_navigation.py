import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from web import navigation
from web.navigation import NavigationLink, add_link, navigation_context


def shown_to_nobody(user: object) -> bool:
    return False


def shown_to_all(user: object) -> bool:
    return True


def visit(path: str) -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = object()  # type: ignore[assignment]  # no link here looks at it
    return request


def test_links_are_shown_by_their_own_lock_in_their_own_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_links", [])
    add_link(NavigationLink("Second", "web:style_guide", shown_to_all, place=20))
    add_link(NavigationLink("First", "web:healthz", shown_to_all, place=10))
    add_link(NavigationLink("Hidden", "web:readyz", shown_to_nobody))

    links = navigation_context(visit("/style-guide/"))["navigation"]

    assert [(link["label"], link["current"]) for link in links] == [("First", False), ("Second", True)]


def test_handing_in_a_link_twice_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_links", [])
    link = NavigationLink("Once", "web:healthz", shown_to_all)

    add_link(link)
    add_link(link)

    assert navigation._links == [link]
