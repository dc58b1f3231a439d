"""Slow, obviously right versions of the allocation rules, to hold the fast ones against.

Written straight from the definitions, one voter at a time, every number a whole number or a ``Fraction``, no shortcuts:

* equal shares: Peters, Pierczyński and Skowron, "Proportional Participatory Budgeting with Additive Utilities"
  (NeurIPS 2021), section 3;
* raising the endowments: Faliszewski and others, "Participatory Budgeting: Data, Tools and Analysis" (IJCAI 2023),
  with the stopping rule of pabutools' ``voter_budget_increment``;
* sequential Phragmén: Los, Christoff and Grossi, "Proportional Budget Allocations: Towards a Systematization" (IJCAI
  2022), section 3.2; Brill and others, "Phragmén's Voting Methods and Justified Representation" (2017);
* greedy, welfare, majority and pots: their definitions in the docstrings of ``allocation.rules``.

Only meant for a handful of voters and candidates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from allocation.model import BallotKind, Instance, UnbrokenTie


@dataclass(frozen=True)
class Voter:
    """One person: what they wrote (position -> value, 1 where the kind has no values) and where they stepped back."""

    ballot: Mapping[int, int]
    recused: frozenset[int]

    def supports(self, position: int, kind: BallotKind) -> bool:
        """Whether this voter is in favour: a tick, a yes, or any points, money, score or place at all."""
        if position not in self.ballot:
            return False
        return kind is not BallotKind.YES_NO or self.ballot[position] > 0


@dataclass(frozen=True)
class Answer:
    """What a textbook rule finds. ``paid`` is position -> what each voter paid, for rules in which voters pay."""

    selected: tuple[int, ...]
    amounts: tuple[int, ...]
    paid: Mapping[int, tuple[Fraction, ...]]


def everyone(instance: Instance) -> list[Voter]:
    """Every single voter of the instance, groups written out."""
    voters = []
    for group in instance.groups:
        values = group.values or (1,) * len(group.choices)
        ballot = dict(zip(group.choices, values, strict=True))
        voters += [Voter(ballot, group.recused)] * group.weight
    return voters


def support(instance: Instance, position: int) -> int:
    """The number of voters in favour of a candidate."""
    return sum(voter.supports(position, instance.kind) for voter in everyone(instance))


def eligible(instance: Instance, position: int) -> int:
    """The number of voters who did not step back from a candidate."""
    return sum(position not in voter.recused for voter in everyone(instance))


def written(instance: Instance, position: int) -> list[int]:
    """The values that voters wrote for a candidate, of those who wrote one."""
    return [voter.ballot[position] for voter in everyone(instance) if position in voter.ballot]


def as_if_all_could_vote(instance: Instance, position: int, number: int) -> Fraction:
    """The number a candidate would have had, had all voters been allowed to vote on it and voted alike."""
    could = eligible(instance, position)
    return Fraction(number * len(everyone(instance)), could) if could else Fraction(0)


def votes(instance: Instance) -> Callable[[int], Fraction]:
    """The score of a candidate: how many are in favour."""
    return lambda position: as_if_all_could_vote(instance, position, support(instance, position))


def votes_per_cost(instance: Instance) -> Callable[[int], tuple[bool, Fraction]]:
    """The score of a candidate: how many are in favour for each of the currency; what is free goes before all else."""

    def score(position: int) -> tuple[bool, Fraction]:
        cost = instance.candidates[position].cost
        return cost == 0, votes(instance)(position) / (cost or 1)

    return score


def points(instance: Instance) -> Callable[[int], Fraction]:
    """The score of a candidate: the sum of its points; of committee scores the mean of those who gave one."""

    def score(position: int) -> Fraction:
        values = written(instance, position)
        if instance.kind is BallotKind.SCORES:
            return Fraction(sum(values), max(len(values), 1))
        return as_if_all_could_vote(instance, position, sum(values))

    return score


def first_of(instance: Instance, tied: Sequence[int]) -> int:
    """The candidate that wins a tie; a tie of one is none."""
    if len(tied) == 1:
        return tied[0]
    if instance.tie_order is None:
        raise UnbrokenTie(tuple(tied), tuple(instance.candidates[position].id for position in tied))
    return min(tied, key=instance.tie_order.index)


def answer(
    instance: Instance, selected: Iterable[int], paid: Mapping[int, tuple[Fraction, ...]] | None = None
) -> Answer:
    """The answer in which everything selected gets what it costs."""
    order = tuple(selected)
    amounts = [0] * len(instance.candidates)
    for position in order:
        amounts[position] = instance.candidates[position].cost
    return Answer(order, tuple(amounts), paid or {})


# Greedy -----------------------------------------------------------------------------------------------------------


def greedy(
    instance: Instance,
    score: Callable[[int], Any],
    taken: Iterable[int] = (),
    allowed: Callable[[int], bool] = lambda position: True,
) -> list[int]:
    """Take the best that still fits, again and again; what does not fit is skipped. Goes on from ``taken``."""
    costs = [candidate.cost for candidate in instance.candidates]
    selected = list(taken)
    waiting = [position for position in range(len(costs)) if position not in selected and allowed(position)]
    scores = {position: score(position) for position in waiting}
    while True:
        left = instance.budget - sum(costs[position] for position in selected)
        fitting = [position for position in waiting if costs[position] <= left]
        if not fitting:
            return selected
        best = max(scores[position] for position in fitting)
        chosen = first_of(instance, [position for position in fitting if scores[position] == best])
        selected.append(chosen)
        waiting.remove(chosen)


# Equal shares -----------------------------------------------------------------------------------------------------


def price_per_utility(cost: int, purses: Sequence[Fraction], utilities: Sequence[int]) -> Fraction | None:
    """The smallest rate at which the supporters together pay the cost: sum of min(purse, rate x utility) = cost.

    None when they do not have that much. Tries every number of supporters that pay all they have, poorest (for their
    utility) first.
    """
    if sum(purses) < cost:
        return None
    order = sorted(range(len(purses)), key=lambda voter: purses[voter] / utilities[voter])
    for poor in range(len(order)):
        paid = sum((purses[voter] for voter in order[:poor]), Fraction(0))
        rate = (cost - paid) / Fraction(sum(utilities[voter] for voter in order[poor:]))
        if all(rate * utilities[voter] >= purses[voter] for voter in order[:poor]) and all(
            rate * utilities[voter] <= purses[voter] for voter in order[poor:]
        ):
            return rate
    raise AssertionError("supporters with enough money always have a rate")


def equal_shares(
    instance: Instance, utility: Callable[[Voter, int], int], endowment: Fraction
) -> tuple[list[int], dict[int, tuple[Fraction, ...]]]:
    """The method of equal shares with the given endowment; what is selected, in order, and who paid what."""
    voters = everyone(instance)
    purses = [endowment for _ in voters]
    selected: list[int] = []
    paid: dict[int, tuple[Fraction, ...]] = {}
    while True:
        rates = {}
        for position, candidate in enumerate(instance.candidates):
            if position in selected:
                continue
            fans = [i for i, voter in enumerate(voters) if utility(voter, position) > 0]
            if not fans:
                continue
            rate = price_per_utility(
                candidate.cost, [purses[i] for i in fans], [utility(voters[i], position) for i in fans]
            )
            if rate is not None:
                rates[position] = rate
        if not rates:
            return selected, paid
        best = min(rates.values())
        chosen = first_of(instance, [position for position, rate in rates.items() if rate == best])
        shares = tuple(
            min(purses[i], best * utility(voter, chosen)) if utility(voter, chosen) > 0 else Fraction(0)
            for i, voter in enumerate(voters)
        )
        purses = [purse - share for purse, share in zip(purses, shares, strict=True)]
        paid[chosen] = shares
        selected.append(chosen)


def by_cost(instance: Instance) -> Callable[[Voter, int], int]:
    """Each supporter gets as much use out of a candidate as it costs; something free is worth one."""
    return lambda voter, position: (
        max(instance.candidates[position].cost, 1) if voter.supports(position, instance.kind) else 0
    )


def by_number(instance: Instance) -> Callable[[Voter, int], int]:
    """Each supporter gets one use out of each candidate."""
    return lambda voter, position: 1 if voter.supports(position, instance.kind) else 0


def by_points(instance: Instance) -> Callable[[Voter, int], int]:
    """Each voter gets as much use out of a candidate as the points they gave."""
    return lambda voter, position: max(voter.ballot.get(position, 0), 0)


def plain_endowment(instance: Instance) -> Fraction:
    """An equal share of the budget for every voter."""
    return Fraction(instance.budget, max(len(everyone(instance)), 1))


def spent(instance: Instance, selected: Iterable[int]) -> int:
    """What the selected cost together."""
    return sum(instance.candidates[position].cost for position in selected)


def raised(
    instance: Instance, utility: Callable[[Voter, int], int]
) -> tuple[list[int], dict[int, tuple[Fraction, ...]]]:
    """Raise every endowment by one of the currency at a time, until just before the outcome breaks the budget.

    Also stops when nothing that has supporters and costs money fits in what is left: more money would change nothing.
    """
    step = 0
    last: tuple[list[int], dict[int, tuple[Fraction, ...]]] = ([], {})
    while True:
        found = equal_shares(instance, utility, plain_endowment(instance) + step * instance.scale)
        if spent(instance, found[0]) > instance.budget:
            return last
        left = instance.budget - spent(instance, found[0])
        if not any(
            support(instance, position) > 0 and 0 < candidate.cost <= left
            for position, candidate in enumerate(instance.candidates)
            if position not in found[0]
        ):
            return found
        last = found
        step += 1


# Phragmén ---------------------------------------------------------------------------------------------------------


def phragmen(instance: Instance) -> tuple[list[int], dict[int, tuple[Fraction, ...]]]:
    """Voters earn money at the same steady rate; supporters buy a candidate as soon as they have its cost together.

    Stated with loads (the moment until which a voter has spent their earnings). Stops as soon as something that is
    first, or tied for first, does not fit in what is left. What is dearer than the whole budget never takes part. When
    only candidates without supporters are left they are taken one by one, as long as all of them fit.
    """
    voters = everyone(instance)
    loads = [Fraction(0) for _ in voters]
    selected: list[int] = []
    paid: dict[int, tuple[Fraction, ...]] = {}
    waiting = [position for position, c in enumerate(instance.candidates) if c.cost <= instance.budget]
    while waiting:
        moments = {}
        for position in waiting:
            fans = [i for i, voter in enumerate(voters) if voter.supports(position, instance.kind)]
            if fans:
                moments[position] = (sum(loads[i] for i in fans) + instance.candidates[position].cost) / Fraction(
                    len(fans)
                )
        tied = [p for p in moments if moments[p] == min(moments.values())] if moments else list(waiting)
        left = instance.budget - spent(instance, selected)
        if any(instance.candidates[position].cost > left for position in tied):
            break
        chosen = first_of(instance, tied)
        shares = [Fraction(0) for _ in voters]
        for i, voter in enumerate(voters):
            if voter.supports(chosen, instance.kind):
                shares[i] = moments[chosen] - loads[i]
                loads[i] = moments[chosen]
        paid[chosen] = tuple(shares)
        selected.append(chosen)
        waiting.remove(chosen)
    return selected, paid


# By name ----------------------------------------------------------------------------------------------------------


def _greedy(score: Callable[[Instance], Callable[[int], Any]]) -> Callable[[Instance], Answer]:
    return lambda instance: answer(instance, greedy(instance, score(instance)))


def _plain(utility: Callable[[Instance], Callable[[Voter, int], int]]) -> Callable[[Instance], Answer]:
    return lambda instance: answer(instance, *equal_shares(instance, utility(instance), plain_endowment(instance)))


def _raised(utility: Callable[[Instance], Callable[[Voter, int], int]]) -> Callable[[Instance], Answer]:
    return lambda instance: answer(instance, *raised(instance, utility(instance)))


def _completed(utility: Callable[[Instance], Callable[[Voter, int], int]]) -> Callable[[Instance], Answer]:
    def rule(instance: Instance) -> Answer:
        selected, paid = raised(instance, utility(instance))
        return answer(instance, greedy(instance, votes(instance), taken=selected), paid)

    return rule


RULES: Mapping[str, Callable[[Instance], Answer]] = {
    "greedy_votes": _greedy(votes),
    "greedy_votes_per_cost": _greedy(votes_per_cost),
    "greedy_points": _greedy(points),
    "mes_cost": _plain(by_cost),
    "mes_cardinality": _plain(by_number),
    "mes_points": _plain(by_points),
    "mes_cost_add1": _raised(by_cost),
    "mes_cost_add1u": _completed(by_cost),
    "mes_cardinality_add1u": _completed(by_number),
    "phragmen": lambda instance: answer(instance, *phragmen(instance)),
}
