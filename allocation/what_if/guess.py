"""Where to start looking for what would have been enough: read off the trace, often in floats, never trusted.

The idea is the same for every rule: until the candidate is taken everything goes as it went. So for each step
of the outcome one can say what the candidate would have needed to be taken right there instead.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from allocation.model import Instance, Line, Outcome, Reason
from allocation.what_if.support import Counted, MoreSupport, in_favour, value_of

_HAIR = 1e-9

#: Rules whose order is support divided by cost.
PER_COST = frozenset({"greedy_votes_per_cost"})


@dataclass(frozen=True, slots=True)
class Purse:
    """The voters of one group, as far as one candidate is concerned: how many, their liking of it, their money."""

    voters: int
    liking: int
    money: float


class Guess:
    """Guesses for the candidates that one outcome left."""

    def __init__(self, instance: Instance, outcome: Outcome) -> None:
        self._instance = instance
        self._outcome = outcome
        self._steps = [outcome.trace[position] for position in outcome.selected]
        self._paid_steps = [
            (line, {number: float(share) for number, share in line.payments}) for line in self._steps if line.payments
        ]

    def support(self, more: MoreSupport) -> int:
        """The number of steps of extra support to try first."""
        line = self._outcome.trace[more.position]
        if more.counted is Counted.SUPPORTERS and self._outcome.endowment is not None:
            by_order = self._in_order(line, completion=True) if self._completed() else more.most
            return min(self._helpers(more), by_order)
        if more.counted is Counted.SUPPORTERS and self._paid_steps:
            return self._helpers_in_time(more)
        return self._in_order(line, completion=False)

    def cost(self, position: int) -> int:
        """The cost to try first."""
        line = self._outcome.trace[position]
        at_the_end = math.floor(line.available)
        if self._outcome.endowment is not None:
            return max(self._price(position), at_the_end if self._completed() else 0)
        return self._price_in_time(position) if self._paid_steps else at_the_end

    # Rules that go down an order --------------------------------------------------------------------------------------

    def _completed(self) -> bool:
        return any(line.reason is Reason.TAKEN_IN_COMPLETION for line in self._steps)

    def _in_order(self, line: Line, *, completion: bool) -> int:
        """Enough to come before the last one that can be given up for it (and over a threshold)."""
        cost = self._instance.candidates[line.position].cost
        spent = 0
        target = line.score
        for step in self._steps:
            if spent + cost > self._instance.budget:
                break
            if not completion or step.reason is Reason.TAKEN_IN_COMPLETION:
                target = step.score
            spent += step.amount
        unit = Fraction(1, max(cost, 1)) if self._outcome.rule in PER_COST else Fraction(1)
        if line.reason is Reason.BELOW_THRESHOLD and self._instance.threshold is not None:
            target = max(target, Fraction(self._instance.threshold))
        return math.ceil((target - line.score) / unit)

    # Equal shares -----------------------------------------------------------------------------------------------------

    def _purses(self, position: int, numbers: Iterable[int]) -> Iterator[tuple[float | None, Line | None, list[Purse]]]:
        """Before each paid step, and after the last: the most that anyone paid in it, the step, the purses."""
        groups = self._instance.groups
        watched = list(numbers)
        endowment = float(self._outcome.endowment or 0)
        money = dict.fromkeys(watched, endowment)
        liking = {number: value_of(groups[number], position) for number in watched}

        def purses() -> list[Purse]:
            return [Purse(groups[number].weight, liking[number], money[number]) for number in watched]

        for line, shares in self._paid_steps:
            yield max(shares.values()), line, purses()
            for number in watched:
                money[number] -= shares.get(number, 0.0)
        yield None, None, purses()

    def _fans(self, position: int) -> list[int]:
        kind = self._instance.kind
        return [n for n, group in enumerate(self._instance.groups) if in_favour(group, position, kind)]

    def _cap(self, top: float | None, line: Line | None, position: int) -> Callable[[Purse], float]:
        """What a voter would have paid for the candidate at the price of the step that was taken instead."""
        if top is None or line is None:
            return lambda purse: purse.money
        candidates = self._instance.candidates
        if self._outcome.rule.startswith("mes_cost"):
            rate = top / max(candidates[line.position].cost, 1) * candidates[position].cost
            return lambda purse: min(purse.money, rate)
        if self._outcome.rule.startswith("mes_points"):
            return lambda purse: purse.money
        return lambda purse: min(purse.money, top)

    def _helpers(self, more: MoreSupport) -> int:
        """How many more supporters, in the order given, would together have paid, at the best moment for that."""
        cost = self._instance.candidates[more.position].cost
        fans = self._fans(more.position)
        best = more.most
        for top, line, purses in self._purses(more.position, (*fans, *more.order)):
            cap = self._cap(top, line, more.position)
            needed = cost - sum(purse.voters * cap(purse) for purse in purses[: len(fans)]) - _HAIR * cost
            best = min(best, _count(needed, ((purse.voters, cap(purse)) for purse in purses[len(fans) :]), best))
        return best

    def _price(self, position: int) -> int:
        """The largest price that its supporters would have paid, at the best moment for that."""
        by_cost = self._outcome.rule.startswith("mes_cost")
        best = 0.0
        for top, line, purses in self._purses(position, self._fans(position)):
            if top is None or line is None:
                price = sum(purse.voters * purse.money for purse in purses)
            elif by_cost:
                price = _dearest(purses, top / max(self._instance.candidates[line.position].cost, 1))
            else:
                cap = self._cap(top, line, position)
                price = sum(purse.voters * cap(purse) for purse in purses)
            best = max(best, price)
        return math.floor(best * (1 + _HAIR))

    # Phragmén ---------------------------------------------------------------------------------------------------------

    def _loads(self, numbers: Iterable[int]) -> Iterator[tuple[float, int, dict[int, float]]]:
        """For each step: its moment, the budget left before it, the loads of the watched groups before it."""
        loads = [0.0] * len(self._instance.groups)
        watched = list(numbers)
        left = self._instance.budget
        for line, shares in self._paid_steps:
            moment = max(loads[number] + share for number, share in shares.items())
            yield moment, left, {number: loads[number] for number in watched}
            for number, share in shares.items():
                loads[number] += share
            left -= line.amount
        yield self._stopping_moment(loads), left, {number: loads[number] for number in watched}

    def _stopping_moment(self, loads: list[float]) -> float:
        """When the rule stopped: the first moment at which something else could have been bought."""
        owed = [0.0] * len(self._instance.candidates)
        fans = [0] * len(owed)
        for load, group in zip(loads, self._instance.groups, strict=True):
            for choice in group.choices:
                owed[choice] += load * group.weight
                fans[choice] += group.weight
        moments = [
            (owed[line.position] + line.needed) / fans[line.position]
            for line in self._outcome.trace
            if not line.taken and fans[line.position] and line.needed <= self._instance.budget
        ]
        return min(moments, default=0.0)

    def _helpers_in_time(self, more: MoreSupport) -> int:
        cost = self._instance.candidates[more.position].cost
        fans = self._fans(more.position)
        weights = [group.weight for group in self._instance.groups]
        best = more.most
        for moment, left, loads in self._loads((*fans, *more.order)):
            if cost > left:
                break
            needed = cost - sum(weights[number] * max(moment - loads[number], 0.0) for number in fans) - _HAIR * cost
            earned = ((weights[number], max(moment - loads[number], 0.0)) for number in more.order)
            best = min(best, _count(needed, earned, best))
        return best

    def _price_in_time(self, position: int) -> int:
        weights = [group.weight for group in self._instance.groups]
        best = 0.0
        for moment, left, loads in self._loads(self._fans(position)):
            earned = sum(weights[number] * max(moment - load, 0.0) for number, load in loads.items())
            best = max(best, min(earned * (1 + _HAIR), left))
        return math.floor(best)


def _count(needed: float, helpers: Iterable[tuple[int, float]], most: int) -> int:
    """How many helpers (pairs: so many voters, with so much each) it takes to get there; ``most`` when too many."""
    count = 0
    for voters, each in helpers:
        if needed <= 0 or count >= most:
            break
        if each * voters >= needed:
            return min(count + max(math.ceil(needed / each), 1), most)
        needed -= each * voters
        count += voters
    return min(max(count, 1), most) if needed <= 0 else most


def _dearest(purses: list[Purse], rate: float) -> float:
    """The largest cost that is met when each pays ``rate`` x cost, or all they have when that is less."""
    order = sorted(purses, key=lambda purse: purse.money)
    paid = sum(purse.voters * purse.money for purse in order)
    rich = 0
    while order:
        cost = paid / (1 - rate * rich) if rate * rich < 1 else 0.0
        if order[-1].money <= rate * cost * (1 + _HAIR):
            return cost
        richest = order.pop()
        paid -= richest.voters * richest.money
        rich += richest.voters
    return 0.0
