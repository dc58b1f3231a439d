"""The method of equal shares: by hand, against a slow version, against real elections, and at the edges."""

from __future__ import annotations

import json
import os
import pickle
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from allocation.model import (
    AllocationError,
    BallotGroup,
    BallotKind,
    Candidate,
    Instance,
    Reason,
    UnbrokenTie,
    UnsuitableBallots,
)
from allocation.pabulib import read_pabulib
from allocation.rules.equal_shares import (
    Completion,
    Utility,
    course,
    electorate,
    equal_shares,
    horizon,
    raising,
    scout,
    trace,
)
from allocation.rules.equal_shares.electorate import Electorate

PABULIB = Path(os.environ.get("PABULIB_DIR", Path(__file__).parents[3] / "shared" / "pabulib"))
RULES = {
    "mes_cost": (Utility.COST, Completion.NONE),
    "mes_cardinality": (Utility.CARDINALITY, Completion.NONE),
    "mes_points": (Utility.POINTS, Completion.NONE),
    "mes_cost_add1": (Utility.COST, Completion.ADD1),
    "mes_cost_add1u": (Utility.COST, Completion.ADD1U),
    "mes_cardinality_add1u": (Utility.CARDINALITY, Completion.ADD1U),
}


def election(
    budget: int,
    costs: Sequence[int],
    ballots: Sequence[Sequence[int]],
    *,
    values: Sequence[Sequence[int]] | None = None,
    kind: BallotKind = BallotKind.APPROVAL,
    scale: int = 1,
    ties: bool = True,
) -> Instance:
    groups = tuple(
        BallotGroup(tuple(ballot), tuple(values[number]) if values else ()) for number, ballot in enumerate(ballots)
    )
    return Instance(
        budget=budget,
        candidates=tuple(Candidate(f"P{position}", cost) for position, cost in enumerate(costs)),
        groups=groups,
        kind=kind,
        scale=scale,
        tie_order=tuple(range(len(costs))) if ties else None,
    )


# A slow version: straight from the definition, one voter at a time, in fractions ------------------------------------


def slow_rate(cost: int, purses: Sequence[tuple[Fraction, int]]) -> Fraction | None:
    """The smallest rate at which these (purse, use) pay the cost together."""
    paid, use = Fraction(0), sum(use for _, use in purses)
    if sum(purse for purse, _ in purses) < cost:
        return None
    for purse, own in sorted(purses, key=lambda one: one[0] / one[1]):
        rate = (cost - paid) / use
        if purse >= rate * own:
            return rate
        paid += purse
        use -= own
    raise AssertionError


def slow_shares(instance: Instance, utility: Utility, endowment: Fraction) -> tuple[list[int], list[list[Fraction]]]:
    """What is selected, and by group what it paid for each of those."""
    use = [
        {
            position: candidate.cost or 1
            if utility is Utility.COST
            else dict(zip(group.choices, group.values, strict=True))[position]
            if utility is Utility.POINTS
            else 1
            for position, candidate in enumerate(instance.candidates)
            if position in group.choices
        }
        for group in instance.groups
    ]
    purses = [endowment] * len(use)
    selected: list[int] = []
    paid: list[list[Fraction]] = [[] for _ in use]
    while True:
        rates = []
        for position, candidate in enumerate(instance.candidates):
            crowd = [
                (purses[number], own[position])
                for number, own in enumerate(use)
                if own.get(position)
                for _ in range(instance.groups[number].weight)
            ]
            if position not in selected and crowd and (rate := slow_rate(candidate.cost, crowd)) is not None:
                rates.append((rate, position))
        if not rates:
            return selected, paid
        rate, chosen = min(rates)
        selected.append(chosen)
        for number, own in enumerate(use):
            share = min(purses[number], rate * own.get(chosen, 0))
            purses[number] -= share
            paid[number].append(share)


