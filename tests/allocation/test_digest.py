"""The digest: what it depends on and what not, and that anyone can recompute it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from hashlib import sha256

import pytest

from allocation import BallotGroup, BallotKind, Candidate, Instance, allocate
from allocation.digest import canonical_lines, digest

INSTANCE = Instance(
    budget=100,
    candidates=(Candidate("b", 60, "Bench", 30), Candidate("é", 40)),
    groups=(BallotGroup((0, 1), (), 2), BallotGroup((), (), 1), BallotGroup((1,), (), 1, frozenset({0}))),
    tie_order=(1, 0),
)


def of(instance: Instance, rule: str = "greedy_votes") -> str:
    return digest(instance, allocate(instance, rule))


def test_the_lines_are_what_the_documentation_says() -> None:
    lines = list(canonical_lines(INSTANCE, allocate(INSTANCE, "greedy_votes")))

    assert lines == [
        '["kantelfonds-allocation",1]',
        '["rule","greedy_votes","approval"]',
        '["budget","100"]',
        '["threshold",null]',
        '["quorum",null]',
        '["majority","1/2"]',
        '["candidate","b","60","30"]',
        '["candidate","é","40",null]',
        '["ties",["é","b"]]',
        '["ballot",["b","é"],[],2]',
        '["ballot",["é"],["b"],1]',
        '["ballot",[],[],1]',
        '["taken","é","40"]',
        '["taken","b","60"]',
    ]
    assert of(INSTANCE) == sha256("".join(line + "\n" for line in lines).encode()).hexdigest()


def test_values_and_exclusions_have_their_place() -> None:
    instance = replace(
        INSTANCE,
        kind=BallotKind.POINTS,
        groups=(BallotGroup((0, 1), (25, 10)),),
        value_scale=10,
        exclusions=(frozenset({0, 1}),),
    )

    lines = list(canonical_lines(instance, allocate(instance, "greedy_votes")))

    assert '["ballot",[["b","2.5"],["é","1"]],[],1]' in lines
    assert '["exclusion",["b","é"]]' in lines


@pytest.mark.parametrize(
    "same",
    [
        pytest.param(
            replace(
                INSTANCE,
                budget=10_000,
                scale=100,
                candidates=(Candidate("b", 6_000, minimum=3_000), Candidate("é", 4_000)),
            ),
            id="in cents",
        ),
        pytest.param(replace(INSTANCE, groups=INSTANCE.groups[::-1]), id="rows in another order"),
        pytest.param(
            replace(INSTANCE, groups=(BallotGroup((0, 1)), *INSTANCE.groups[1:], BallotGroup((0, 1)))), id="ungrouped"
        ),
        pytest.param(replace(INSTANCE, groups=(*INSTANCE.groups, BallotGroup((0,), (), 0))), id="a group of nobody"),
        pytest.param(
            Instance(
                budget=100,
                candidates=INSTANCE.candidates[::-1],
                groups=(BallotGroup((0, 1), (), 2), BallotGroup((), (), 1), BallotGroup((0,), (), 1, frozenset({1}))),
                tie_order=(0, 1),
            ),
            id="candidates in another order",
        ),
        pytest.param(replace(INSTANCE, meta={"description": "Test"}), id="more words about it"),
        pytest.param(replace(INSTANCE, candidates=(Candidate("b", 60, "Bank", 30), Candidate("é", 40))), id="a name"),
    ],
)
def test_what_cannot_change_the_outcome_does_not_change_the_digest(same: Instance) -> None:
    assert of(same) == of(INSTANCE)


@pytest.mark.parametrize(
    "other",
    [
        replace(INSTANCE, budget=101),
        replace(INSTANCE, candidates=(Candidate("b", 61, minimum=30), Candidate("é", 39))),
        replace(INSTANCE, candidates=(Candidate("b", 60), Candidate("é", 40))),
        replace(INSTANCE, tie_order=(0, 1)),
        replace(INSTANCE, tie_order=None),
        replace(INSTANCE, threshold=1),
        replace(INSTANCE, quorum=Fraction(1, 2)),
        replace(INSTANCE, majority=Fraction(2, 3)),
        replace(INSTANCE, groups=INSTANCE.groups[:2]),
        replace(INSTANCE, groups=(*INSTANCE.groups[:2], BallotGroup((1,)))),
        replace(INSTANCE, exclusions=(frozenset({0, 1}),)),
    ],
)
def test_what_can_change_the_outcome_changes_the_digest(other: Instance) -> None:
    assert of(other) != of(INSTANCE)


def test_the_rule_and_the_outcome_change_the_digest() -> None:
    outcome = allocate(INSTANCE, "greedy_votes")

    assert digest(INSTANCE, replace(outcome, rule="welfare_votes")) != of(INSTANCE)
    assert digest(INSTANCE, replace(outcome, amounts=(30, 40))) != of(INSTANCE)
