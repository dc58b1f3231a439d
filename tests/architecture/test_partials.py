"""A fragment that htmx asks for is rendered alone: it may use nothing but what the view hands over."""

import ast
import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.test import Client
from pytest_django import Settings

from accounts.models import Person
from proposals.models import Proposal
from rounds.models import Fund, Round
from tests.architecture.house import APPS, python_files, tree_of

SHOUT = "‼ %s ‼"

# template#part -> where it is asked for. Otto, the official, may see all of these.
ASKED_FOR = {
    "proposals/proposal_worklist.html#rows": "/manage/funds/participatiefonds/screening/",
}


def parts_that_views_render() -> set[str]:
    """Return the template#part of every call of ``page(…, part=…)`` in a view."""
    return {
        f"{call.args[1].value!s}#{keyword.value.value!s}"
        for path in python_files(*APPS)
        if "views" in path.parts or path.stem == "views"
        for call in ast.walk(tree_of(path))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "page"
        for keyword in call.keywords
        if keyword.arg == "part" and isinstance(keyword.value, ast.Constant) and isinstance(call.args[1], ast.Constant)
    }


def test_every_part_that_a_view_renders_is_tried() -> None:
    assert parts_that_views_render() == set(ASKED_FOR)


@pytest.mark.parametrize("part", sorted(ASKED_FOR))
def test_a_part_alone_misses_nothing_of_its_page(
    part: str,
    fund: Fund,
    planned_round: Round,
    otto: Person,
    as_person: Callable[[Person | None], Client],
    settings: Settings,
) -> None:
    Proposal.objects.create(round=planned_round, reference="2027-001", title="Een idee", state="submitted")
    shouting: Any = copy.deepcopy(site_settings.TEMPLATES)
    shouting[0]["OPTIONS"]["string_if_invalid"] = SHOUT
    settings.TEMPLATES = shouting

    response = as_person(otto).get(ASKED_FOR[part], headers={"HX-Request": "true"})

    text = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in text
    assert "Een idee" in text
    assert "‼" not in text
