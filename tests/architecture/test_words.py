"""One word per thing: the words that docs/glossary.md rules out are in no class, function, url, template or test."""

import ast
import re

import pytest
from django.urls import get_resolver

from tests.architecture.house import ROOT, python_files, room, templates, tree_of
from web.checks import views_in


def ruled_out() -> dict[str, str]:
    """Return word -> the word to use instead, from the last column of the glossary's table."""
    words: dict[str, str] = {}
    for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 4 and not set(cells[0]) <= {"-", " "} and cells[0] != "word":
            words |= {never.strip(): cells[1] for never in cells[3].split(",") if never.strip()}
    return words


def words_in(name: str) -> set[str]:
    """Split an identifier, a path or a url name into its words."""
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", name)
    return {word.lower() for word in re.split(r"[^A-Za-z]+", spaced) if word}


def names() -> dict[str, str]:
    """Return every name that people give in this house -> where it stands."""
    found = {}
    for path in python_files("fund", "voting", "proposals", "rounds", "accounts", "web", "allocation", "tests"):
        found[path.stem] = room(path)
        for node in ast.walk(tree_of(path)):
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                found[node.name] = f"{room(path)}:{node.lineno}"
    for path in templates():
        found[path.stem] = room(path)
    for route, _view in views_in(get_resolver()):
        found[route] = f"/{route}"
    return found


def test_the_glossary_rules_words_out() -> None:
    assert len(ruled_out()) > 10


def test_no_name_uses_a_word_that_the_glossary_rules_out() -> None:
    wrong = ruled_out()

    found = {
        f"{where}: {name}: say {wrong[word]!r}, not {word!r}"
        for name, where in names().items()
        if not where.startswith(("/account/", "tests/architecture"))  # the library's own urls; this file
        for word in words_in(name) & set(wrong)
    }

    assert found == set()


@pytest.mark.parametrize("word", ["round", "proposal", "ballot", "seat", "allocation"])
def test_the_main_words_are_in_the_glossary(word: str) -> None:
    assert f"| {word} |" in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").lower()
