"""The rule that an election declares, by the words of Pabulib."""

from __future__ import annotations

from dataclasses import replace

import pytest

from allocation import BallotGroup, BallotKind, Candidate, Instance, UnknownRule, allocate
from allocation.rules import can_repeat, resolve

ELECTION = Instance(
    budget=100,
    candidates=(Candidate("b", 60), Candidate("a", 60)),
    groups=(BallotGroup((0, 1), (2, 2)),),
    tie_order=(1, 0),
)


@pytest.mark.parametrize(
    ("declared", "kind", "rule"),
    [
        ("greedy", BallotKind.APPROVAL, "greedy_votes"),
        ("greedy", BallotKind.CHOOSE_ONE, "greedy_votes"),
        ("greedy", BallotKind.YES_NO, "greedy_votes"),
        ("greedy", BallotKind.POINTS, "greedy_points"),
        ("greedy", BallotKind.RANKING, "greedy_points"),
        ("greedy-exclusive", BallotKind.APPROVAL, "greedy_votes"),
        ("greedy-threshold", BallotKind.APPROVAL, "greedy_votes_threshold"),
        ("greedy-threshold", BallotKind.POINTS, "greedy_points_threshold"),
        ("greedy-no-skip", BallotKind.APPROVAL, "greedy_votes_no_skip"),
        ("greedy-custom", BallotKind.APPROVAL, "greedy_votes_no_skip"),
        ("equalshares", BallotKind.APPROVAL, "mes_cost"),
        ("equalshares/add1", BallotKind.APPROVAL, "mes_cost_add1"),
        ("equalshares-comparison", BallotKind.APPROVAL, "mes_cost_compared"),
        ("equalshares/add1-comparison", BallotKind.APPROVAL, "mes_cost_add1_compared"),
        ("welfare_cost", BallotKind.APPROVAL, "welfare_cost"),
    ],
)
def test_every_word_has_its_rule(declared: str, kind: BallotKind, rule: str) -> None:
    instance = replace(ELECTION, declared_rule=declared, kind=kind)

    assert can_repeat(instance)
    assert resolve(instance, "declared")[0].name == rule


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("", "this election declares no rule, which cannot be repeated; choose one of average_pot, "),
        ("unknown", "this election declares the rule 'unknown', which cannot be repeated; choose one of average_pot, "),
        (
            "declared",
            "this election declares the rule 'declared', which cannot be repeated; choose one of average_pot, ",
        ),
    ],
)
def test_what_is_not_known_is_an_error_that_says_what_is(declared: str, said: str) -> None:
    instance = replace(ELECTION, declared_rule=declared)

    assert not can_repeat(instance)
    with pytest.raises(UnknownRule) as raised:
        allocate(instance, "declared")
    assert str(raised.value).startswith(said)


def test_ties_go_by_the_order_of_the_file_unless_it_says_so_itself() -> None:
    instance = replace(ELECTION, declared_rule="greedy")

    assert allocate(instance, "declared").selected == (1,)
    assert allocate(replace(instance, meta={"rule": "greedy"}), "declared").selected == (0,)
    assert allocate(replace(instance, meta={"rule": "greedy", "tie_order": "a,b"}), "declared").selected == (1,)


def crowd(large: int, small: int) -> Instance:
    """A large project with many votes against two small ones that equal shares prefers."""
    return Instance(
        budget=100,
        candidates=(Candidate("large", 100), Candidate("small", 30)),
        groups=(BallotGroup((0,), (), large), BallotGroup((1,), (), small)),
        tie_order=(0, 1),
        declared_rule="equalshares-comparison",
    )


def test_equal_shares_stays_when_as_many_prefer_it() -> None:
    outcome = allocate(crowd(5, 5), "declared")

    assert (outcome.rule, outcome.selected) == ("mes_cost_compared", (1,))


def test_greedy_comes_instead_when_more_voters_prefer_that() -> None:
    outcome = allocate(crowd(6, 5), "declared")

    assert (outcome.rule, outcome.selected) == ("mes_cost_compared", (0,))


def test_voters_that_lose_nothing_do_not_count_in_the_comparison() -> None:
    instance = crowd(6, 5)
    indifferent = replace(instance, groups=(*instance.groups, BallotGroup((), (), 100)), kind=BallotKind.APPROVAL)

    assert allocate(indifferent, "declared").selected == (0,)
