"""Real elections: every rule gives exactly the known outcome, and the declared rule gives what the city really did.

The elections are not part of the repository. ``PABULIB_DIR`` names a folder with ``expected.json`` and ``elections/``.
"""

from __future__ import annotations

import io
import json
import os
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from allocation import RULES, Instance, UnknownRule, allocate, read_pabulib, write_pabulib
from allocation.amounts import amount_text
from allocation.digest import digest
from allocation.rules import can_repeat, resolve

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("PABULIB_DIR", ROOT.parent / "shared" / "pabulib"))

pytestmark = pytest.mark.skipif(
    not (FOLDER / "expected.json").exists(),
    reason=f"no real elections at {FOLDER}; set PABULIB_DIR to a folder with expected.json and elections/",
)


@lru_cache
def known() -> dict[str, Any]:
    path = FOLDER / "expected.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {"files": {}, "observed": {}}


@lru_cache(maxsize=2)
def election(file: str) -> Instance:
    return read_pabulib(FOLDER / "elections" / file)


def ids(instance: Instance, positions: tuple[int, ...]) -> list[str]:
    return sorted(instance.candidates[position].id for position in positions)


@pytest.mark.parametrize(("file", "rule"), [(file, rule) for file, rules in known()["files"].items() for rule in rules])
def test_every_rule_gives_exactly_the_known_outcome(file: str, rule: str) -> None:
    expected = known()["files"][file][rule]
    instance = election(file)

    outcome = allocate(instance, rule)

    assert outcome.rule == rule
    assert ids(instance, outcome.selected) == expected["selected"]
    assert Decimal(amount_text(outcome.spent, instance.scale)) == Decimal(expected["total_cost"])


def test_every_rule_with_known_outcomes_is_there() -> None:
    assert {rule for rules in known()["files"].values() for rule in rules} <= set(RULES)


@pytest.mark.parametrize("file", [file for file, seen in known()["observed"].items() if seen.get("reproduced_by")])
def test_the_declared_rule_gives_what_the_city_really_funded(file: str) -> None:
    instance = election(file)

    outcome = allocate(instance, "declared")

    assert ids(instance, outcome.selected) == sorted(known()["observed"][file]["selected"])
    assert frozenset(outcome.selected) == instance.reported


@pytest.mark.parametrize("file", known()["observed"])
def test_what_a_file_says_is_read(file: str) -> None:
    seen = known()["observed"][file]
    instance = election(file)

    assert instance.voters == seen["num_votes"]
    assert len(instance.candidates) == seen["num_projects"]
    assert Decimal(amount_text(instance.budget, instance.scale)) == Decimal(seen["budget"])
    assert instance.declared_rule == seen["declared_rule"]
    assert (instance.reported is None) == (seen["selected"] is None)


@pytest.mark.parametrize(
    "file", [file for file, seen in known()["observed"].items() if seen["declared_rule"] == "unknown"]
)
def test_an_election_that_declares_no_known_rule_says_which_there_are(file: str) -> None:
    instance = election(file)

    assert not can_repeat(instance)
    with pytest.raises(
        UnknownRule, match=r"^this election declares the rule 'unknown', .*; choose one of average_pot, "
    ):
        allocate(instance, "declared")


@pytest.mark.parametrize("file", known()["files"])
def test_a_file_that_is_written_back_counts_to_the_same_digest(file: str) -> None:
    instance = election(file)
    rule = "declared" if can_repeat(instance) else "greedy_votes"
    back = io.StringIO()

    write_pabulib(instance, back, allocate(instance, rule))

    assert counted(read_pabulib(back.getvalue()), rule) == counted(instance, rule)


def counted(instance: Instance, rule_name: str) -> str:
    rule, meant = resolve(instance, rule_name)
    return digest(meant, allocate(meant, rule.name))
