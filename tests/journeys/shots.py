"""Screenshots of every page at 390 and 1280 px, in shots/: ``make shots``."""

import sys

from playwright.sync_api import Browser, sync_playwright

from tests.journeys.conftest import FLAGS, chromium_path
from tests.journeys.site import PAGES, ROOT, running_demo

WIDTHS = (390, 1280)


def shoot(browser: Browser, address: str, person: str, width: int) -> int:
    """Take the pictures of one person's pages at one width; return how many pages are wider than the screen."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="nl-NL")
    page = context.new_page()
    if person:
        page.goto(f"{address}/demo/")
        page.locator(f"form:has([name=person][value={person}]) button").click()
    overflowing = 0
    for path in PAGES[person]:
        page.goto(address + path)
        name = path.strip("/").replace("/", "_") or "home"
        page.screenshot(path=ROOT / "shots" / f"{person or 'visitor'}_{name}_{width}.png", full_page=True)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            overflowing += 1
            print(f"{path} is wider than {width} px")
    context.close()
    return overflowing


def main() -> int:
    """Take them all. Returns 1 when a page is too wide, 2 without a Chromium."""
    path = chromium_path()
    if path is None:
        print("No Chromium found. Install the package chromium, or put its path in CHROMIUM.")
        return 2
    (ROOT / "shots").mkdir(exist_ok=True)
    with running_demo() as (address, _folder), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        overflowing = sum(shoot(browser, address, person, width) for width in WIDTHS for person in PAGES)
        browser.close()
    print(f"The pictures are in {ROOT / 'shots'}.")
    return 1 if overflowing else 0


if __name__ == "__main__":
    sys.exit(main())
