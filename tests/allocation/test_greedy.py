"""The greedy rules, in small elections that can be counted by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from allocation import (
    BallotGroup,
    BallotKind,
    Candidate,
    Instance,
    Reason,
    UnbrokenTie,
    UnknownRule,
    UnsuitableBallots,
    allocate,
)
from allocation.rules.greedy import Order, greedy


def election(
    budget: int,
    costs: list[int],
    votes: list[int],
    *,
    ties: tuple[int, ...] | None = None,
    unbroken: bool = False,
    minimums: list[int | None] | None = None,
    threshold: int | None = None,
    exclusions: tuple[frozenset[int], ...] = (),
) -> Instance:
    """``votes`` voters tick one candidate each."""
    minimums = minimums or [None] * len(costs)
    return Instance(
        budget=budget,
        candidates=tuple(
            Candidate(chr(ord("a") + position), cost, minimum=minimum)
            for position, (cost, minimum) in enumerate(zip(costs, minimums, strict=True))
        ),
        groups=tuple(BallotGroup((position,), (), number) for position, number in enumerate(votes)),
        tie_order=None if unbroken else ties or tuple(range(len(costs))),
        threshold=threshold,
        exclusions=exclusions,
    )


def reasons(instance: Instance, rule: str) -> list[Reason]:
    return [line.reason for line in allocate(instance, rule).trace]


def test_most_votes_go_first_and_what_does_not_fit_is_skipped() -> None:
    instance = election(100, [50, 60, 40, 10], [9, 8, 7, 6])

    outcome = allocate(instance, "greedy_votes")

    assert outcome.rule == "greedy_votes"
    assert outcome.selected == (0, 2, 3)
    assert outcome.amounts == (50, 0, 40, 10)
    assert outcome.spent == 100
    assert reasons(instance, "greedy_votes") == [Reason.TAKEN, Reason.DOES_NOT_FIT, Reason.TAKEN, Reason.TAKEN]


def test_the_trace_says_what_there_was_and_what_it_took() -> None:
    instance = election(100, [50, 60, 40], [9, 8, 7])

    taken, left, last = allocate(instance, "greedy_votes").trace

    assert (taken.step, taken.support, taken.eligible, taken.score) == (1, 9, 24, Fraction(9))
    assert (taken.needed, taken.available, taken.amount) == (50, Fraction(100), 50)
    assert (left.step, left.needed, left.available, left.amount) == (None, 60, Fraction(50), 0)
    assert (last.step, last.available) == (2, Fraction(50))


def test_what_is_dearer_than_the_budget_is_named_as_such() -> None:
    assert reasons(election(100, [101, 100], [9, 1]), "greedy_votes") == [Reason.DEARER_THAN_BUDGET, Reason.TAKEN]


def test_what_nobody_wants_comes_last_and_is_taken_when_it_fits() -> None:
    assert allocate(election(100, [60, 40], [0, 1]), "greedy_votes").selected == (1, 0)


def test_what_is_free_is_taken() -> None:
    assert allocate(election(10, [10, 0], [2, 1]), "greedy_votes").selected == (0, 1)


def test_the_tie_order_decides_between_equals_and_the_loser_knows_to_whom() -> None:
    outcome = allocate(election(60, [50, 50], [3, 3], ties=(1, 0)), "greedy_votes")

    assert outcome.selected == (1,)
    assert outcome.trace[0].beaten_by == 1


def test_an_unbroken_tie_is_an_error_that_names_the_tied() -> None:
    with pytest.raises(UnbrokenTie, match="exactly tied, and no tie-break is given: a, c") as raised:
        allocate(election(60, [50, 50, 50], [3, 1, 3], unbroken=True), "greedy_votes")

    assert raised.value.positions == (0, 2)


def test_equals_of_which_one_does_not_fit_are_no_tie() -> None:
    assert allocate(election(60, [50, 70], [3, 3], unbroken=True), "greedy_votes").selected == (0,)


def test_votes_per_cost_prefers_the_cheap_and_takes_what_is_free_first() -> None:
    instance = election(100, [80, 20, 0], [9, 5, 0])

    outcome = allocate(instance, "greedy_votes_per_cost")

    assert outcome.selected == (2, 1, 0)
    assert outcome.trace[1].score == Fraction(5, 20)


def test_votes_per_cost_is_per_euro_whatever_the_unit() -> None:
    instance = replace(election(10_000, [8_000, 2_000], [9, 5]), scale=100)

    assert allocate(instance, "greedy_votes_per_cost").trace[1].score == Fraction(5, 20)


def test_a_threshold_drops_candidates_only_in_the_rules_that_have_one() -> None:
    instance = election(100, [50, 50], [9, 4], threshold=5)

    assert allocate(instance, "greedy_votes").selected == (0, 1)
    assert allocate(instance, "greedy_votes_threshold").selected == (0,)
    assert reasons(instance, "greedy_votes_threshold")[1] == Reason.BELOW_THRESHOLD
    assert allocate(election(100, [50, 50], [9, 4]), "greedy_votes_threshold").selected == (0, 1)


def test_without_skipping_the_rule_stops_at_the_first_that_does_not_fit() -> None:
    instance = election(100, [50, 60, 40], [9, 8, 7])

    assert allocate(instance, "greedy_votes_no_skip").selected == (0,)
    assert reasons(instance, "greedy_votes_no_skip") == [Reason.TAKEN, Reason.DOES_NOT_FIT, Reason.STOPPED]


def test_without_skipping_a_tie_with_what_would_stop_the_rule_is_a_tie() -> None:
    with pytest.raises(UnbrokenTie):
        allocate(election(60, [50, 70], [3, 3], unbroken=True), "greedy_votes_no_skip")


def test_what_is_left_goes_to_the_first_that_can_do_with_it() -> None:
    instance = election(100, [50, 60, 70, 10], [9, 8, 7, 6], minimums=[None, 51, 30, None])

    outcome = allocate(instance, "greedy_votes_partial")

    assert outcome.selected == (0, 2)
    assert outcome.amounts == (50, 0, 50, 0)
    assert reasons(instance, "greedy_votes_partial") == [
        Reason.TAKEN,
        Reason.DOES_NOT_FIT,
        Reason.TAKEN_IN_PART,
        Reason.STOPPED,
    ]


def test_nothing_is_left_for_part_of_a_candidate_when_the_budget_is_used_up() -> None:
    instance = election(50, [50, 60], [9, 8], minimums=[None, 0])

    assert allocate(instance, "greedy_votes_partial").selected == (0,)


def test_of_candidates_that_exclude_each_other_only_the_first_is_taken() -> None:
    instance = election(100, [50, 20, 20], [9, 8, 7], exclusions=(frozenset({0, 1}),))

    outcome = allocate(instance, "greedy_votes")

    assert outcome.selected == (0, 2)
    assert (outcome.trace[1].reason, outcome.trace[1].beaten_by) == (Reason.EXCLUDED, 0)


def test_candidates_that_exclude_another_than_what_was_taken_are_free_to_go() -> None:
    instance = election(100, [50, 20, 20], [9, 8, 7], exclusions=(frozenset({1, 2}),))

    assert allocate(instance, "greedy_votes").selected == (0, 1)


def test_support_is_a_part_of_those_who_were_allowed_to_vote() -> None:
    # Two of three for a; two of two for b, from which one voter stepped back.
    instance = Instance(
        budget=10,
        candidates=(Candidate("a", 10), Candidate("b", 10)),
        groups=(BallotGroup((0, 1), (), 2), BallotGroup((), (), 1, frozenset({1}))),
        tie_order=(0, 1),
    )

    outcome = allocate(instance, "greedy_votes")

    assert outcome.selected == (1,)
    assert [line.score for line in outcome.trace] == [2, 3]
    assert [line.eligible for line in outcome.trace] == [3, 2]


def test_what_everybody_stepped_back_from_has_no_support() -> None:
    instance = Instance(10, (Candidate("a", 20),), (BallotGroup((), (), 2, frozenset({0})),), tie_order=(0,))

    line = allocate(instance, "greedy_votes").trace[0]

    assert (line.eligible, line.score) == (0, Fraction(0))


def valued(kind: BallotKind, *ballots: dict[int, int], value_scale: int = 1) -> Instance:
    return Instance(
        budget=10,
        candidates=(Candidate("a", 10), Candidate("b", 10)),
        groups=tuple(BallotGroup(tuple(ballot), tuple(ballot.values())) for ballot in ballots),
        kind=kind,
        tie_order=(0, 1),
        value_scale=value_scale,
    )


def test_points_are_added_up() -> None:
    outcome = allocate(valued(BallotKind.POINTS, {0: 1, 1: 3}, {0: 1}, value_scale=2), "greedy_points")

    assert outcome.selected == (1,)
    assert [line.score for line in outcome.trace] == [1, Fraction(3, 2)]
    assert [line.support for line in outcome.trace] == [2, 1]


def test_a_ranking_counts_by_borda() -> None:
    assert [line.score for line in allocate(valued(BallotKind.RANKING, {0: 1, 1: 2}), "greedy_points").trace] == [1, 2]


def test_pots_count_by_the_money_they_give() -> None:
    assert allocate(valued(BallotKind.POT, {0: 1, 1: 9}, {0: 7}), "greedy_points").selected == (1,)


def test_scores_count_by_their_mean_among_those_who_scored() -> None:
    outcome = allocate(valued(BallotKind.SCORES, {0: 3, 1: 4}, {0: 3}, {}), "greedy_points")

    assert outcome.selected == (1,)
    assert [line.score for line in outcome.trace] == [3, 4]


def test_only_yes_is_a_vote_in_favour() -> None:
    outcome = allocate(valued(BallotKind.YES_NO, {0: 1, 1: -1}, {0: 0, 1: -1}, {1: 1}), "greedy_votes")

    assert [line.support for line in outcome.trace] == [1, 1]


@pytest.mark.parametrize("rule", ["greedy_points", "greedy_points_threshold", "greedy_points_no_skip"])
def test_points_cannot_be_counted_where_there_are_none(rule: str) -> None:
    with pytest.raises(
        UnsuitableBallots, match=f"^the rule {rule} cannot count ballots of the kind approval; it counts"
    ):
        allocate(election(10, [1], [1]), rule)


def test_the_rule_itself_refuses_them_too() -> None:
    with pytest.raises(UnsuitableBallots, match="there are no points on ballots of the kind approval"):
        greedy(election(10, [1], [1]), "greedy_points", Order.POINTS)


def test_an_unknown_rule_is_told_which_there_are() -> None:
    with pytest.raises(
        UnknownRule, match=r"^there is no rule called 'gready'; choose one of greedy_votes, .*, declared$"
    ):
        allocate(election(10, [1], [1]), "gready")


# Hardly an election ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("voters", [0, 1])
@pytest.mark.parametrize("ticks", [(), (0, 1)])
def test_no_ballots_blank_ballots_and_one_voter_all_have_an_outcome(voters: int, ticks: tuple[int, ...]) -> None:
    instance = Instance(
        10, (Candidate("a", 6), Candidate("b", 6)), (BallotGroup(ticks, (), 1),) * voters, tie_order=(1, 0)
    )

    assert allocate(instance, "greedy_votes").selected == (1,)


def test_nothing_to_choose_from_is_an_outcome_too() -> None:
    outcome = allocate(Instance(10, (), (), tie_order=()), "greedy_votes")

    assert (outcome.selected, outcome.amounts, outcome.trace) == ((), (), ())
