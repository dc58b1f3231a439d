"""Adding a photo to an idea, in a real browser: on a phone, on a computer, without JavaScript, on a bad connection."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, Route, expect
from pytest_django import Settings

from accounts.models import Person
from proposals.models import Attachment, AttachmentState
from rounds.actions import advance, create_fund, create_round, give_seat, set_criteria
from rounds.lifecycle import Event, Role
from rounds.models import Round
from tests.journeys.conftest import DESKTOP, PHONE, OpenPage
from tests.proposals.files import files_in, pdf_bytes, photo, private_folder

pytestmark = [
    pytest.mark.journey,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
]
Axe = Callable[[Page], None]


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The private storage, empty at the start of each journey."""
    return private_folder(tmp_path / "private", settings, monkeypatch)


@pytest.fixture(autouse=True)
def open_round(transactional_db: None) -> Round:
    otto = Person.objects.create_user("otto@test.example", name="Otto")
    fund = create_fund(by=None, name="Participatiefonds", slug="participatiefonds")
    give_seat(fund=fund, person=otto, role=Role.OFFICIAL, from_date=date(2020, 1, 1), by=None)
    now = timezone.now()
    dates = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=30)}
    round = create_round(
        fund=fund, by=otto, name="Ronde 2027", slug="ronde-2027", call="Vertel ons.", ceiling=100_000_00, **dates
    )
    criteria = [{"name": "Meedoen", "question": "Helpt dit mensen om mee te doen?", "weight": 2}]
    set_criteria(round=round, edition=round.edition, by=otto, criteria=criteria)
    return advance(round, Event.OPEN, otto)


def jpeg(name: str = "IMG_0001.jpg", colour: str = "teal") -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": photo(colour)}


def program() -> FilePayload:
    return {"name": "factuur.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00" + b"\x00" * 200}


def nobody_has_to_scroll_sideways(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels too wide"


def go_to_files(page: Page) -> None:
    page.goto("/rounds/ronde-2027/start/")
    page.get_by_role("button", name="Begin", exact=True).click()
    page.get_by_role("link", name="Photos and attachments").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Photos and attachments")


def delete_the_only_one(page: Page, folder: Path) -> None:
    page.wait_for_load_state("networkidle")
    page.get_by_role("link", name="Delete").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete this file?")
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Yes, delete it").click()
    expect(page.get_by_text("was deleted")).to_be_visible()
    assert files_in(folder) == []


def test_a_photo_is_sent_seen_and_deleted_on_a_phone(browser_page: OpenPage, axe: Axe, folder: Path) -> None:
    page = browser_page(PHONE, language="en")
    go_to_files(page)
    axe(page)

    page.get_by_label("Choose a photo or file").set_input_files(jpeg())

    expect(page.get_by_text("Your file was added.")).to_be_visible()
    picture = page.get_by_role("img", name="Look at IMG_0001.jpg")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 480
    assert len(files_in(folder)) == 2
    nobody_has_to_scroll_sideways(page)
    axe(page)

    page.get_by_role("link", name="Delete").click()
    axe(page)
    page.get_by_role("link", name="No, keep it").click()
    delete_the_only_one(page, folder)


def test_it_works_without_javascript(browser_page: OpenPage, folder: Path) -> None:
    page = browser_page(PHONE, javascript=False, language="en")
    go_to_files(page)

    page.get_by_label("Take a photo").set_input_files(jpeg())
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("img", name="Look at IMG_0001.jpg")).to_be_visible()

    page.get_by_label("Choose a photo or file").set_input_files(program())
    page.get_by_role("button", name="Add").click()
    expect(page.locator(".utrecht-form-field--invalid").get_by_text("This is a program.")).to_be_visible()
    expect(page.get_by_role("img", name="Look at IMG_0001.jpg")).to_be_visible()

    delete_the_only_one(page, folder)


def test_a_bad_file_is_refused_on_the_spot_and_a_good_one_goes_after_it(browser_page: OpenPage, axe: Axe) -> None:
    page = browser_page(DESKTOP, language="en")
    go_to_files(page)
    expect(page.get_by_label("Take a photo")).to_be_hidden()
    chooser = page.get_by_label("Choose a photo or file")

    chooser.set_input_files(program())
    expect(page.get_by_role("status").get_by_text("This is a program.")).to_be_visible()
    axe(page)
    chooser.set_input_files(
        {"name": "film.pdf", "mimeType": "application/pdf", "buffer": b"x" * (10 * 1024 * 1024 + 1)}
    )
    expect(page.get_by_role("status").get_by_text("This file is too big.")).to_be_visible()

    chooser.set_input_files({"name": "plan.pdf", "mimeType": "application/pdf", "buffer": pdf_bytes()})
    expect(page.get_by_role("link", name="plan.pdf", exact=True)).to_be_visible()
    nobody_has_to_scroll_sideways(page)
    axe(page)


def test_a_lost_connection_loses_no_file(browser_page: OpenPage) -> None:
    page = browser_page(PHONE, language="en", expect_errors=True)
    go_to_files(page)
    address = page.url

    def lose(route: Route) -> None:
        route.abort()

    page.route(address, lose)
    page.get_by_label("Choose a photo or file").set_input_files(jpeg())
    expect(page.get_by_text("The connection was lost.")).to_be_visible()
    page.unroute(address, lose)
    page.get_by_role("button", name="Add").click()

    expect(page.get_by_role("img", name="Look at IMG_0001.jpg")).to_be_visible()


def test_every_state_of_a_file_shuts_nobody_out(browser_page: OpenPage, axe: Axe) -> None:
    page = browser_page(PHONE, language="nl")
    page.goto("/rounds/ronde-2027/start/")
    page.locator("form.pf-form:not([data-repeat]) button").click()
    page.goto(page.url.replace("/write/", "/attachments/"))
    # The picture last: the browser fetches it by itself, while SQLite's test database has only one connection.
    plans = [FilePayload(name=f"plan {one}.pdf", mimeType="application/pdf", buffer=pdf_bytes(one)) for one in range(2)]
    for number, file in enumerate([*plans, jpeg()], start=1):
        page.locator("#id_file").set_input_files(file)
        expect(page.locator(".att-item")).to_have_count(number)
    page.wait_for_load_state("networkidle")
    _ready, refused, waiting = Attachment.objects.order_by("pk")
    Attachment.objects.filter(pk=waiting.pk).update(state=AttachmentState.WAITING_FOR_SCAN)
    Attachment.objects.filter(pk=refused.pk).update(state=AttachmentState.REFUSED, file="", preview="")

    for address in (
        page.url,
        page.url.replace("/attachments/", "/write/"),
        page.url.replace("/attachments/", "/check/"),
    ):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        nobody_has_to_scroll_sideways(page)
        axe(page)
