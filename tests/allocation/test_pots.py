"""The average of the pots, in small committees that can be counted by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given

from allocation import BallotGroup, BallotKind, Candidate, Instance, Reason, UnbrokenTie, UnsuitableBallots, allocate
from allocation.rules import RULES
from allocation.rules.pots import average_pot
from tests.allocation.instances import instances


def pots(
    *ballots: dict[int, int],
    budget: int = 100,
    costs: tuple[int, ...] = (100, 100, 100),
    minimums: tuple[int | None, ...] = (0, 0, 0),
    ties: tuple[int, ...] | None = (0, 1, 2),
    recused: frozenset[int] = frozenset(),
) -> Instance:
    """One ballot for each pot; the last voter stepped back from ``recused``."""
    return Instance(
        budget=budget,
        candidates=tuple(
            Candidate("abc"[position], cost, minimum=minimum)
            for position, (cost, minimum) in enumerate(zip(costs, minimums, strict=True))
        ),
        groups=tuple(
            BallotGroup(tuple(ballot), tuple(ballot.values()), 1, recused if number == len(ballots) else frozenset())
            for number, ballot in enumerate(ballots, start=1)
        ),
        kind=BallotKind.POT,
        tie_order=ties,
    )


def test_each_gets_its_average() -> None:
    outcome = allocate(pots({0: 60, 1: 40}, {0: 20, 1: 40, 2: 40}), "average_pot")

    assert outcome.amounts == (40, 40, 20)
    assert outcome.selected == (0, 1, 2)
    assert [line.score for line in outcome.trace] == [40, 40, 20]
    assert {line.reason for line in outcome.trace} == {Reason.TAKEN_IN_PART}


def test_a_blank_pot_pulls_every_average_down_and_the_money_stays() -> None:
    assert allocate(pots({0: 100}, {}), "average_pot").amounts == (50, 0, 0)


def test_who_stepped_back_is_left_out_of_that_average_alone() -> None:
    outcome = allocate(pots({0: 40, 1: 40}, {0: 40}, recused=frozenset({1})), "average_pot")

    assert outcome.amounts == (40, 40, 0)
    assert outcome.trace[1].eligible == 1


def test_nobody_gets_more_than_it_costs_and_the_rest_goes_to_the_others() -> None:
    outcome = allocate(pots({0: 60, 1: 20, 2: 20}, costs=(30, 100, 100)), "average_pot")

    assert outcome.amounts == (30, 35, 35)
    assert outcome.trace[0].reason == Reason.TAKEN


def test_what_stays_under_its_minimum_drops_out_and_leaves_its_money_to_the_others() -> None:
    outcome = allocate(pots({0: 60, 1: 30, 2: 10}, minimums=(0, 0, 20)), "average_pot")

    assert outcome.amounts == (67, 33, 0)
    assert (outcome.trace[2].reason, outcome.trace[2].available, outcome.trace[2].needed) == (
        Reason.BELOW_MINIMUM,
        Fraction(10),
        20,
    )


def test_the_one_furthest_off_drops_out_first_which_can_save_the_next() -> None:
    outcome = allocate(pots({0: 40, 1: 35, 2: 25}, minimums=(0, 40, 50)), "average_pot")

    assert outcome.amounts == (53, 47, 0)


def test_all_or_nothing_means_the_whole_cost_or_nothing() -> None:
    outcome = allocate(pots({0: 60, 1: 40}, costs=(100, 40, 100), minimums=(None, None, None)), "average_pot")

    assert outcome.amounts == (0, 40, 0)


def test_of_those_that_are_equally_far_off_the_last_in_the_tie_order_drops_out() -> None:
    instance = pots({0: 50, 1: 50}, minimums=(60, 60, 0), ties=(1, 0, 2))

    assert allocate(instance, "average_pot").amounts == (0, 100, 0)


def test_without_a_budget_all_are_equally_far_off() -> None:
    instance = pots({0: 60, 1: 40}, budget=0, minimums=(50, 50, 0))

    assert allocate(instance, "average_pot").amounts == (0, 0, 0)


def test_equally_far_off_without_a_tie_order_is_an_error() -> None:
    with pytest.raises(UnbrokenTie, match="a, b"):
        allocate(pots({0: 50, 1: 50}, minimums=(60, 60, 0), ties=None), "average_pot")


def test_units_that_are_left_go_to_the_largest_remainders() -> None:
    instance = pots({0: 50, 1: 26, 2: 24}, {0: 50, 1: 25, 2: 25}, {0: 49, 1: 25, 2: 26})

    assert allocate(instance, "average_pot").trace[1].available == Fraction(76, 3)
    assert allocate(instance, "average_pot").amounts == (50, 25, 25)


def test_equal_remainders_go_by_the_tie_order_or_are_an_error() -> None:
    half = {0: 51, 1: 49}, {0: 50, 1: 50}

    assert allocate(pots(*half, ties=(1, 0, 2)), "average_pot").amounts == (50, 50, 0)
    with pytest.raises(UnbrokenTie):
        allocate(pots(*half, ties=None), "average_pot")


def test_averages_that_together_pass_the_budget_are_all_made_smaller() -> None:
    # a: 90 of one voter; b: 90 on average of two. Together 135 and more than there is.
    outcome = allocate(pots({0: 90}, {1: 90}, recused=frozenset({0})), "average_pot")

    assert outcome.spent == 100
    assert outcome.amounts == (67, 33, 0)


def test_what_nobody_gave_anything_to_has_no_support() -> None:
    assert allocate(pots({0: 10}), "average_pot").trace[2].reason == Reason.NO_SUPPORT


def test_no_ballots_divide_nothing() -> None:
    assert allocate(pots(), "average_pot").amounts == (0, 0, 0)


def test_other_ballots_do_not_divide_money() -> None:
    with pytest.raises(UnsuitableBallots, match="the rule average_pot cannot count ballots of the kind approval"):
        allocate(Instance(1, (Candidate("a", 1),), ()), "average_pot")
    with pytest.raises(UnsuitableBallots, match="ballots of the kind approval do not divide an amount of money"):
        average_pot(Instance(1, (Candidate("a", 1),), ()))


@given(instances(kinds=(BallotKind.POT,)))
def test_nobody_gets_less_than_it_can_do_with_or_more_than_it_costs_and_the_budget_holds(instance: Instance) -> None:
    try:
        outcome = RULES["average_pot"].run(instance, None)
    except UnbrokenTie:
        return

    assert outcome.spent <= instance.budget
    for candidate, amount in zip(instance.candidates, outcome.amounts, strict=True):
        assert amount == 0 or candidate.least <= amount <= candidate.cost
