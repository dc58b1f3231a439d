"""The set that is worth most, held against trying every set there is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocation import AllocationError, BallotGroup, Candidate, Instance, Reason, UnbrokenTie, allocate
from allocation.rules import welfare
from tests.allocation.test_greedy import election


@st.composite
def hard_choices(draw: st.DrawFn) -> Instance:
    """Few different costs and votes, so that many sets are equally good."""
    count = draw(st.integers(1, 9))
    costs = draw(st.lists(st.integers(0, draw(st.sampled_from((3, 20, 500)))), min_size=count, max_size=count))
    votes = draw(st.lists(st.integers(0, draw(st.sampled_from((2, 9)))), min_size=count, max_size=count))
    instance = election(draw(st.integers(0, sum(costs) + 1)), costs, votes)
    return replace(instance, tie_order=tuple(draw(st.permutations(range(count)))))


def by_trying_everything(instance: Instance, worth: list[Fraction]) -> set[int]:
    """The best set by worth, then by cost, then by the tie order."""
    assert instance.tie_order is not None
    votes = [group.weight for group in instance.groups]
    wanted = [position for position in instance.tie_order if votes[position]]
    sets = [
        [position for place, position in enumerate(wanted) if bits >> place & 1] for bits in range(2 ** len(wanted))
    ]

    def key(chosen: list[int]) -> tuple[Fraction, int, list[bool]]:
        total = sum((worth[position] for position in chosen), Fraction(0))
        return total, -cost(chosen), [position in chosen for position in wanted]

    def cost(chosen: list[int]) -> int:
        return sum(instance.candidates[position].cost for position in chosen)

    fitting: list[list[int]] = [chosen for chosen in sets if cost(chosen) <= instance.budget]
    best = max(fitting, key=key)
    return set(best)


@given(hard_choices())
def test_no_set_has_more_votes(instance: Instance) -> None:
    worth = [Fraction(group.weight) for group in instance.groups]

    assert set(allocate(instance, "welfare_votes").selected) == by_trying_everything(instance, worth)


@given(hard_choices())
def test_no_set_has_more_votes_times_cost(instance: Instance) -> None:
    worth = [
        Fraction(group.weight * candidate.cost)
        for group, candidate in zip(instance.groups, instance.candidates, strict=True)
    ]

    free = {position for position, candidate in enumerate(instance.candidates) if not candidate.cost}
    assert set(allocate(instance, "welfare_cost").selected) - free == by_trying_everything(instance, worth) - free


def test_two_small_wishes_can_weigh_more_than_a_large_one() -> None:
    outcome = allocate(election(100, [100, 50, 50], [5, 3, 3]), "welfare_votes")

    assert outcome.selected == (1, 2)
    assert [line.reason for line in outcome.trace] == [Reason.NOT_IN_BEST_SET, Reason.TAKEN, Reason.TAKEN]


def test_votes_times_cost_would_rather_use_the_money() -> None:
    assert allocate(election(100, [100, 50, 40], [5, 5, 4]), "welfare_cost").selected == (0,)


def test_the_order_is_that_of_worth() -> None:
    outcome = allocate(election(100, [30, 40, 30], [2, 3, 4]), "welfare_votes")

    assert outcome.selected == (2, 1, 0)
    assert [line.step for line in outcome.trace] == [3, 2, 1]


def test_of_equal_sets_the_cheapest_wins_and_then_the_tie_order() -> None:
    assert allocate(election(10, [10, 9], [3, 3]), "welfare_votes").selected == (1,)
    assert allocate(election(10, [10, 10], [3, 3], ties=(1, 0)), "welfare_votes").selected == (1,)


def test_equal_sets_without_a_tie_order_are_an_error() -> None:
    with pytest.raises(UnbrokenTie, match="a, b, c, d"):
        allocate(election(50, [10, 20, 30, 40], [1, 2, 3, 4], unbroken=True), "welfare_votes")


def test_a_best_set_that_is_the_only_one_needs_no_tie_order() -> None:
    assert allocate(election(10, [10, 9], [3, 3], unbroken=True), "welfare_votes").selected == (1,)


def test_what_nobody_wants_or_is_dearer_than_the_budget_is_left_for_that_reason() -> None:
    trace = allocate(election(10, [0, 11, 10], [0, 9, 1]), "welfare_votes").trace

    assert [line.reason for line in trace] == [Reason.NO_SUPPORT, Reason.DEARER_THAN_BUDGET, Reason.TAKEN]


def test_votes_are_a_part_of_those_who_were_allowed_to_vote() -> None:
    instance = Instance(
        budget=10,
        candidates=(Candidate("a", 10), Candidate("b", 10)),
        groups=(BallotGroup((0, 1), (), 2), BallotGroup((), (), 1, frozenset({1}))),
        tie_order=(0, 1),
    )

    assert allocate(instance, "welfare_votes").selected == (1,)


def test_too_many_nearly_equal_sets_are_refused_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(welfare, "MOST_STATES", 0)

    with pytest.raises(AllocationError, match=r"^there are too many sets that are nearly as good as each other"):
        allocate(election(100, [60, 50, 50], [10, 8, 8]), "welfare_votes")


def test_no_ballots_are_a_set_of_nothing() -> None:
    assert allocate(Instance(10, (Candidate("a", 5),), (), tie_order=(0,)), "welfare_cost").selected == ()
