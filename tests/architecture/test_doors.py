"""The table *url × person → status*: who gets in where. It fails on any url that is missing from it.

Statuses are those of a GET, for a visitor who is not signed in, Ines (initiator), Corrie (member), Vera (chair), Otto
(official), Bea (mandate holder), Raf (council) and Nora (an official of another fund).
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.http import HttpResponseBase
from django.test import Client
from django.urls import get_resolver
from pytest_django import Settings

from accounts.models import Person
from proposals.actions import add_attachment, start_draft
from proposals.lifecycle import State
from proposals.models import Proposal
from rounds.actions import advance, create_fund, create_round, give_seat
from rounds.lifecycle import Event, Role
from rounds.models import Fund, Round
from tests.proposals.files import judged, photo, private_folder
from web.checks import views_in

PEOPLE = ("visitor", "ines", "corrie", "vera", "otto", "bea", "raf", "nora")
# What stands in the place of an argument in a route.
ARGUMENTS = {
    "<slug:slug>": "ronde-2027",
    "<path:reference>": "2027-001",
    "<slug:key>": "title",
    "<int:number>": "1",
    "<int:attachment>": "1",
    "<str:event>": "close_call",
    "(?P<kind>email|phone)": "email",
    "<str:provider_id>": "municipality",
}

#                      visitor ines corrie vera otto bea raf nora
PUBLIC = "200 200 200 200 200 200 200 200"
SIGNED_IN = "302 200 200 200 200 200 200 200"
ANY_OFFICIAL = "302 403 403 403 200 403 403 200"
THIS_OFFICIAL = "302 403 403 403 200 403 403 403"
THIS_SEATS_OFFICIAL = "302 404 404 404 200 404 404 404"  # a seat is not known outside its fund
THIS_DOSSIER = "302 404 404 404 200 404 404 404"  # what was sent in is not known outside its fund
NOTHING_ASKED = "302 404 404 404 302 404 404 404"  # no supplement is awaited: the official is led to the dossier
NOT_ASKED = "302 403 404 404 404 404 404 404"  # of a draft nothing was asked
TO_THE_FUND = "302 403 403 403 302 403 403 403"  # the list of a round is that of its fund, filtered
STEERS = "302 403 403 200 200 200 403 200"  # those who move rounds on: chair, official, mandate holder
STEERS_THIS_ROUND = "302 403 403 200 200 200 403 403"
FROZEN = "302 403 403 403 302 403 403 403"  # the round is open: the official is led to the overview
ONWARD = "302 302 302 302 302 302 302 302"  # always leads on
NOT_THERE = "404 404 404 404 404 404 404 404"  # nothing counted yet, or not switched on
NOT_YET = "302 403 403 403 403 403 403 403"  # the vote is not closed
NOT_BY_GET = "405 405 405 405 405 405 405 405"  # only by POST
OWN_DRAFT = "302 200 404 404 404 404 404 404"  # a draft does not exist for anybody else
NOT_SENT_YET = "302 404 404 404 404 404 404 404"  # a draft has no receipt
MY_DRAFT_LEADS_BACK = "302 302 404 404 404 404 404 404"  # a draft is changed on its own pages
NOT_A_DRAFT = "302 403 404 404 404 404 404 404"  # a draft is deleted, not withdrawn
NOT_SIGNED_IN = "200 302 302 302 302 302 302 302"  # who is in already is led on

DOORS: dict[str, str] = {
    "": PUBLIC,
    "^account/(?P<kind>email|phone)/$": SIGNED_IN,
    "^account/(?P<kind>email|phone)/remove/$": NOT_BY_GET,
    "accessibility/": PUBLIC,
    "account/": SIGNED_IN,
    "account/code/": ONWARD,
    "account/factors/": ONWARD,
    "account/factors/app/": SIGNED_IN,
    "account/factors/passkeys/": ONWARD,
    "account/factors/passkeys/add/": SIGNED_IN,
    "account/login/": NOT_SIGNED_IN,
    "account/login/code/": NOT_SIGNED_IN,
    "account/login/code/confirm/": ONWARD,
    "account/oidc/<str:provider_id>/login/": NOT_THERE,
    "account/oidc/<str:provider_id>/login/callback/": NOT_THERE,
    "account/profile/": SIGNED_IN,
    "account/second-factor/": SIGNED_IN,
    "account/second-factor/onward/": ONWARD,
    "choices/": PUBLIC,
    "demo/": PUBLIC,
    "demo/outbox/": PUBLIC,
    "healthz": PUBLIC,
    "manage/": STEERS,
    "manage/funds/<slug:slug>/": THIS_OFFICIAL,
    "manage/funds/<slug:slug>/new-round/": THIS_OFFICIAL,
    "manage/funds/<slug:slug>/screening.csv": THIS_OFFICIAL,
    "manage/funds/<slug:slug>/screening.xlsx": THIS_OFFICIAL,
    "manage/funds/<slug:slug>/screening/": THIS_OFFICIAL,
    "manage/funds/<slug:slug>/seats/": THIS_OFFICIAL,
    "manage/funds/<slug:slug>/seats/give/": THIS_OFFICIAL,
    "manage/funds/<slug:slug>/trail/": THIS_OFFICIAL,
    "manage/new-fund/": ANY_OFFICIAL,
    "manage/proposals/<int:pk>/": THIS_DOSSIER,
    "manage/proposals/<int:pk>/admit/": NOT_BY_GET,
    "manage/proposals/<int:pk>/ask/": THIS_DOSSIER,
    "manage/proposals/<int:pk>/checklist/": NOT_BY_GET,
    "manage/proposals/<int:pk>/extend/": NOTHING_ASKED,
    "manage/proposals/<int:pk>/not-treat/": NOTHING_ASKED,
    "manage/rounds/<slug:slug>/": STEERS_THIS_ROUND,
    "manage/rounds/<slug:slug>/change-rule/": THIS_OFFICIAL,
    "manage/rounds/<slug:slug>/copy/": THIS_OFFICIAL,
    "manage/rounds/<slug:slug>/divide/": NOT_YET,
    "manage/rounds/<slug:slug>/screening/": TO_THE_FUND,
    "manage/rounds/<slug:slug>/screening/points/": THIS_OFFICIAL,
    "manage/rounds/<slug:slug>/set-up/": THIS_OFFICIAL,
    "manage/rounds/<slug:slug>/set-up/ballot/": FROZEN,
    "manage/rounds/<slug:slug>/set-up/call/": FROZEN,
    "manage/rounds/<slug:slug>/set-up/counting/": FROZEN,
    "manage/rounds/<slug:slug>/set-up/criteria/": FROZEN,
    "manage/rounds/<slug:slug>/set-up/division/": FROZEN,
    "manage/rounds/<slug:slug>/set-up/money/": FROZEN,
    "manage/rounds/<slug:slug>/step/<str:event>/": THIS_OFFICIAL,
    "manage/rounds/<slug:slug>/trail/": THIS_OFFICIAL,
    "manage/seats/<int:pk>/end/": THIS_SEATS_OFFICIAL,
    "manage/seats/<int:pk>/extend/": THIS_SEATS_OFFICIAL,
    "manage/proposals/<int:pk>/messages/": NOT_SENT_YET,
    "manage/proposals/<int:pk>/versions/": NOT_SENT_YET,
    "manage/rounds/<slug:slug>/messages/": THIS_OFFICIAL,
    "my/proposals/": SIGNED_IN,
    "my/proposals/<int:pk>/": OWN_DRAFT,
    "my/proposals/<int:pk>/change/": MY_DRAFT_LEADS_BACK,
    "my/proposals/<int:pk>/change/<slug:key>/": MY_DRAFT_LEADS_BACK,
    "my/proposals/<int:pk>/change/send/": NOT_BY_GET,
    "my/proposals/<int:pk>/delete/": OWN_DRAFT,
    "my/proposals/<int:pk>/messages/": NOT_SENT_YET,
    "my/proposals/<int:pk>/versions/": NOT_SENT_YET,
    "my/proposals/<int:pk>/withdraw/": NOT_A_DRAFT,
    "my/data/": SIGNED_IN,
    "my/data/contact/": SIGNED_IN,
    "my/data/close/": SIGNED_IN,
    "my/data.json": SIGNED_IN,
    "my/data.pdf": SIGNED_IN,
    "reminders/stop/<str:token>/": NOT_THERE,
    "privacy/": PUBLIC,
    "proposals/<int:pk>/attachments/": OWN_DRAFT,
    "proposals/<int:pk>/attachments/<int:attachment>/": OWN_DRAFT,
    "proposals/<int:pk>/attachments/<int:attachment>/delete/": OWN_DRAFT,
    "proposals/<int:pk>/attachments/<int:attachment>/small/": OWN_DRAFT,
    "proposals/<int:pk>/check/": OWN_DRAFT,
    "proposals/<int:pk>/keep/": OWN_DRAFT,
    "proposals/<int:pk>/receipt.pdf": NOT_SENT_YET,
    "proposals/<int:pk>/receipt/": NOT_SENT_YET,
    "proposals/<int:pk>/send/": NOT_BY_GET,
    "proposals/<int:pk>/supplement/": NOT_ASKED,
    "proposals/<int:pk>/write/": OWN_DRAFT,
    "proposals/<int:pk>/write/<slug:key>/": OWN_DRAFT,
    "readyz": PUBLIC,
    "rounds/<slug:slug>/": PUBLIC,
    "rounds/<slug:slug>/compare/": NOT_THERE,
    "rounds/<slug:slug>/export.pb": NOT_THERE,
    "rounds/<slug:slug>/proposals/<path:reference>/": NOT_THERE,
    "rounds/<slug:slug>/rule/": PUBLIC,
    "rounds/<slug:slug>/rule/<int:number>.json": PUBLIC,
    "rounds/<slug:slug>/start/": PUBLIC,
    "style-guide/": PUBLIC,
    "theme/<str:version>.css": NOT_THERE,
}


def own_routes() -> set[str]:
    """Return the routes whose views are ours; libraries guard their own."""
    return {
        route
        for route, view in views_in(get_resolver())
        if not getattr(view, "view_class", view).__module__.startswith(site_settings.LOCKED_ELSEWHERE)
    }


@pytest.fixture
def people(
    ines: Person, corrie: Person, vera: Person, otto: Person, bea: Person, raf: Person
) -> dict[str, Person | None]:
    """Everybody of the table, by name."""
    nora = Person.objects.create_user("nora@test.example", name="Nora")
    elsewhere = create_fund(by=None, name="Een ander fonds", slug="een-ander-fonds")
    give_seat(fund=elsewhere, person=nora, role=Role.OFFICIAL, from_date=date(2020, 1, 1), by=None)
    seated = {"corrie": corrie, "vera": vera, "otto": otto, "bea": bea, "raf": raf}
    return {"visitor": None, "ines": ines, "nora": nora} | seated


@pytest.fixture
def site(
    planned_round: Round,
    fund: Fund,
    otto: Person,
    ines: Person,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> dict[str, str]:
    """A fund with an open round, in which Ines has a draft with a photo, and one in preparation; argument -> value."""
    advance(planned_round, Event.OPEN, otto)
    create_round(fund=fund, by=otto, name="Ronde 2028", slug="ronde-2028")
    seat = fund.seats.get(role=Role.COUNCIL)
    draft = start_draft(round=planned_round, by=ines)
    private_folder(tmp_path, settings, monkeypatch)
    attachment = add_attachment(proposal=draft, upload=judged(photo(), "photo.jpg"), by=ines)
    sent = Proposal.objects.create(round=planned_round, state=State.SUBMITTED, reference="2027-900", title="Tuin")
    # The longer one first: it holds the other.
    return (
        {"manage/proposals/<int:pk>": f"manage/proposals/{sent.pk}"}
        | ARGUMENTS
        | {
            "proposals/<int:pk>": f"proposals/{draft.pk}",
            "<int:pk>": str(seat.pk),
            "<int:attachment>": str(attachment.pk),
        }
    )


def address(route: str, arguments: dict[str, str]) -> str:
    """Fill in a route."""
    for argument, value in arguments.items():
        route = route.replace(argument, value)
    route = route.replace("manage/funds/ronde-2027/", "manage/funds/participatiefonds/")
    return "/" + route.strip("^$")


def status(response: HttpResponseBase) -> int:
    """Return how it went; an answer with a file is read to its end, so that the file is closed."""
    if response.streaming:
        list(response)
    return response.status_code


def test_every_url_is_in_the_table() -> None:
    assert own_routes() - set(DOORS) == set()
    assert set(DOORS) - own_routes() == set()


@pytest.mark.parametrize("route", sorted(DOORS))
def test_who_gets_in(
    route: str,
    people: dict[str, Person | None],
    site: dict[str, str],
    as_person: Callable[[Person | None], Client],
) -> None:
    url = address(route, site)

    statuses = {name: status(as_person(people[name]).get(url)) for name in PEOPLE}

    assert statuses == dict(zip(PEOPLE, map(int, DOORS[route].split()), strict=True)), url


@pytest.mark.parametrize("route", sorted(route for route in DOORS if "rounds/<slug:slug>/" in route))
def test_a_round_in_preparation_does_not_exist_for_the_public(
    route: str, people: dict[str, Person | None], site: dict[str, str], as_person: Callable[[Person | None], Client]
) -> None:
    url = address(route, site | {"<slug:slug>": "ronde-2028"})

    statuses = {as_person(people[name]).get(url).status_code for name in ("visitor", "ines", "nora")}

    assert statuses <= {302, 404}
