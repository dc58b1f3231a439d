"""Somebody tells an idea alone, in a real browser: from the start page to the receipt."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from accounts.models import Person
from proposals.models import AnswerEdit, Proposal, ProposalVersion
from rounds.actions import advance, create_fund, create_round, give_seat, set_criteria
from rounds.lifecycle import Event, Role
from rounds.models import Round
from tests.journeys.conftest import DESKTOP, PHONE, OpenPage

pytestmark = [
    pytest.mark.journey,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
]
Axe = Callable[[Page], None]

ANSWERS = {
    "What will you do?": "Elke donderdag koken wij.\nMet tien mensen. 🍲",
    "What gets better because of your idea?": "Mensen leren elkaar kennen.",
    "Who takes part, and who benefits?": "Tien mensen uit de buurt.",
    "Where and when will it be?": "In De Linde, op donderdag.",
}


@pytest.fixture
def open_round(transactional_db: None) -> Round:
    otto = Person.objects.create_user("otto@test.example", name="Otto")
    fund = create_fund(by=None, name="Participatiefonds", slug="participatiefonds")
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
    return advance(round, Event.OPEN, otto)


def nobody_has_to_scroll_sideways(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels too wide"


def begin(page: Page) -> None:
    page.goto("/rounds/ronde-2027/start/")
    page.get_by_role("button", name="Begin", exact=True).click()
    page.get_by_role("link", name="Begin with the first question").click()


def write(page: Page, label: str, text: str) -> None:
    """Type an answer, and see that it was saved before going on."""
    page.get_by_label(label).fill(text)
    expect(page.locator("#saved-at")).to_contain_text("Saved at")


def fill_in_budget(page: Page, rows: dict[str, str]) -> None:
    """Write rows of what and how much, and see that they were saved."""
    for place, (what, amount) in enumerate(rows.items(), start=1):
        row = page.get_by_role("group", name=f"Row {place}")
        row.get_by_label("What").fill(what)
        row.get_by_label("Amount").fill(amount)
    expect(page.locator("#saved-at")).to_contain_text("Saved at")


def next_page(page: Page) -> None:
    before = page.url
    page.get_by_role("button", name="Next").click()
    page.wait_for_url(lambda url: url != before)


def code_in(mail: EmailMessage) -> str:
    found = re.search(r"\b\d{6}\b", str(mail.body))
    assert found
    return found.group()


def test_what_is_not_right_is_said_kindly_and_stays_where_it_was(
    browser_page: OpenPage, axe: Axe, open_round: Round
) -> None:
    page = browser_page(language="en")

    page.goto("/rounds/ronde-2027/start/")
    page.get_by_text("Five short questions to find out").click()
    page.get_by_role("radiogroup", name="Will it be in this municipality?").get_by_text("No", exact=True).click()
    page.get_by_role("button", name="Look at the advice").click()
    expect(page.get_by_role("heading", name="Please think about this")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Begin", exact=True).click()
    page.get_by_role("link", name="Check and send").click()
    expect(page.get_by_role("heading", name="This is still missing")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Give your idea a name.").click()
    for url, field, wrong in [
        ("title", "#id_value", "x" * 130),
        ("budget", "#id_amount_1", "-3"),
        ("contact", "#id_address", "ines@"),
    ]:
        page.goto(re.sub(r"[a-z_]+/$", f"{url}/", page.url))
        page.locator(field).fill(wrong)
        expect(page.locator("#saved-at")).to_contain_text("Not saved yet.")
        page.get_by_role("button", name="Next").click()
        expect(page.get_by_role("alert")).to_be_visible()
        axe(page)
        nobody_has_to_scroll_sideways(page)
        expect(page.locator(field)).to_have_value(wrong)
        page.locator(field).fill("")


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP, (320, 640)])
def test_an_idea_goes_from_the_start_page_to_the_receipt(
    browser_page: OpenPage, axe: Axe, open_round: Round, mailoutbox: list[EmailMessage], viewport: tuple[int, int]
) -> None:
    page = browser_page(viewport, language="en")

    def look() -> None:
        axe(page)
        nobody_has_to_scroll_sideways(page)

    page.goto("/rounds/ronde-2027/start/")
    look()
    page.get_by_role("button", name="Begin", exact=True).click()
    look()
    page.get_by_role("link", name="Begin with the first question").click()
    look()
    write(page, "What is the name of your idea?", "Samen koken")
    look()
    next_page(page)
    for label, text in ANSWERS.items():
        look()
        write(page, label, text)
        next_page(page)
    look()
    fill_in_budget(page, {"Pannen": "1.250,50", "Eten": "€ 300"})
    expect(page.locator("#budget-total")).to_have_text("€1,550.50")
    look()
    next_page(page)
    look()
    next_page(page)
    look()
    page.get_by_label("Your name").fill("Ines")
    write(page, "Your mail address or mobile number", "ines@test.example")
    next_page(page)
    expect(page.get_by_role("heading", name="Check and send")).to_be_visible()
    look()
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code", exact=True).fill(code_in(mailoutbox[-1]))
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    look()
    page.get_by_role("button", name="Send my idea").click()

    expect(page.get_by_role("heading", name="We received your idea")).to_be_visible()
    look()
    proposal = Proposal.objects.get()
    assert (proposal.amount_applied_for, proposal.reference) == (1550_50, f"{open_round.closes_at:%Y}-001")
    assert proposal.reference in str(mailoutbox[-1].body)


def test_the_whole_way_works_without_javascript(
    browser_page: OpenPage, open_round: Round, mailoutbox: list[EmailMessage]
) -> None:
    page = browser_page(javascript=False, language="en")

    begin(page)
    page.get_by_label("What is the name of your idea?").fill("Samen koken")
    next_page(page)
    for label, text in ANSWERS.items():
        page.get_by_label(label).fill(text)
        next_page(page)
    page.locator("#id_what_0").fill("Pannen")
    page.locator("#id_amount_0").fill("150")
    page.get_by_text("More rows").click()
    page.locator("#id_what_5").fill("Huur")
    page.locator("#id_amount_5").fill("20")
    next_page(page)
    next_page(page)
    page.get_by_label("Your name").fill("Ines")
    page.get_by_label("Your mail address or mobile number").fill("ines@test.example")
    next_page(page)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code", exact=True).fill(code_in(mailoutbox[-1]))
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Send my idea").click()

    expect(page.get_by_role("heading", name="We received your idea")).to_be_visible()
    proposal = Proposal.objects.get()
    assert (proposal.summary, proposal.amount_applied_for) == (ANSWERS["What will you do?"], 170_00)


def test_the_whole_way_works_with_the_keyboard_alone(
    browser_page: OpenPage, open_round: Round, mailoutbox: list[EmailMessage]
) -> None:
    page = browser_page(DESKTOP, language="en")

    def tab_to(name: str) -> None:
        """Press Tab until this link, button or field has the focus."""
        for _press in range(60):
            page.keyboard.press("Tab")
            focused = page.evaluate(
                "(() => { const one = document.activeElement; return (one.labels?.[0] || one).textContent.trim(); })()"
            )
            if focused.startswith(name):
                return
        raise AssertionError(f"{name} cannot be reached on {page.url}")

    def press(name: str) -> None:
        before = page.url
        tab_to(name)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: url != before)

    def fill(name: str, text: str) -> None:
        tab_to(name)
        page.keyboard.type(text)
        expect(page.locator("#saved-at")).to_contain_text("Saved at")

    page.goto("/rounds/ronde-2027/start/")
    press("Begin")
    press("Begin with the first question")
    fill("What is the name", "Samen koken")
    press("Next")
    fill("What will you do", "Elke donderdag koken.")
    for _question in range(4):
        press("Next")
    tab_to("What")
    page.keyboard.type("Pannen")
    fill("Amount", "150")
    press("Next")
    press("Next")
    fill("Your mail address", "ines@test.example")
    press("Next")
    press("Send me a code")
    tab_to("Code")
    page.keyboard.type(code_in(mailoutbox[-1]))
    page.keyboard.press("Enter")
    page.wait_for_url("**/check/")
    press("Send my idea")

    expect(page.get_by_role("heading", name="We received your idea")).to_be_visible()


def test_two_presses_in_two_tabs_send_once(
    browser_page: OpenPage, open_round: Round, mailoutbox: list[EmailMessage]
) -> None:
    page = browser_page(language="en")
    begin(page)
    write(page, "What is the name of your idea?", "Samen koken")
    next_page(page)
    write(page, "What will you do?", "Elke donderdag.")
    draft = Proposal.objects.get()
    page.goto(f"/proposals/{draft.pk}/write/budget/")
    page.locator("#id_amount_0").fill("150")
    next_page(page)
    page.goto(f"/proposals/{draft.pk}/write/contact/")
    page.get_by_label("Your mail address or mobile number").fill("ines@test.example")
    next_page(page)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code", exact=True).fill(code_in(mailoutbox[-1]))
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    other = page.context.new_page()
    other.goto(page.url)

    page.get_by_role("button", name="Send my idea").dblclick()
    expect(page.get_by_role("heading", name="We received your idea")).to_be_visible()
    other.get_by_role("button", name="Send my idea").click()

    expect(other.get_by_role("heading", name="We received your idea")).to_be_visible()
    assert other.url == page.url
    assert ProposalVersion.objects.count() == 1
    assert len([mail for mail in mailoutbox if draft.__class__.objects.get().reference in str(mail.body)]) == 1


def test_a_lost_connection_is_told_and_nothing_is_lost(browser_page: OpenPage, axe: Axe, open_round: Round) -> None:
    page = browser_page(language="en", expect_errors=True)
    begin(page)
    lost: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            lost.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    page.route("**/write/title/", lose)
    page.get_by_label("What is the name of your idea?").fill("In de trein getypt")
    expect(page.locator("#saved-at")).to_contain_text("Not saved yet. We try again.")
    axe(page)
    assert AnswerEdit.objects.count() == 0
    page.unroute("**/write/title/")

    expect(page.locator("#saved-at")).to_contain_text("Saved at")
    assert lost
    assert Proposal.objects.get().title == "In de trein getypt"


def test_a_reload_without_a_connection_puts_back_what_was_typed(browser_page: OpenPage, open_round: Round) -> None:
    page = browser_page(language="en", expect_errors=True)
    begin(page)
    page.route("**/write/title/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_label("What is the name of your idea?").fill("Nog niet bewaard")
    expect(page.locator("#saved-at")).to_contain_text("Not saved yet")

    page.reload()

    expect(page.get_by_label("What is the name of your idea?")).to_have_value("Nog niet bewaard")
    page.unroute("**/write/title/")
    expect(page.locator("#saved-at")).to_contain_text("Saved at")
    assert Proposal.objects.get().title == "Nog niet bewaard"


def test_two_tabs_show_both_texts_and_the_person_joins_them(
    browser_page: OpenPage, axe: Axe, open_round: Round
) -> None:
    page = browser_page(language="en", expect_errors=True)
    begin(page)
    next_page(page)
    other = page.context.new_page()
    other.goto(page.url)
    write(page, "What will you do?", "Op de telefoon")

    other.get_by_label("What will you do?").fill("Op de laptop")
    expect(other.locator("#saved-at")).to_contain_text("changed somewhere else")
    axe(other)
    other.get_by_role("button", name="Next").click()
    expect(other.get_by_role("heading", name="There are two texts")).to_be_visible()
    axe(other)
    nobody_has_to_scroll_sideways(other)
    other.get_by_role("button", name="Save this text").click()
    other.wait_for_url("**/write/improvement/")

    assert Proposal.objects.get().summary == "Op de telefoon\n\nOp de laptop"


def test_somebody_goes_on_with_another_phone(
    browser_page: OpenPage, axe: Axe, open_round: Round, mailoutbox: list[EmailMessage]
) -> None:
    first = browser_page(language="en")
    begin(first)
    write(first, "What is the name of your idea?", "Samen koken")
    first.get_by_role("button", name="Save and go on later").click()
    axe(first)
    first.get_by_label("Your mail address or mobile number").fill("ines@test.example")
    first.get_by_role("button", name="Send me a code").click()
    first.get_by_label("Code", exact=True).fill(code_in(mailoutbox[-1]))
    first.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(first.get_by_role("heading", name="Your draft is kept")).to_be_visible()
    axe(first)

    second = browser_page(language="en")
    second.goto("/account/login/?next=/rounds/ronde-2027/start/")
    second.get_by_label("Your mail address or mobile number").fill("ines@test.example")
    second.get_by_role("button", name="Send me a code").click()
    second.get_by_label("Code", exact=True).fill(code_in(mailoutbox[-1]))
    second.get_by_role("main").get_by_role("button", name="Sign in").click()
    second.get_by_role("link", name="Samen koken").click()

    expect(second.get_by_role("heading", name="Samen koken")).to_be_visible()
    axe(second)
