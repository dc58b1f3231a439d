"""Majority per proposal, in small elections that can be counted by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from allocation import BallotGroup, BallotKind, Candidate, Instance, Reason, UnbrokenTie, UnsuitableBallots, allocate
from allocation.rules.majority import majority

YES, NO, ABSTAIN = 1, -1, 0


def vote(
    *answers: list[int | None],
    budget: int = 100,
    costs: tuple[int, ...] = (10, 10),
    quorum: Fraction | None = None,
    needed: Fraction = Fraction(1, 2),
    ties: tuple[int, ...] | None = (0, 1),
    recused: frozenset[int] = frozenset(),
) -> Instance:
    """One ballot for each list of answers, None for no answer; the last voter stepped back from ``recused``."""
    groups = []
    for number, ballot in enumerate(answers, start=1):
        given = {position: answer for position, answer in enumerate(ballot) if answer is not None}
        away = recused if number == len(answers) else frozenset()
        groups.append(BallotGroup(tuple(given), tuple(given.values()), 1, away))
    return Instance(
        budget=budget,
        candidates=tuple(Candidate("ab"[position], cost) for position, cost in enumerate(costs)),
        groups=tuple(groups),
        kind=BallotKind.YES_NO,
        tie_order=ties,
        quorum=quorum,
        majority=needed,
    )


def reasons(instance: Instance) -> list[Reason]:
    return [line.reason for line in allocate(instance, "majority").trace]


def test_more_yes_than_no_is_a_majority_and_as_many_is_none() -> None:
    assert reasons(vote([YES, YES], [YES, NO], [NO, None])) == [Reason.TAKEN, Reason.NO_MAJORITY]


def test_abstentions_and_blanks_count_for_neither_side() -> None:
    assert reasons(vote([YES, ABSTAIN], [ABSTAIN, YES], [None, NO], [None, YES])) == [Reason.TAKEN, Reason.TAKEN]


def test_nobody_in_favour_is_no_majority() -> None:
    assert reasons(vote([ABSTAIN, None])) == [Reason.NO_MAJORITY, Reason.NO_MAJORITY]


def test_a_larger_majority_can_be_asked_for() -> None:
    answers: list[list[int | None]] = [[YES, YES], [YES, YES], [NO, YES]]

    assert reasons(vote(*answers, needed=Fraction(2, 3))) == [Reason.NO_MAJORITY, Reason.TAKEN]


def test_a_quorum_counts_every_answer_abstaining_too() -> None:
    answers: list[list[int | None]] = [[YES, YES], [None, ABSTAIN], [None, None], [None, None]]

    assert reasons(vote(*answers, quorum=Fraction(1, 2))) == [Reason.NO_QUORUM, Reason.TAKEN]


def test_who_stepped_back_does_not_count_for_the_quorum() -> None:
    instance = vote([YES, YES], [None, None], [None, YES], quorum=Fraction(1, 2), recused=frozenset({0}))

    assert reasons(instance) == [Reason.TAKEN, Reason.TAKEN]


def test_the_largest_margin_goes_first() -> None:
    instance = vote([YES, YES], [YES, YES], [NO, YES], budget=10)

    outcome = allocate(instance, "majority")

    assert outcome.selected == (1,)
    assert [line.score for line in outcome.trace] == [1, 3]
    assert outcome.trace[0].reason == Reason.DOES_NOT_FIT


def test_a_margin_is_a_part_of_those_who_were_allowed_to_vote() -> None:
    # 2 of 3 for a; 2 of 2 for b.
    instance = vote([YES, YES], [YES, YES], [None, None], budget=10, recused=frozenset({1}))

    assert allocate(instance, "majority").selected == (1,)


def test_equal_margins_without_a_tie_order_are_an_error() -> None:
    with pytest.raises(UnbrokenTie):
        allocate(vote([YES, YES], ties=None), "majority")


def test_where_people_only_tick_not_ticking_is_a_no() -> None:
    instance = Instance(
        100,
        (Candidate("a", 10), Candidate("b", 10)),
        (BallotGroup((0, 1), (), 2), BallotGroup((0,)), BallotGroup(())),
        tie_order=(0, 1),
    )

    outcome = allocate(instance, "majority")

    assert outcome.selected == (0,)
    assert [line.score for line in outcome.trace] == [2, 0]


def test_ballots_on_which_nobody_can_say_no_have_no_majority() -> None:
    instance = Instance(1, (Candidate("a", 1),), (), kind=BallotKind.POINTS)

    with pytest.raises(UnsuitableBallots, match="the rule majority cannot count ballots of the kind points"):
        allocate(instance, "majority")
    with pytest.raises(UnsuitableBallots, match="nobody can say no on ballots of the kind points"):
        majority(instance)


def test_no_ballots_are_no_majority() -> None:
    assert reasons(vote()) == [Reason.NO_MAJORITY, Reason.NO_MAJORITY]
