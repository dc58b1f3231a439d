"""Dutch is complete, compiled, collected and plain (B1: sentences up to fifteen words, no officialese)."""

import gettext
import html
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from tests.architecture.house import PACKAGES, ROOT

CATALOGUE = ROOT / "locale" / "nl" / "LC_MESSAGES" / "django.po"
LONGEST_SENTENCE = 15
OFFICIALESE = [
    "alsmede",
    "aangaande",
    "betreffende",
    "conform",
    "derhalve",
    "desbetreffende",
    "dient te",
    "dienen te",
    "geschieden",
    "gelieve",
    "inzake",
    "indien",
    "jegens",
    "middels",
    "omtrent",
    "onderhavige",
    "te allen tijde",
    "ten behoeve van",
    "ten einde",
    "teneinde",
    "u wordt verzocht",
    "voornoemd",
    "wederom",
    "woonachtig",
    "zulks",
]

needs_gettext = pytest.mark.skipif(
    shutil.which("msgfmt") is None, reason="GNU gettext is not installed; install the package gettext to run this"
)


def translations() -> dict[str, list[str]]:
    """Return msgid -> the Dutch texts for it (more than one where there is a plural)."""
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]  # the stdlib's own table
    texts: dict[str, list[str]] = {}
    for key, text in catalogue.items():
        texts.setdefault(key[0] if isinstance(key, tuple) else key, []).append(text)
    texts.pop("", None)
    return texts


def sentences(text: str) -> list[str]:
    """Split a translation into sentences as a reader sees them."""
    text = html.unescape(re.sub(r"<[^>]+>", " ", text))
    text = re.sub(r"%\([a-z_]+\)[sd]|%[sd]", "X", text)
    return [part for part in re.split(r"(?<=[.!?:;])\s+|\n|·|–", text) if part.strip()]


def message_ids(path: Path) -> set[str]:
    """Return the message ids of a catalogue, obsolete ones left out."""
    text = re.sub(r"^#~.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = re.findall(r'^msgid (".*"(?:\n".*")*)', text, flags=re.MULTILINE)
    return {"".join(re.findall(r'"(.*)"', quoted)) for quoted in found}


@needs_gettext
def test_every_text_has_its_dutch() -> None:
    finished = subprocess.run(
        ["msgfmt", "--check", "--statistics", "-o", "/dev/null", str(CATALOGUE)],  # noqa: S607 - found on the PATH
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C"},
    )

    assert finished.returncode == 0, finished.stderr
    assert re.fullmatch(r"\d+ translated messages\.\s*", finished.stderr), finished.stderr


@needs_gettext
def test_the_compiled_texts_are_those_of_the_catalogue(tmp_path: Path) -> None:
    fresh = tmp_path / "django.mo"

    subprocess.run(["msgfmt", "-o", str(fresh), str(CATALOGUE)], check=True)  # noqa: S607 - found on the PATH

    with fresh.open("rb") as made, CATALOGUE.with_suffix(".mo").open("rb") as kept:
        expected = gettext.GNUTranslations(made)._catalog  # type: ignore[attr-defined]  # the stdlib's own table
        committed = gettext.GNUTranslations(kept)._catalog  # type: ignore[attr-defined]  # the same
    assert {key: text for key, text in committed.items() if key} == {key: text for key, text in expected.items() if key}


@needs_gettext
def test_every_text_in_the_code_is_in_the_catalogue(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In a copy of the house: collecting writes into the catalogue of the folder that it stands in.
    for room in (*PACKAGES, "templates", "locale"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    monkeypatch.chdir(tmp_path)

    call_command("makemessages", locale=["nl"], no_location=True, no_wrap=True, no_obsolete=True, verbosity=0)

    collected = message_ids(tmp_path / "locale" / "nl" / "LC_MESSAGES" / "django.po")
    assert collected - message_ids(CATALOGUE) == set()
    assert message_ids(CATALOGUE) - collected == set()


def test_dutch_sentences_have_fifteen_words_at_most() -> None:
    long = {
        sentence: len(words)
        for texts in translations().values()
        for text in texts
        for sentence in sentences(text)
        if len(words := [word for word in sentence.split() if re.search(r"\w", word)]) > LONGEST_SENTENCE
    }

    assert long == {}


def test_dutch_is_free_of_officialese() -> None:
    found = {
        (word, text)
        for texts in translations().values()
        for text in texts
        for word in OFFICIALESE
        if re.search(rf"\b{word}\b", text, flags=re.IGNORECASE)
    }

    assert found == set()


def test_dutch_says_u_and_never_je() -> None:
    found = {
        text
        for texts in translations().values()
        for text in texts
        if re.search(r"\b(je|jij|jou|jouw)\b", text, flags=re.IGNORECASE)
    }

    assert found == set()