def random_election(seed: int, *, points: bool = False) -> Instance:
    """A small committee; round prices two times out of three, so that exact ties are everywhere."""
    dice = random.Random(seed)  # noqa: S311 - not for secrets
    voters, candidates = dice.randint(1, 12), dice.randint(1, 10)
    step = dice.choice([1, 100, 997])
    costs = [dice.randint(0 if seed % 5 == 0 else 1, 30) * step for _ in range(candidates)]
    ballots = [sorted(dice.sample(range(candidates), dice.randint(0, candidates))) for _ in range(voters)]
    values = [[dice.randint(0, 5) for _ in ballot] for ballot in ballots] if points else None
    kind = BallotKind.POINTS if points else BallotKind.APPROVAL
    return election(sum(costs) * dice.randint(1, 4) // 4, costs, ballots, values=values, kind=kind)


@pytest.fixture(params=["lists", "arrays"])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test with the purses of a committee and with those of a city."""
    if request.param == "arrays":
        monkeypatch.setattr(electorate, "ARRAYS_FROM", 0)
        monkeypatch.setattr(trace, "AT_ONCE", 0)
        monkeypatch.setattr(horizon, "_LARGE", 0)
    return str(request.param)


@pytest.mark.usefixtures("either")
@pytest.mark.parametrize("utility", list(Utility))
def test_small_committees_come_out_as_in_fractions(utility: Utility) -> None:
    for seed in range(150):
        instance = random_election(seed, points=utility is Utility.POINTS)
        selected, paid = slow_shares(instance, utility, Fraction(instance.budget, len(instance.groups)))

        outcome = equal_shares(instance, utility=utility)

        assert list(outcome.selected) == selected
        for step, position in enumerate(selected):
            shares = {number: shares[step] for number, shares in enumerate(paid) if shares[step]}
            assert dict(outcome.trace[position].payments) == shares


@pytest.mark.usefixtures("either")
@pytest.mark.parametrize("size", [1, 10**6, 10**9 + 7, 10**11 + 3, 10**16 + 61])
def test_huge_and_tiny_amounts_are_as_exact(size: int) -> None:
    for seed in range(40):
        dice = random.Random(seed)  # noqa: S311 - not for secrets
        costs = [dice.randint(1, 3) * size // dice.randint(1, 3) for _ in range(8)]
        ballots = [sorted(dice.sample(range(8), 4)) for _ in range(dice.randint(1, 9))]
        instance = election(2 * size + seed, costs, ballots)

        outcome = equal_shares(instance)

        assert list(outcome.selected) == slow_shares(instance, Utility.COST, outcome.endowment or Fraction(0))[0]


def nearly_tied(seed: int, *, points: bool = False) -> Instance:
    """Amounts so large that floats cannot see the difference between them, which is one unit."""
    dice = random.Random(seed)  # noqa: S311 - not for secrets
    voters, candidates, large = dice.randint(1, 9), dice.randint(2, 9), 10**20
    costs = [dice.randint(1, 3) * large + dice.randint(-1, 1) for _ in range(candidates)]
    ballots = [sorted(dice.sample(range(candidates), dice.randint(1, min(candidates, 4)))) for _ in range(voters)]
    values = [[dice.randint(0, 3) for _ in ballot] for ballot in ballots] if points else None
    kind = BallotKind.POINTS if points else BallotKind.APPROVAL
    budget = voters * large * dice.randint(1, 3) // dice.randint(1, 2) + dice.randint(-2, 2)
    return election(budget, costs, ballots, values=values, kind=kind)


@pytest.mark.usefixtures("either")
@pytest.mark.parametrize("utility", list(Utility))
def test_differences_that_floats_cannot_see_decide(utility: Utility) -> None:
    for seed in range(200):
        instance = nearly_tied(seed, points=utility is Utility.POINTS)
        selected, paid = slow_shares(instance, utility, Fraction(instance.budget, len(instance.groups)))

        outcome = equal_shares(instance, utility=utility)

        assert list(outcome.selected) == selected
        for step, position in enumerate(selected):
            shares = {number: shares[step] for number, shares in enumerate(paid) if shares[step]}
            assert dict(outcome.trace[position].payments) == shares


@pytest.mark.usefixtures("either")
@pytest.mark.parametrize("utility", list(Utility))
@pytest.mark.parametrize("draw", [random_election, nearly_tied])
def test_jumping_ends_where_stepping_by_one_ends(
    utility: Utility, draw: Callable[..., Instance], monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(40):
        instance = draw(seed, points=utility is Utility.POINTS)
        increment = max(instance.budget // (len(instance.groups) * 50), 1)
        jumped = equal_shares(instance, utility=utility, completion=Completion.ADD1, increment=increment)

        with monkeypatch.context() as patch:
            patch.setattr(raising, "horizon", lambda *_: 1)
            patch.setattr(raising, "_LONGEST_WAIT", 0)
            stepped = equal_shares(instance, utility=utility, completion=Completion.ADD1, increment=increment)

        assert (jumped.selected, jumped.endowment) == (stepped.selected, stepped.endowment)


@pytest.mark.usefixtures("either")
def test_every_endowment_within_the_horizon_has_the_same_course() -> None:
    for seed in range(60):
        electorate = Electorate(random_election(seed), Utility.COST)
        first = course.Course(electorate, electorate.endowment)
        reach = horizon.horizon(first, 1)
        for later in {0, min(1, reach - 1), reach // 2, reach - 1}:
            assert course.Course(electorate, electorate.endowment + later).selected == first.selected


@pytest.mark.usefixtures("either")
def test_a_scout_finds_what_the_course_finds_or_says_it_is_unsure() -> None:
    sure = 0
    for seed in range(200):
        electorate = Electorate(random_election(seed), Utility.CARDINALITY)
        endowment = electorate.endowment + Fraction(seed, 7)
        try:
            found = scout.Scout(electorate, endowment).selected
        except scout.UnsureError:
            continue
        sure += 1
        assert found == course.Course(electorate, endowment).selected
    assert sure > 50


@pytest.mark.usefixtures("either")
def test_a_scout_is_not_fooled_by_what_it_cannot_see() -> None:
    for seed in range(200):
        electorate = Electorate(nearly_tied(seed), Utility.COST)
        found = scout.what_is_taken(electorate, electorate.endowment).selected
        assert found == course.Course(electorate, electorate.endowment).selected


def test_more_candidates_than_fit_in_a_byte_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = election(3_000, [20] * 300, [[number, number + 1] for number in range(299) for _ in range(9)])

    with_arrays = equal_shares(instance)
    monkeypatch.setattr(electorate, "ARRAYS_FROM", 10**9)

    assert with_arrays == equal_shares(instance)
    assert len(with_arrays.selected) == 149


def test_a_scout_gives_up_where_the_supporters_have_just_the_cost() -> None:
    electorate = Electorate(election(30, [30], [[0], [0], [0]]), Utility.COST)

    with pytest.raises(scout.UnsureError):
        scout.Scout(electorate, electorate.endowment)


# Real elections -----------------------------------------------------------------------------------------------------


@cache
def read_once(file: str) -> Instance:
    return replace(read_pabulib(PABULIB / "elections" / file), threshold=None)


def real_elections() -> Iterator[object]:
    try:
        files = json.loads((PABULIB / "expected.json").read_text())["files"]
    except FileNotFoundError:
        return
    for name, rules in sorted(files.items()):
        for rule in sorted(rules.keys() & RULES.keys()):
            yield pytest.param(name, rule, rules[rule]["selected"], id=f"{Path(name).stem}-{rule}")


@pytest.mark.parametrize(("file", "rule", "expected"), list(real_elections()))
def test_a_real_election_comes_out_as_expected(file: str, rule: str, expected: list[str]) -> None:
    instance = read_once(file)
    utility, completion = RULES[rule]

    outcome = equal_shares(instance, utility=utility, completion=completion)

    assert sorted(instance.candidates[position].id for position in outcome.selected) == expected
    for position in [one for one in outcome.selected if outcome.trace[one].payments][-1:]:
        line = outcome.trace[position]
        assert sum(share * instance.groups[group].weight for group, share in line.payments) == line.needed


# By hand ------------------------------------------------------------------------------------------------------------


def test_two_groups_each_get_their_share() -> None:
    ballots = [[0, 1, 2]] * 6 + [[3, 4]] * 4
    instance = election(100, [30, 30, 30, 20, 20], ballots)

    outcome = equal_shares(instance)

    assert outcome.selected == (0, 1, 3, 4)
    assert outcome.endowment == 10
    assert outcome.spent == 100
    assert outcome.rule == "mes_cost"


def test_a_line_says_who_paid_what_and_what_it_was_worth() -> None:
    instance = election(12, [6, 5, 4], [[0, 1], [0, 1], [1, 2]])

    outcome = equal_shares(instance)

    first, last, left = outcome.trace[1], outcome.trace[0], outcome.trace[2]
    assert (first.reason, first.step, first.amount) == (Reason.TAKEN, 1, 5)
    assert first.score == 3
    assert first.available == 12
    assert list(first.payments) == [(0, Fraction(5, 3)), (1, Fraction(5, 3)), (2, Fraction(5, 3))]
    assert (last.reason, last.step) == (Reason.SUPPORTERS_SHORT, None)
    assert last.available == Fraction(14, 3)
    assert left.available == Fraction(7, 3)
    assert left.needed == 4


def test_the_score_is_the_use_for_each_unit_of_money() -> None:
    instance = election(100, [50], [[0], [0]], values=[[3], [1]], kind=BallotKind.POINTS)

    assert equal_shares(instance).trace[0].score == 2
    assert equal_shares(instance, utility=Utility.CARDINALITY).trace[0].score == Fraction(1, 25)
    assert equal_shares(instance, utility=Utility.POINTS).trace[0].score == Fraction(4, 50)


def test_whoever_gave_more_points_pays_more() -> None:
    instance = election(100, [40], [[0], [0]], values=[[3], [1]], kind=BallotKind.POINTS)

    outcome = equal_shares(instance, utility=Utility.POINTS)

    assert dict(outcome.trace[0].payments) == {0: 30, 1: 10}


def test_the_poor_give_all_they_have_and_the_others_the_same_price() -> None:
    instance = election(20, [6, 12], [[0, 1], [1]])

    outcome = equal_shares(instance)

    assert outcome.selected == (1,)
    richer = election(24, [6, 12], [[0, 1], [1]])
    assert equal_shares(richer).selected == (1, 0)
    poor = election(30, [14, 16], [[0, 1], [1], [0]], ties=True)
    assert equal_shares(poor).selected == (0,)
    shared = election(40, [30, 12], [[0, 1], [0], [1], [0]])
    assert equal_shares(shared).selected == (0,)


# Ties ---------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("either")
def test_a_tie_goes_by_the_tie_order_and_the_loser_hears_who_won() -> None:
    tied = election(10, [10, 10, 10], [[0, 1, 2]])
    instance = Instance(10, tied.candidates, tied.groups, tie_order=(2, 0, 1))

    outcome = equal_shares(instance)

    assert outcome.selected == (2,)
    assert outcome.trace[0].beaten_by == 2


@pytest.mark.usefixtures("either")
def test_an_unbroken_tie_names_all_that_are_tied() -> None:
    instance = election(30, [10, 10, 10, 25], [[0, 1, 2, 3]], ties=False)

    with pytest.raises(UnbrokenTie) as caught:
        equal_shares(instance, utility=Utility.CARDINALITY)

    assert caught.value.ids == ("P0", "P1", "P2")


def test_a_tie_between_what_is_free_is_one_too() -> None:
    instance = election(30, [0, 0], [[0, 1]], ties=False)

    with pytest.raises(UnbrokenTie):
        equal_shares(instance)


def test_twins_stay_tied_at_every_endowment_and_are_still_jumped_over() -> None:
    ballots = [[0, 1]] * 3 + [[2]]
    instance = election(10_000, [4_000, 4_000, 5_000], ballots)
    runs: list[int] = []

    outcome = equal_shares(instance, completion=Completion.ADD1, progress=lambda raised, total: runs.append(raised))

    assert outcome.selected == (0, 1)
    assert outcome.endowment == Fraction(10_000, 4) + 167
    assert len(runs) < 5


def test_a_tie_that_the_loser_would_win_with_more_money_is_not_jumped_over() -> None:
    instance = election(48, [6, 10, 16, 15], [[1], [2], [0, 2], [3]])
    told: list[int] = []

    outcome = equal_shares(
        instance,
        utility=Utility.CARDINALITY,
        completion=Completion.ADD1,
        progress=lambda raised, total: told.append(raised),
    )

    assert outcome.selected == (0, 2, 1, 3)
    assert outcome.endowment == 15
    assert told[0] == 1


# At the edges -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("completion", list(Completion))
def test_without_voters_nothing_is_shared(completion: Completion) -> None:
    outcome = equal_shares(election(100, [10, 0], []), completion=completion)

    expected = (0, 1) if completion is Completion.ADD1U else ()
    assert outcome.selected == expected
    assert [line.support for line in outcome.trace] == [0, 0]


def test_blank_ballots_select_nothing_and_keep_their_share() -> None:
    blank = equal_shares(election(100, [10], [[], []]))
    mixed = equal_shares(election(100, [60], [[0], []]))

    assert blank.selected == ()
    assert blank.trace[0].reason is Reason.NO_SUPPORT
    assert mixed.selected == ()
    assert mixed.trace[0].available == 50


def test_no_candidates_is_no_outcome() -> None:
    assert equal_shares(election(100, [], [[]]), completion=Completion.ADD1U).selected == ()


def test_one_voter_buys_the_dearest_that_fits_in_order_of_ties() -> None:
    assert equal_shares(election(10, [4, 6, 10], [[0, 1, 2]])).selected == (0, 1)


def test_what_is_free_is_taken_at_once_if_anyone_wants_it() -> None:
    outcome = equal_shares(election(10, [10, 0, 0], [[0, 1], [0]]))

    assert outcome.selected == (1, 0)
    assert outcome.trace[1].payments == ()
    assert outcome.trace[1].score == 1
    assert outcome.trace[2].reason is Reason.NO_SUPPORT


@pytest.mark.parametrize("completion", list(Completion))
def test_what_costs_more_than_the_budget_is_never_taken(completion: Completion) -> None:
    outcome = equal_shares(election(10, [11, 4], [[0, 1], [0, 1]]), completion=completion)

    assert outcome.selected == (1,)
    assert outcome.trace[0].reason is Reason.DEARER_THAN_BUDGET


def test_with_nothing_to_spend_only_what_is_free_is_taken() -> None:
    assert equal_shares(election(0, [1, 0], [[0, 1]]), completion=Completion.ADD1).selected == (1,)


def test_equal_groups_are_the_same_as_one_of_their_weight() -> None:
    apart = election(100, [30, 40, 50], [[0, 1], [0, 1], [1, 2]])
    together = Instance(
        100, apart.candidates, (BallotGroup((0, 1), weight=2), BallotGroup((1, 2))), tie_order=(0, 1, 2)
    )

    assert equal_shares(apart).selected == equal_shares(together).selected
    assert equal_shares(apart).trace[1].score == equal_shares(together).trace[1].score


def test_who_stepped_back_keeps_the_whole_share_for_the_rest() -> None:
    groups = (BallotGroup((1,), recused=frozenset({0})), BallotGroup((0, 1)))
    instance = Instance(20, (Candidate("own", 10), Candidate("other", 20)), groups, tie_order=(0, 1))

    outcome = equal_shares(instance)

    assert outcome.selected == (1,)
    assert (outcome.trace[0].eligible, outcome.trace[0].support) == (1, 1)
    assert dict(outcome.trace[1].payments) == {0: 10, 1: 10}


def test_below_the_threshold_nothing_takes_part() -> None:
    plain = election(100, [10, 10, 10], [[0, 1], [0]])
    instance = Instance(100, plain.candidates, plain.groups, tie_order=(0, 1, 2), threshold=2)

    outcome = equal_shares(instance, completion=Completion.ADD1U)

    assert outcome.selected == (0,)
    assert outcome.trace[1].reason is Reason.BELOW_THRESHOLD


def test_a_no_is_no_support() -> None:
    instance = election(10, [5, 5], [[0, 1]], values=[[1, -1]], kind=BallotKind.YES_NO)

    assert equal_shares(instance).selected == (0,)


def test_ballots_without_points_cannot_be_shared_by_points() -> None:
    with pytest.raises(UnsuitableBallots):
        equal_shares(election(10, [5], [[0]]), utility=Utility.POINTS)


def test_amounts_below_zero_are_refused() -> None:
    with pytest.raises(AllocationError):
        equal_shares(election(-1, [5], [[0]]))
    with pytest.raises(AllocationError):
        equal_shares(election(10, [-5], [[0]]))
    with pytest.raises(AllocationError):
        equal_shares(election(10, [5], [[0]]), completion=Completion.ADD1, increment=0)


# Completion ---------------------------------------------------------------------------------------------------------


def test_endowments_are_raised_by_one_of_the_currency_until_the_budget_would_break() -> None:
    cents = election(10_000, [6_000, 6_000, 3_000], [[0], [1], [2]], scale=100)

    outcome = equal_shares(cents, completion=Completion.ADD1)

    assert outcome.selected == (2,)
    assert outcome.endowment == Fraction(10_000, 3) + 26 * 100
    assert outcome.rule == "mes_cost_add1"


def test_raising_stops_as_soon_as_nothing_more_fits() -> None:
    outcome = equal_shares(election(10, [4, 4, 9], [[0], [1], [2]]), completion=Completion.ADD1)

    assert outcome.selected == (0, 1)
    assert outcome.endowment == Fraction(10, 3) + 1


def test_what_is_left_after_raising_goes_to_the_most_votes_that_fit() -> None:
    ballots = [[0, 1], [0, 2], [0, 3], []]
    instance = election(12, [16, 7, 7, 5, 1], ballots)

    outcome = equal_shares(instance, completion=Completion.ADD1U)

    assert outcome.selected == (3, 1)
    taken, passed, unloved = outcome.trace[1], outcome.trace[2], outcome.trace[4]
    assert (taken.reason, taken.step, taken.available) == (Reason.TAKEN_IN_COMPLETION, 2, Fraction(7))
    assert (passed.reason, passed.available, passed.score) == (Reason.DOES_NOT_FIT, Fraction(0), Fraction(1))
    assert unloved.reason is Reason.NO_SUPPORT
    assert outcome.rule == "mes_cost_add1u"


def test_in_greedy_completion_what_was_taken_can_rule_another_out() -> None:
    plain = election(10, [2, 9, 8, 8], [[0], [1], [1], [1], [2]])
    instance = Instance(
        10,
        plain.candidates,
        plain.groups,
        tie_order=(0, 1, 2, 3),
        exclusions=(frozenset({0, 3}), frozenset({1, 3}), frozenset({0, 2})),
    )

    outcome = equal_shares(instance, completion=Completion.ADD1U)

    assert outcome.selected == (0,)
    assert (outcome.trace[2].reason, outcome.trace[2].beaten_by) == (Reason.EXCLUDED, 0)


def test_an_unbroken_tie_in_greedy_completion_raises() -> None:
    with pytest.raises(UnbrokenTie):
        equal_shares(election(10, [6, 7], [[]], ties=False), completion=Completion.ADD1U)


def test_progress_is_told_how_often_endowments_were_raised() -> None:
    told: list[tuple[int, int | None]] = []

    equal_shares(
        election(10, [6, 7, 8], [[0], [1], [2]]),
        completion=Completion.ADD1,
        progress=lambda raised, total: told.append((raised, total)),
    )

    assert told[-1] == (3, None)


# The trace on demand ------------------------------------------------------------------------------------------------


def test_a_trace_made_on_demand_is_like_a_tuple(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = random_election(3)
    plain, lazy = equal_shares(instance), equal_shares(instance)
    monkeypatch.setattr(trace, "AT_ONCE", 0)
    taken = lazy.selected[0]

    assert lazy.trace == plain.trace
    assert lazy == plain
    assert hash(lazy.trace) == hash(plain.trace)
    assert lazy.trace[:1] == tuple(plain.trace)[:1]
    assert len(lazy.trace) == len(instance.candidates)
    assert repr(lazy.trace)[:11] == "(Line(posit"
    assert lazy.trace != object()
    payments = lazy.trace[taken].payments
    assert payments == plain.trace[taken].payments
    assert payments != object()
    assert hash(payments) == hash(tuple(payments))
    assert payments[0] == payments[:1][0]
    assert repr(payments) == f"<{len(payments)} payments>"
    assert pickle.loads(pickle.dumps(lazy)) == plain  # noqa: S301 - what we pickled ourselves
