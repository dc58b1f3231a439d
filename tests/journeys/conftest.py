"""A real browser for the journeys: system Chromium, driven by Playwright, on a site that runs in this process."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.db import connection, connections
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESKTOP = (390, 844), (1280, 900)
# WCAG 2.2 AA, which the law asks for, and what axe calls good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class OpenPage(Protocol):
    """Opens a page in a browser of its own: no cookies, nothing remembered."""

    def __call__(
        self, viewport: tuple[int, int] = ..., *, javascript: bool = ..., language: str = ..., expect_errors: bool = ...
    ) -> Page:
        """Open it; `expect_errors` for a journey that meets a refusal on purpose."""


def chromium_path() -> str | None:
    """Return where Chromium is: CHROMIUM, or the first of its usual names on the PATH."""
    named = os.environ.get("CHROMIUM", "")
    if named and Path(named).exists():
        return named
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """One Chromium for all journeys; they are skipped where there is none.

    The database has to be there first: a site that starts before it does not share its connection with the tests.
    """
    path = chromium_path()
    if path is None:
        pytest.skip("No Chromium found. Install the package chromium, or put its path in CHROMIUM.")
    # Playwright runs an event loop in this thread. That makes Django think that the tests are asynchronous, and gives
    # them a second database connection, which nobody else closes.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
            yield chromium
            chromium.close()
            connections.close_all()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def browser_page(browser: Browser, live_server: object) -> Iterator[OpenPage]:
    """Return a function that opens a page; at the end no page may have complained in its console."""
    cache.clear()
    # On SQLite the threads of the site share this connection; two of them must not open it at the same moment.
    connection.ensure_connection()
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        # A page that is no HTML page has no favicon of its own, so that the browser goes looking for one.
        if message.type == "error" and not address.endswith("/favicon.ico"):
            complaints.append(f"{message.text} ({address})")

    def open_page(
        viewport: tuple[int, int] = PHONE, *, javascript: bool = True, language: str = "nl", expect_errors: bool = False
    ) -> Page:
        context = browser.new_context(
            viewport={"width": viewport[0], "height": viewport[1]},
            java_script_enabled=javascript,
            locale={"nl": "nl-NL", "en": "en-GB"}[language],
            base_url=str(live_server),
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        if not expect_errors:
            page.on("console", listen)
            page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """Return a function that asserts that axe finds nothing wrong with a page."""
    checker = Axe()

    def check(page: Page) -> None:
        result = checker.run(page, options={"runOnly": RULES})
        found = [
            f"{violation['id']}: {violation['help']}: {node['html']}"
            for violation in result.response["violations"]
            for node in violation["nodes"]
        ]
        assert found == [], f"{page.url}: {found}"

    return check
