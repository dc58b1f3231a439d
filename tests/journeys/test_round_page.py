"""Reading what became of the money, in a real browser: on a phone, without JavaScript, at 320 pixels, with axe."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from fund.actions import load_demo
from tests.journeys.conftest import DESKTOP, PHONE, OpenPage

pytestmark = [
    pytest.mark.journey,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
]
Axe = Callable[[Page], None]
NARROW = (320, 640)
PAGES = (
    "/",
    "/rounds/2025/",
    "/rounds/2026/",
    "/rounds/2026/compare/",
    "/rounds/2026/proposals/2026-01/",
    "/rounds/2027/",
)


@pytest.fixture
def demo(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo, in a hurry: only the next three in row learn what would have been enough."""
    monkeypatch.setattr("fund.queries.engine.counts.SMALL", 0)
    load_demo()


def test_a_visitor_reads_without_javascript_why_an_idea_got_money_or_not(demo: None, browser_page: OpenPage) -> None:
    page = browser_page(PHONE, javascript=False, language="en")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Participatiefonds Voorbeeldstad")

    page.get_by_role("link", name="See all ideas, and why").click()
    page.get_by_role("link", name="Muziekavond in het buurthuis").click()

    expect(page.get_by_text("Gets money", exact=True)).to_be_visible()
    expect(page.get_by_text("What the money is for")).to_be_visible()

    page.get_by_role("link", name="Ronde 2026").click()
    page.locator("summary", has_text="On the reserve list").click()
    page.get_by_role("link", name="Zwemmen op vrijdagmiddag").click()

    expect(page.get_by_text("Place 1 on the reserve list")).to_be_visible()
    expect(page.get_by_role("heading", name="What would have been enough?")).to_be_visible()


def test_a_visitor_lays_the_rules_beside_each_other(demo: None, browser_page: OpenPage) -> None:
    page = browser_page(DESKTOP, language="en")
    page.goto("/rounds/2026/")

    page.get_by_role("link", name="What would other rules have done with the same votes?").click()

    expect(page.get_by_role("row", name="The rule of this round")).to_contain_text("€98,310")
    expect(page.get_by_role("heading", name="Where the rules differ")).to_be_visible()


def test_what_is_folded_away_opens_with_the_keyboard(demo: None, browser_page: OpenPage) -> None:
    page = browser_page(DESKTOP, language="en")
    page.goto("/rounds/2026/")
    folded = page.get_by_role("link", name="Zwemmen op vrijdagmiddag")
    expect(folded).to_be_hidden()

    page.locator("summary", has_text="On the reserve list").focus()
    page.keyboard.press("Enter")

    expect(folded).to_be_visible()


def test_an_official_divides_the_budget_again_and_lands_on_the_page_that_everybody_sees(
    demo: None, browser_page: OpenPage
) -> None:
    page = browser_page(DESKTOP, language="en")
    page.goto("/demo/")
    page.get_by_role("button", name="Otto").click()
    page.goto("/manage/rounds/2026/")

    page.get_by_role("link", name="Divide the budget by the rule").click()
    page.get_by_role("button", name="Divide the budget now").click()

    expect(page.get_by_text("The rule has divided the budget.")).to_be_visible()
    expect(page).to_have_url("/rounds/2026/")


@pytest.mark.parametrize(("viewport", "addresses"), [(PHONE, PAGES), (DESKTOP, PAGES[2:4])])
def test_the_public_pages_shut_nobody_out(
    demo: None, browser_page: OpenPage, axe: Axe, viewport: tuple[int, int], addresses: tuple[str, ...]
) -> None:
    page = browser_page(viewport)

    for address in addresses:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(folded => { folded.open = true })")
        axe(page)


def test_nothing_scrolls_sideways_on_the_narrowest_screen(demo: None, browser_page: OpenPage) -> None:
    page = browser_page(NARROW)

    for address in PAGES:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(folded => { folded.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") == NARROW[0], address
