"""Sequential Phragmén: by hand, against a slow version, against real elections, and at the edges."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from allocation.model import AllocationError, BallotGroup, Candidate, Instance, Reason, UnbrokenTie
from allocation.pabulib import read_pabulib
from allocation.rules import phragmen as module
from allocation.rules.equal_shares import electorate
from allocation.rules.phragmen import phragmen

PABULIB = Path(os.environ.get("PABULIB_DIR", Path(__file__).parents[3] / "shared" / "pabulib"))


def election(budget: int, costs: Sequence[int], ballots: Sequence[Sequence[int]], *, ties: bool = True) -> Instance:
    return Instance(
        budget=budget,
        candidates=tuple(Candidate(f"P{position}", cost) for position, cost in enumerate(costs)),
        groups=tuple(BallotGroup(tuple(ballot)) for ballot in ballots),
        tie_order=tuple(range(len(costs))) if ties else None,
    )


def random_election(seed: int) -> Instance:
    dice = random.Random(seed)  # noqa: S311 - not for secrets
    voters, candidates = dice.randint(1, 12), dice.randint(1, 10)
    costs = [dice.randint(0 if seed % 5 == 0 else 1, 12) * 100 for _ in range(candidates)]
    ballots = [sorted(dice.sample(range(candidates), dice.randint(0, candidates))) for _ in range(voters)]
    return election(sum(costs) * dice.randint(1, 5) // 4, costs, ballots)


def slow_phragmen(instance: Instance) -> tuple[list[int], dict[int, dict[int, Fraction]]]:
    """What is selected, and for each of those by group what each voter paid. Everything in fractions."""
    loads = [Fraction(0)] * len(instance.groups)
    waiting = [position for position, one in enumerate(instance.candidates) if one.cost <= instance.budget]
    fans = [[g for g, group in enumerate(instance.groups) if p in group.choices] for p in range(len(loads) + 99)]
    left = instance.budget
    selected: list[int] = []
    paid: dict[int, dict[int, Fraction]] = {}
    while waiting:
        moments = {
            position: (instance.candidates[position].cost + sum(loads[one] for one in fans[position]))
            / Fraction(len(fans[position]))
            for position in waiting
            if fans[position]
        }
        first = min(moments.values(), default=Fraction(0))
        tied = [position for position in waiting if not moments or moments.get(position) == first]
        if any(instance.candidates[position].cost > left for position in tied):
            break
        chosen = tied[0]
        paid[chosen] = {one: first - loads[one] for one in fans[chosen]}
        for one in fans[chosen]:
            loads[one] = first
        selected.append(chosen)
        waiting.remove(chosen)
        left -= instance.candidates[chosen].cost
    return selected, paid


@pytest.fixture(params=["lists", "arrays"])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test with the way of counting for a committee and with that for a city."""
    if request.param == "arrays":
        monkeypatch.setattr(electorate, "ARRAYS_FROM", 0)
        monkeypatch.setattr(module, "AT_ONCE", 0)
    return str(request.param)


@pytest.mark.usefixtures("either")
def test_small_committees_come_out_as_in_fractions() -> None:
    for seed in range(300):
        instance = random_election(seed)
        selected, paid = slow_phragmen(instance)

        outcome = phragmen(instance)

        assert list(outcome.selected) == selected
        for line in outcome.trace:
            if line.payments:
                assert dict(line.payments) == paid[line.position]
                assert sum(share for _, share in line.payments) == line.needed


def real_elections() -> Iterator[object]:
    try:
        files = json.loads((PABULIB / "expected.json").read_text())["files"]
    except FileNotFoundError:
        return
    for name, rules in sorted(files.items()):
        if "phragmen" in rules:
            yield pytest.param(name, rules["phragmen"]["selected"], id=Path(name).stem)


@pytest.mark.parametrize(("file", "expected"), list(real_elections()))
def test_a_real_election_comes_out_as_expected(file: str, expected: list[str]) -> None:
    instance = replace(read_pabulib(PABULIB / "elections" / file), threshold=None)

    outcome = phragmen(instance)

    assert sorted(instance.candidates[position].id for position in outcome.selected) == expected


