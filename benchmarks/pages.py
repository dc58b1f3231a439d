"""What every page costs: bytes over the wire on a first and a later visit, and queries. ``make bench`` prints it.

Bytes are counted as a browser would fetch them (compressed), from a site that runs as it does in production: the page,
its style sheets, scripts, fonts and icon on a first visit; only the page on a later one, since the rest is kept a year.
"""

import os
import re
import statistics
import subprocess
import sys
import urllib.request
from http.cookiejar import CookieJar

from tests.journeys.site import PAGES, ROOT, running_demo

COUNT_QUERIES = """
import sys, django; django.setup()
from django.conf import settings; settings.ALLOWED_HOSTS.append("testserver")
from django.db import connection; from django.test import Client
from django.test.utils import CaptureQueriesContext
person, *paths = sys.argv[1:]
client = Client()
if person != "-":
    client.post("/demo/", {"person": person})
for path in paths:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    print("queries:", len(queries))
"""


class Visitor:
    """A browser as far as bytes go: cookies, compression, and what a page asks for besides itself."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def fetch(self, path: str, **headers: str) -> tuple[bytes, int]:
        """Return an answer's body, and the bytes that cross the wire for it, headers included."""
        request = urllib.request.Request(self.address + path, headers={"Accept-Language": "nl", **headers})  # noqa: S310
        try:
            answer = self.opener.open(request)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:
            body = answer.read()
            return body, len(body) + len(str(answer.headers))

    def size(self, path: str) -> int:
        """Bytes of one answer, compressed as for a browser."""
        return self.fetch(path, **{"Accept-Encoding": "br, gzip"})[1]

    def text(self, path: str) -> str:
        """The page itself, to see what it asks for."""
        return self.fetch(path)[0].decode()

    def sign_in(self, person: str) -> None:
        """Become a person of the demo."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.text("/demo/"))
        body = f"person={person}&csrfmiddlewaretoken={token[1] if token else ''}".encode()
        request = urllib.request.Request(self.address + "/demo/", body, {"Referer": self.address + "/demo/"})  # noqa: S310
        self.opener.open(request).close()

    def first_visit(self, path: str) -> int:
        """The page and everything it needs that is not on the machine yet."""
        page = self.text(path)
        needed = set(re.findall(r'<(?:link|script|img)[^>]+(?:href|src)="(/static/[^"]+|/theme/[^"]+)"', page))
        for sheet in [asset for asset in needed if asset.endswith(".css")]:
            folder = sheet.rsplit("/", 1)[0]
            for font in re.findall(r"url\(\"?([^)\"]+\.woff2)\"?\)", self.text(sheet)):
                needed.add(font if font.startswith("/") else os.path.normpath(f"{folder}/{font}"))
        return self.size(path) + sum(self.size(asset) for asset in needed)


def main() -> None:
    """Print one line per page, the largest last."""
    with running_demo() as (address, folder):
        rows = []
        environment = os.environ | {
            "DATA_DIR": str(folder),
            "DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        for person, paths in PAGES.items():
            visitor = Visitor(address)
            if person:
                visitor.sign_in(person)
            finished = subprocess.run(
                [sys.executable, "-c", COUNT_QUERIES, person or "-", *paths],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            counted = re.findall(r"^queries: (\d+)$", finished.stdout, flags=re.MULTILINE)
            for path, queries in zip(paths, counted, strict=True):
                rows.append((visitor.first_visit(path), visitor.size(path), int(queries), person or "visitor", path))
    print(f"{'first visit':>12} {'later':>9} {'queries':>8}  who      page")
    for first, later, queries, person, path in sorted(rows):
        print(f"{first / 1024:>9.1f} KB {later / 1024:>6.1f} KB {queries:>8}  {person:<8} {path}")
    print(
        f"median: {statistics.median(row[0] for row in rows) / 1024:.1f} KB first, "
        f"{statistics.median(row[1] for row in rows) / 1024:.1f} KB later"
    )


if __name__ == "__main__":
    main()
