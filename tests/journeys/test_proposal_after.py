"""After sending, in a real browser on a phone: look, ask, change, withdraw; throw a draft away; leave."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.actions import create_demo_people
from accounts.models import Person
from proposals.actions import save_answer, start_draft, submit_proposal
from proposals.models import Budget, Field, Proposal, Row
from rounds.actions import advance, create_fund, create_round, give_seat, set_criteria
from rounds.lifecycle import Event, Role
from tests.journeys.conftest import DESKTOP, PHONE, OpenPage

pytestmark = [
    pytest.mark.journey,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
]
Axe = Callable[[Page], None]


@pytest.fixture
def sent(transactional_db: None) -> Proposal:
    """What Ines of the demo sent in, beside a draft of hers."""
    people = create_demo_people()
    ines, otto = people["ines"], people["otto"]
    Person.objects.update(language="en")
    fund = create_fund(by=None, name="Een fonds", slug="een-fonds")
    give_seat(fund=fund, person=otto, role=Role.OFFICIAL, from_date=date(2020, 1, 1), by=None)
    now = timezone.now()
    dates = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=30)}
    round = create_round(fund=fund, by=otto, name="Ronde", slug="ronde", call="Vertel.", ceiling=100_000_00, **dates)
    criteria = [{"name": "Meedoen", "question": "Helpt dit?", "weight": 1}]
    set_criteria(round=round, edition=round.edition, by=otto, criteria=criteria)
    round = advance(round, Event.OPEN, otto)
    texts = {
        Field.TITLE: "Samen koken",
        Field.SUMMARY: "Elke donderdag koken wij.",
        Field.BUDGET: Budget((Row("Pannen", 150_00),)).as_text(),
    }
    start_draft(round=round, by=ines)
    proposal = start_draft(round=round, by=ines)
    for field, text in texts.items():
        save_answer(proposal=proposal, field=field, text=text, seen=0, page_key="", by=ines)
    submit_proposal(proposal=proposal, submission_key=uuid4(), by=ines)
    return proposal


def sign_in(page: Page, name: str) -> None:
    page.goto("/demo/")
    page.get_by_role("button", name=name).click()
    page.wait_for_url(lambda url: "/demo/" not in url)


def test_ines_asks_changes_and_withdraws_on_her_phone_and_otto_answers(
    sent: Proposal, browser_page: OpenPage, axe: Axe
) -> None:
    page = browser_page(PHONE, language="en")
    sign_in(page, "Ines")
    page.goto("/my/proposals/")
    axe(page)
    page.get_by_role("link", name="Samen koken").click()
    expect(page.get_by_role("heading", name="What happens and when")).to_be_visible()
    axe(page)

    page.get_by_role("link", name="To the messages").click()
    page.get_by_role("button", name="Send the message").click()
    expect(page.get_by_role("link", name="Write your message first.")).to_be_visible()
    axe(page)
    page.get_by_label("Your message").fill("May I buy an oven?")
    page.get_by_role("button", name="Send the message").click()
    expect(page.get_by_text("May I buy an oven?")).to_be_visible()
    axe(page)

    office = browser_page(DESKTOP, language="en")
    sign_in(office, "Otto")
    office.goto("/manage/rounds/ronde/messages/")
    axe(office)
    office.get_by_role("link", name="Samen koken").click()
    office.get_by_label("Your message").fill("Yes, you may.")
    office.get_by_role("button", name="Send the message").click()
    expect(office.get_by_text("Yes, you may.")).to_be_visible()
    axe(office)

    page.goto(f"/my/proposals/{sent.pk}/")
    page.get_by_role("link", name="Read the messages").click()
    expect(page.get_by_text("Yes, you may.")).to_be_visible()

    page.goto(f"/my/proposals/{sent.pk}/")
    page.get_by_role("link", name="Change something").click()
    axe(page)
    page.get_by_role("link", name="Name of the idea").click()
    axe(page)
    page.get_by_label("What is the name of your idea?").fill("Samen eten")
    page.get_by_role("button", name="Keep this change").click()
    page.get_by_role("button", name="Send my changes").click()
    expect(page.get_by_text("This is version 2.")).to_be_visible()
    page.get_by_role("link", name="Read what you sent").click()
    expect(page.locator("ins")).to_contain_text("eten")
    axe(page)
    office.goto(f"/manage/proposals/{sent.pk}/versions/")
    expect(office.locator("ins")).to_contain_text("eten")

    page.goto(f"/my/proposals/{sent.pk}/withdraw/")
    axe(page)
    page.get_by_text("My plans have changed").click()
    page.get_by_role("button", name="Withdraw my idea").click()
    expect(page.get_by_text("You withdrew this idea on")).to_be_visible()
    axe(page)


def test_ines_deletes_her_draft_and_closes_her_account_without_javascript(
    sent: Proposal, browser_page: OpenPage
) -> None:
    page = browser_page(PHONE, javascript=False, language="en")
    sign_in(page, "Ines")
    page.goto("/my/proposals/")
    page.get_by_role("link", name="An idea without a name yet").click()
    page.get_by_role("link", name="Delete this draft").click()
    page.get_by_role("button", name="Delete it for good").click()
    expect(page.get_by_text("Nothing of it is left.")).to_be_visible()

    page.get_by_role("link", name="My data").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    page.get_by_role("link", name="Close my account").click()
    page.get_by_role("button", name="Close my account for good").click()

    expect(page.get_by_text("Your account is closed.")).to_be_visible()


def test_the_pages_about_ones_data_shut_nobody_out(sent: Proposal, browser_page: OpenPage, axe: Axe) -> None:
    page = browser_page(PHONE, language="en")
    sign_in(page, "Ines")

    for path in ("/my/data/", "/my/data/contact/", "/my/data/close/", f"/my/proposals/{sent.pk}/change/budget/"):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(folded => { folded.open = true })")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0], path
