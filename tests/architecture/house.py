"""What the architecture tests know of the house: its rooms, and where its code is."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = tuple(
    name
    for name in ("fund", "kantellat", "voting", "proposals", "rounds", "accounts")
    if (ROOT / name / "apps.py").exists()
)
PACKAGES = (*APPS, "web", "config", "allocation")
# The eight names of house.md, and what Django and its libraries themselves ask a module to be called.
EIGHT = {"urls", "views", "forms", "actions", "permissions", "queries", "models", "lifecycle"}
FRAMEWORK = {"__init__", "apps", "migrations", "management", "middleware", "templatetags"}
# Rooms of their own, each with its reason.
EXTRA = {
    "accounts": {
        "adapters",  # django-allauth asks for adapter classes
        "addresses",  # a mail address or mobile number, read the way people type it
        "codes",  # six-digit codes, which live in the session: neither model nor view
        "demo",  # the people of the demo
        "sms",  # the pluggable ways to send a text message
        "outbox",  # where the demo keeps its mail and text messages
    },
    "fund": {"demo"},  # the demo's content, as data
}
FORBIDDEN = {"utils", "util", "helpers", "services", "common", "signals", "misc", "base", "core", "lib", "managers"}


def python_files(*packages: str) -> Iterator[Path]:
    """Yield the Python files of some packages, migrations left out."""
    for package in packages or PACKAGES:
        yield from (path for path in sorted((ROOT / package).rglob("*.py")) if "migrations" not in path.parts)


def tree_of(path: Path) -> ast.Module:
    """Parse a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def room(path: Path) -> str:
    """Return a file's place as people say it: rounds/actions/funds.py."""
    return path.relative_to(ROOT).as_posix()


def templates() -> list[Path]:
    """Return every template of the house."""
    return sorted((ROOT / "templates").rglob("*.html"))
