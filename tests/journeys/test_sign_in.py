"""Signing in, in a real browser: with a code, without JavaScript, with a passkey, with one button in the demo."""

import re
from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from playwright.sync_api import Page, expect
from pytest_django import Settings

from accounts.actions import create_demo_people
from accounts.models import Person
from tests.journeys.conftest import DESKTOP, PHONE, OpenPage

pytestmark = [
    pytest.mark.journey,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
]
Axe = Callable[[Page], None]


@pytest.fixture
def ines(transactional_db: None) -> Person:
    return Person.objects.create_user("ines@test.example", name="Ines", language="en")


def ask_for_code(page: Page, address: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("Your mail address or mobile number").fill(address)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("heading", name="Fill in the code")).to_be_visible()


def code_in(mail: EmailMessage) -> str:
    found = re.search(r"\b\d{6}\b", str(mail.body))
    assert found
    return found.group()


def sign_in_by_mail(page: Page, mailoutbox: list[EmailMessage], address: str = "ines@test.example") -> None:
    ask_for_code(page, address)
    page.get_by_label("Code", exact=True).fill(code_in(mailoutbox[-1]))
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "login" not in url)


def add_authenticator(page: Page) -> tuple[object, str]:
    """Give the browser a device that makes passkeys, and that says yes by itself."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    answer = session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return session, str(answer["authenticatorId"])


def nobody_has_to_scroll_sideways(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels too wide"


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP, (320, 640)])
def test_somebody_signs_in_with_a_code(
    browser_page: OpenPage, axe: Axe, ines: Person, mailoutbox: list[EmailMessage], viewport: tuple[int, int]
) -> None:
    page = browser_page(viewport, language="en")

    page.goto("/account/login/?next=/account/")
    axe(page)
    nobody_has_to_scroll_sideways(page)
    page.get_by_label("Your mail address or mobile number").fill("ines@test.example")
    page.keyboard.press("Enter")
    expect(page.get_by_text("ines@test.example")).to_be_visible()
    axe(page)
    nobody_has_to_scroll_sideways(page)
    page.get_by_label("Code", exact=True).fill("12345")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The code has six numbers.").first).to_be_visible()
    axe(page)
    page.get_by_label("Code", exact=True).fill(code_in(mailoutbox[-1]))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="How I sign in")).to_be_visible()
    axe(page)
    nobody_has_to_scroll_sideways(page)


def test_everything_works_without_javascript(
    browser_page: OpenPage, ines: Person, mailoutbox: list[EmailMessage]
) -> None:
    page = browser_page(javascript=False, language="en")

    ask_for_code(page, "ines@test.example")
    page.get_by_text("Did you get no code?").click()
    page.get_by_role("button", name="Send me a new code").click()
    expect(page.get_by_text("We sent you a new code.")).to_be_visible()
    page.get_by_label("Code", exact=True).fill(code_in(mailoutbox[-1]))
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.goto("/account/")

    expect(page.get_by_text("ines@test.example")).to_be_visible()
    page.goto("/account/factors/passkeys/add/")
    expect(page.get_by_text("This browser cannot make a passkey.")).to_be_visible()


def test_a_passkey_is_made_and_signs_in_by_itself(
    browser_page: OpenPage, axe: Axe, ines: Person, mailoutbox: list[EmailMessage]
) -> None:
    page = browser_page(language="en")
    add_authenticator(page)
    sign_in_by_mail(page, mailoutbox)

    page.goto("/account/factors/passkeys/add/")
    axe(page)
    page.get_by_label("A name for this passkey").fill("my phone")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    axe(page)
    page.goto("/account/")
    expect(page.get_by_text("my phone", exact=True)).to_be_visible()
    axe(page)
    page.goto("/account/logout/")
    axe(page)
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto("/account/login/?next=/account/profile/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_label("Your name")).to_have_value("Ines")
    axe(page)


def test_who_needs_a_second_step_sets_it_up_and_uses_it(
    browser_page: OpenPage, axe: Axe, otto_signs: Person, mailoutbox: list[EmailMessage]
) -> None:
    page = browser_page(DESKTOP, language="en")
    add_authenticator(page)

    sign_in_by_mail(page, mailoutbox, "otto@test.example")
    page.goto("/account/")
    expect(page.get_by_role("heading", name="A second step when you sign in")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Passkey").click()
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_role("link", name="I have kept them, go on").click()
    expect(page.get_by_role("heading", name="How I sign in")).to_be_visible()
    page.goto("/account/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    sign_in_by_mail(page, mailoutbox, "otto@test.example")
    expect(page.get_by_role("heading", name="The second step")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(lambda url: "authenticate" not in url)
    page.goto("/account/")

    expect(page.get_by_role("heading", name="How I sign in")).to_be_visible()


@pytest.fixture
def otto_signs(transactional_db: None, settings: Settings) -> Person:
    settings.SECOND_FACTOR_REQUIRED = True
    settings.SECOND_FACTOR_FOR = "tests.journeys.test_sign_in.is_otto"
    return Person.objects.create_user("otto@test.example", name="Otto", language="en")


def is_otto(user: Person) -> bool:
    """The predicate of this journey."""
    return user.name == "Otto"


def test_a_device_that_does_not_know_its_person_is_told_kindly(
    browser_page: OpenPage, axe: Axe, ines: Person, mailoutbox: list[EmailMessage]
) -> None:
    page = browser_page(language="en")
    session, device = add_authenticator(page)
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})  # type: ignore[attr-defined]
    sign_in_by_mail(page, mailoutbox)

    page.goto("/account/factors/passkeys/add/")
    page.get_by_role("button", name="Make a passkey").click()

    expect(page.get_by_text("It did not work, or you stopped it.")).to_be_visible()
    axe(page)


def test_the_demo_opens_with_one_button(browser_page: OpenPage, axe: Axe, transactional_db: None) -> None:
    create_demo_people()
    page = browser_page(DESKTOP, language="en")

    page.goto("/demo/?next=/account/")
    axe(page)
    page.get_by_role("button", name="Sign in as Ines Martens").click()

    expect(page.get_by_role("heading", name="How I sign in")).to_be_visible()


def test_what_went_out_can_be_read_in_the_demo(browser_page: OpenPage, axe: Axe, transactional_db: None) -> None:
    page = browser_page(language="en")

    ask_for_code(page, "06 12345678")
    page.goto("/demo/outbox/")

    expect(page.get_by_text("Your code is")).to_be_visible()
    axe(page)
    nobody_has_to_scroll_sideways(page)
