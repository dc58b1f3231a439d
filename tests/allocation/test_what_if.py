from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given, note, settings
from hypothesis import strategies as st

from allocation.model import AllocationError, BallotGroup, BallotKind, Candidate, Instance, UnbrokenTie
from allocation.rules import RULES, allocate
from allocation.what_if import Counted, what_if, what_ifs
from allocation.what_if.search import at_cost, smallest
from allocation.what_if.support import MoreSupport
from tests.allocation.instances import CHEAP_COMMITTEES

#: Rules that never punish a candidate for more support or a lower cost, unless a tick has to move for it.
KIND_RULES = frozenset(
    {"greedy_votes", "greedy_votes_per_cost", "greedy_points", "mes_cost", "mes_cardinality", "phragmen", "majority"}
)

#: Every example runs rules dozens of times.
FEWER = settings(max_examples=settings().max_examples // 5)


def election(budget: int, costs: tuple[int, ...], *ballots: tuple[int, ...]) -> Instance:
    """Approval ballots of one voter each; ties go to the candidate that comes first."""
    return Instance(
        budget=budget,
        candidates=tuple(Candidate(id=str(number), cost=cost) for number, cost in enumerate(costs)),
        groups=tuple(BallotGroup(ballot) for ballot in ballots),
        tie_order=tuple(range(len(costs))),
    )


def taken(instance: Instance, rule: str, position: int) -> bool:
    try:
        return position in allocate(instance, rule).selected
    except AllocationError:
        return False


def test_a_candidate_that_did_not_fit_needed_to_cost_what_was_left_or_to_come_first() -> None:
    instance = election(100, (60, 50), (0,), (0,), (0, 1), ())

    change = what_if(instance, "greedy_votes", 1)

    assert (change.largest_cost, change.extra_support, change.counted) == (40, 3, Counted.SUPPORTERS)


def test_what_costs_more_than_there_is_needed_to_be_cheaper_and_no_support_would_help() -> None:
    instance = election(100, (60, 150), (0,), (0,), ())

    change = what_if(instance, "greedy_votes", 1)

    assert (change.largest_cost, change.extra_support) == (40, None)


def test_extra_supporters_are_voters_who_were_not_in_favour() -> None:
    instance = election(100, (60, 50), (0,), (0,), (1,), (), ())

    change = what_if(instance, "greedy_votes", 1)

    assert change.extra_support == 2  # one more makes a tie, which the first wins


def test_a_candidate_that_was_taken_has_no_what_if() -> None:
    instance = election(100, (60, 50), (0,), (0,), (1,))

    with pytest.raises(ValueError, match="0 was taken"):
        what_if(instance, "greedy_votes", 0)


def test_a_voter_who_stepped_back_never_helps() -> None:
    instance = election(100, (60, 50), (0,), (0,), (1,))
    instance = replace(instance, groups=(*instance.groups, *[BallotGroup((), recused=frozenset({1}))] * 5))
    more = MoreSupport.after(instance, 1, allocate(instance, "greedy_votes"))

    assert more.most == 2
    assert all(1 not in group.choices for group in more.with_extra(2).groups if 1 in group.recused)


def test_part_of_a_group_can_help() -> None:
    instance = election(100, (60, 50), (1,))
    instance = replace(instance, groups=(BallotGroup((0,), weight=5), *instance.groups))
    more = MoreSupport.after(instance, 1, allocate(instance, "greedy_votes"))

    assert more.with_extra(2).groups == (
        BallotGroup((0, 1), weight=2),
        BallotGroup((0,), weight=3),
        BallotGroup((1,)),
    )


def test_in_a_choose_one_election_the_tick_moves() -> None:
    instance = replace(election(100, (60, 50), (0,), (0,), (1,)), kind=BallotKind.CHOOSE_ONE)
    more = MoreSupport.after(instance, 1, allocate(instance, "greedy_votes"))

    assert more.with_extra(1).groups == (BallotGroup((1,)), BallotGroup((0,)), BallotGroup((1,)))


def test_a_no_becomes_a_yes() -> None:
    instance = replace(
        election(100, (60, 50)), kind=BallotKind.YES_NO, groups=(BallotGroup((0, 1), (1, -1)), BallotGroup((), ()))
    )
    more = MoreSupport.after(instance, 1, allocate(instance, "greedy_votes"))

    assert more.with_extra(2).groups == (BallotGroup((0, 1), (1, 1)), BallotGroup((1,), (1,)))


def test_points_are_added_in_turns_up_to_the_most_that_anyone_gave() -> None:
    instance = replace(
        election(100, (60, 50)), kind=BallotKind.POINTS, groups=(BallotGroup((0,), (3,), 2), BallotGroup((1,), (2,)))
    )
    more = MoreSupport.after(instance, 1, allocate(instance, "greedy_points"))

    assert more.counted is Counted.POINTS
    assert more.most == 7
    assert more.with_extra(2).groups == (BallotGroup((0, 1), (3, 1), 2), BallotGroup((1,), (2,)))
    assert more.with_extra(4).groups == (
        BallotGroup((0, 1), (3, 2)),
        BallotGroup((0, 1), (3, 1)),
        BallotGroup((1,), (3,)),
    )
    assert more.with_extra(7).groups == (BallotGroup((0, 1), (3, 3), 2), BallotGroup((1,), (3,)))


def test_a_committee_score_is_raised_by_those_who_gave_one() -> None:
    instance = replace(
        election(100, (60, 50)), kind=BallotKind.SCORES, groups=(BallotGroup((0,), (5,)), BallotGroup((0, 1), (4, 3)))
    )
    more = MoreSupport.after(instance, 1, allocate(instance, "greedy_points"))

    assert more.most == 2
    assert more.with_extra(2).groups == (BallotGroup((0,), (5,)), BallotGroup((0, 1), (4, 5)))


def test_more_in_the_pots_comes_from_who_did_not_give_everything_away() -> None:
    instance = replace(
        election(100, (60, 50)),
        kind=BallotKind.POT,
        groups=(BallotGroup((0,), (100,)), BallotGroup((0, 1), (60, 10), 2), BallotGroup((), ())),
    )
    more = MoreSupport.after(instance, 1, allocate(instance, "average_pot"))

    assert more.counted is Counted.MONEY
    assert more.most == 30 + 30 + 100
    assert more.with_extra(45).groups == (
        BallotGroup((0,), (100,)),
        BallotGroup((0, 1), (60, 40)),
        BallotGroup((0, 1), (60, 25)),
        BallotGroup((), ()),
    )


def test_a_lower_cost_lowers_the_least_amount_with_it() -> None:
    instance = election(100, (60, 50), (0,))
    instance = replace(instance, candidates=(instance.candidates[0], Candidate("1", cost=50, minimum=40)))

    assert at_cost(instance, 1, 45).candidates[1] == Candidate("1", cost=45, minimum=40)
    assert at_cost(instance, 1, 30).candidates[1] == Candidate("1", cost=30, minimum=30)


@given(
    st.integers(1, 60).flatmap(lambda most: st.tuples(st.just(most), st.integers(1, most + 1))), st.integers(-5, 100)
)
def test_the_search_finds_the_smallest_step_from_any_guess(bounds: tuple[int, int], guess: int) -> None:
    most, first = bounds
    tried: list[int] = []

    def works(step: int) -> bool:
        assert 1 <= step <= most
        assert step not in tried
        tried.append(step)
        return step >= first

    assert smallest(works, most=most, guess=guess) == (first if first <= most else None)


def test_the_search_takes_two_runs_when_the_guess_is_right() -> None:
    tried: list[int] = []

    def works(step: int) -> bool:
        tried.append(step)
        return step >= 700

    assert smallest(works, most=1_000_000, guess=700) == 700
    assert len(tried) == 2


@given(CHEAP_COMMITTEES)
@FEWER
def test_every_what_if_is_true_and_one_step_short_of_it_is_not(instance: Instance) -> None:
    for rule in RULES:
        if instance.kind not in RULES[rule].kinds:
            continue
        try:
            outcome = allocate(instance, rule)
        except UnbrokenTie:
            continue
        for position, change in what_ifs(instance, rule, outcome).items():
            note(f"{rule} {change}")
            more = MoreSupport.after(instance, position, outcome)
            extra = more.most + 1 if change.extra_support is None else change.extra_support
            assert extra > more.most or taken(more.with_extra(extra), rule, position)
            assert extra < 2 or not taken(more.with_extra(extra - 1), rule, position)
            cost = change.largest_cost or 0
            assert cost < 1 or taken(at_cost(instance, position, cost), rule, position)
            assert cost + 1 >= instance.candidates[position].cost or not taken(
                at_cost(instance, position, cost + 1), rule, position
            )


@given(CHEAP_COMMITTEES, st.data())
@FEWER
def test_for_most_rules_nothing_smaller_would_have_been_enough(instance: Instance, data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(sorted(KIND_RULES & RULES.keys())))
    assume(instance.kind in RULES[rule].kinds and instance.kind is not BallotKind.CHOOSE_ONE)
    assume(instance.tie_order is not None)
    outcome = allocate(instance, rule)
    left = [line.position for line in outcome.trace if not line.taken]
    assume(left)
    position = data.draw(st.sampled_from(left))
    more = MoreSupport.after(instance, position, outcome)

    change = what_if(instance, rule, position, outcome)

    extras = (extra for extra in range(1, more.most + 1) if taken(more.with_extra(extra), rule, position))
    assert change.extra_support == next(extras, None)
    costs = range(instance.candidates[position].cost - 1, 0, -1)
    assert change.largest_cost == next(
        (c for c in costs if taken(at_cost(instance, position, c), rule, position)), None
    )


def test_points_of_parts_are_counted_in_parts() -> None:
    instance = replace(
        election(100, (60, 50)),
        kind=BallotKind.POINTS,
        value_scale=10,
        groups=(BallotGroup((0,), (30,)), BallotGroup((1,), (25,))),
    )

    assert what_if(instance, "greedy_points", 1).extra_support == 6
    assert allocate(instance, "greedy_points").trace[1].score == Fraction(5, 2)
