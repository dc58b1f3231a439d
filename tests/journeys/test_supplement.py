"""A supplement that is asked and answered, in a real browser: Otto on a desktop, Ines on a phone, with axe."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Person
from proposals.actions import save_answer, set_points, start_draft, submit_proposal
from proposals.models import Budget, Field, Proposal, Row
from proposals.queries import mark_of_points
from rounds.actions import advance, create_fund, create_round, give_seat, set_criteria
from rounds.lifecycle import Event, Role
from tests.journeys.conftest import DESKTOP, PHONE, OpenPage

pytestmark = [
    pytest.mark.journey,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
]
Axe = Callable[[Page], None]
FULLWIDTH = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def sent(transactional_db: None) -> Proposal:
    """What Ines sent in, without saying where it will be; Otto has a checklist."""
    fund = create_fund(by=None, name="Participatiefonds", slug="participatiefonds")
    otto = Person.objects.create_user("otto@test.example", name="Otto")
    give_seat(fund=fund, person=otto, role=Role.OFFICIAL, from_date=date(2020, 1, 1), by=None)
    now = timezone.now()
    round = create_round(
        fund=fund,
        by=otto,
        name="Ronde 2027",
        slug="ronde-2027",
        call="Vertel ons uw idee.",
        ceiling=100_000_00,
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=30),
    )
    criteria = [{"name": "Meedoen", "question": "Helpt dit mensen om mee te doen?", "weight": 2}]
    set_criteria(round=round, edition=round.edition, by=otto, criteria=criteria)
    round = advance(round, Event.OPEN, otto)
    set_points(round=round, by=otto, mark=mark_of_points([]), points=["Is het in de gemeente?", "Is alles duidelijk?"])
    ines = Person.objects.create_user("ines@test.example", name="Ines")
    draft = start_draft(round=round, by=ines)
    budget = Budget((Row("Pannen", 150_00),)).as_text()
    for field, text in ((Field.TITLE, "Samen koken 🍲"), (Field.SUMMARY, "Wij koken."), (Field.BUDGET, budget)):
        save_answer(proposal=draft, field=field, text=text, seen=0, page_key="page", by=ines)
    submit_proposal(proposal=draft, submission_key=uuid4(), by=ines)
    return draft


def sign_in(page: Page, name: str) -> None:
    """Let a browser be somebody's: how people prove who they are is walked elsewhere."""
    person = Person.objects.get(name=name)
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    page.goto("/healthz")
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": page.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]  # a plain dictionary is what it is


def look(page: Page, axe: Axe) -> None:
    """Nothing is wrong with this page, and nothing scrolls sideways."""
    axe(page)
    assert page.evaluate(FULLWIDTH) == 0, page.url


def test_an_official_asks_and_the_initiator_answers_on_a_phone(
    sent: Proposal, browser_page: OpenPage, axe: Axe
) -> None:
    otto = browser_page(DESKTOP, language="en")
    sign_in(otto, "Otto")
    otto.goto("/manage/rounds/ronde-2027/")
    otto.get_by_role("link", name="Check proposals").click()
    look(otto, axe)
    otto.get_by_role("link", name="Samen koken").click()
    look(otto, axe)
    otto.get_by_role("link", name="Ask for a supplement").click()
    otto.get_by_role("button", name="Ask this").click()
    look(otto, axe)
    otto.get_by_text("Where and when", exact=True).click()
    otto.get_by_label("What is missing, and why do you need it?").fill("We do not know yet where it will be.")
    otto.get_by_role("button", name="Ask this").click()
    expect(otto.get_by_text("Saved. The initiator gets a message.")).to_be_visible()
    look(otto, axe)

    ines = browser_page(PHONE, language="en")
    sign_in(ines, "Ines")
    ines.goto(f"/proposals/{sent.pk}/receipt/")
    ines.get_by_role("link", name="See what we ask, and answer it").click()
    expect(ines.get_by_text("We do not know yet where it will be.")).to_be_visible()
    look(ines, axe)
    ines.get_by_role("link", name="Where and when will it be?").click()
    expect(ines.get_by_text("We do not know yet where it will be.")).to_be_visible()
    look(ines, axe)
    ines.get_by_label("Where and when will it be?").fill("In De Linde, every Thursday 🌳")
    ines.get_by_role("button", name="Save this answer").click()
    ines.get_by_role("button", name="Send my answer").click()
    expect(ines.get_by_text("We received your answer.")).to_be_visible()

    otto.goto("/manage/funds/participatiefonds/screening/?standing=answered")
    otto.get_by_role("link", name="Samen koken").click()
    expect(otto.get_by_text("In De Linde, every Thursday 🌳")).to_be_visible()
    otto.get_by_role("button", name="It is complete").click()
    expect(otto.get_by_text("This proposal is complete. It goes to the committee.")).to_be_visible()
    look(otto, axe)


def test_the_officials_pages_fit_on_a_phone(sent: Proposal, browser_page: OpenPage, axe: Axe) -> None:
    page = browser_page(PHONE)
    sign_in(page, "Otto")

    for address in (
        "/manage/funds/participatiefonds/screening/",
        "/manage/funds/participatiefonds/screening/?text=nothing",
        f"/manage/proposals/{sent.pk}/",
        f"/manage/proposals/{sent.pk}/ask/",
        "/manage/rounds/ronde-2027/screening/points/",
    ):
        page.goto(address)
        look(page, axe)