@pytest.mark.usefixtures("either")
def test_supporters_buy_in_the_order_in_which_they_have_the_money() -> None:
    outcome = phragmen(election(24, [6, 9, 8, 20], [[0, 1], [0, 1], [0, 2], [2, 3]]))

    assert outcome.selected == (0, 2, 1)
    assert [outcome.trace[position].score for position in outcome.selected] == [2, 5, Fraction(13, 2)]
    assert dict(outcome.trace[1].payments) == {0: Fraction(9, 2), 1: Fraction(9, 2)}
    assert [outcome.trace[position].available for position in outcome.selected] == [24, 18, 10]
    assert outcome.trace[3].reason is Reason.DOES_NOT_FIT


def test_the_rule_stops_at_the_first_that_does_not_fit() -> None:
    outcome = phragmen(election(10, [6, 6, 3], [[0], [0], [1], [1], [2]]))

    assert outcome.selected == (0,)
    assert [line.reason for line in outcome.trace] == [Reason.TAKEN, Reason.DOES_NOT_FIT, Reason.STOPPED]


def test_one_of_the_tied_that_does_not_fit_stops_the_rule() -> None:
    outcome = phragmen(election(10, [8, 4], [[0], [0], [1]]))

    assert outcome.selected == (0,)
    assert outcome.trace[1].reason is Reason.DOES_NOT_FIT
    assert outcome.trace[1].score == 4
    assert outcome.trace[1].available == 2


def test_an_unbroken_tie_names_all_that_are_tied() -> None:
    with pytest.raises(UnbrokenTie) as caught:
        phragmen(election(30, [10, 10, 10, 25], [[0, 1, 2, 3]], ties=False))

    assert caught.value.ids == ("P0", "P1", "P2")


def test_the_loser_of_a_tie_hears_who_won() -> None:
    outcome = phragmen(election(19, [9, 9, 9], [[0, 1, 2]]))

    assert outcome.selected == (0, 1)
    assert outcome.trace[2].beaten_by == 1


def test_what_nobody_wants_is_taken_last_and_only_if_all_of_it_fits() -> None:
    fits = phragmen(election(10, [4, 3, 2], [[0]]))
    does_not = phragmen(election(10, [4, 3, 7], [[0]]))

    assert fits.selected == (0, 1, 2)
    assert fits.trace[1].payments == ()
    assert does_not.selected == (0,)
    assert [line.reason for line in does_not.trace] == [Reason.TAKEN, Reason.NO_SUPPORT, Reason.DOES_NOT_FIT]


def test_what_costs_more_than_the_budget_does_not_take_part() -> None:
    outcome = phragmen(election(10, [11, 10], [[0], [0], [1]]))

    assert outcome.selected == (1,)
    assert outcome.trace[0].reason is Reason.DEARER_THAN_BUDGET


def test_what_is_free_and_wanted_comes_first_and_costs_nobody_anything() -> None:
    outcome = phragmen(election(10, [5, 0], [[0, 1]]))

    assert outcome.selected == (1, 0)
    assert outcome.trace[1].payments == ()
    assert outcome.trace[1].score == 0


def test_without_voters_everything_that_fits_is_unwanted_but_taken() -> None:
    assert phragmen(election(10, [5, 5], [])).selected == (0, 1)
    assert phragmen(election(0, [], [])).selected == ()


def test_below_the_threshold_nothing_takes_part() -> None:
    outcome = phragmen(replace(election(10, [5, 4], [[0, 1], [0]]), threshold=2))

    assert outcome.selected == (0,)
    assert (outcome.trace[1].reason, outcome.trace[1].score) == (Reason.BELOW_THRESHOLD, Fraction(1))


def test_who_stepped_back_pays_nothing_for_it() -> None:
    groups = (BallotGroup((1,), recused=frozenset({0})), BallotGroup((0, 1), weight=2))
    outcome = phragmen(Instance(20, (Candidate("own", 8), Candidate("other", 6)), groups, tie_order=(0, 1)))

    assert outcome.selected == (1, 0)
    assert dict(outcome.trace[0].payments) == {1: 4}
    assert outcome.trace[0].eligible == 2


def test_amounts_below_zero_are_refused() -> None:
    with pytest.raises(AllocationError):
        phragmen(election(-1, [5], [[0]]))
