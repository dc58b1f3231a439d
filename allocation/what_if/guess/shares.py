"""For equal shares: what supporters would have paid at the price of each step."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from allocation.model import Instance, Outcome
from allocation.what_if.support import Counted, MoreSupport, in_favour, value_of

HAIR = 1e-9


@dataclass(frozen=True, slots=True)
class Purse:
    """The voters of one group, as far as one candidate is concerned: how many, their liking of it, their money."""

    voters: int
    liking: int
    money: float


class EqualShares:
    """Guesses for equal shares without completion: at some step, or at the end, supporters had just enough."""

    def __init__(self, instance: Instance, outcome: Outcome) -> None:
        self._instance = instance
        self._utility = outcome.rule.split("_")[1]
        self._endowment = float(outcome.endowment or 0)
        self._shares: list[dict[int, float]] = []
        self._rates: list[float] = []
        for position in outcome.selected:
            shares = {number: float(share) for number, share in outcome.trace[position].payments}
            if shares:
                self._shares.append(shares)
                self._rates.append(self._rate(position, shares))

    def support(self, more: MoreSupport) -> int:
        """How many more supporters (or points) would together have paid, at the best moment for that."""
        if more.counted is Counted.SUPPORTERS:
            return self._helpers(more)
        low, high = 1, more.most
        while low < high:
            middle = (low + high) // 2
            if self._enough_points(more, middle):
                high = middle
            else:
                low = middle + 1
        return low

    def cost(self, position: int) -> int:
        """The largest price that its supporters would have paid, at the best moment for that."""
        return math.floor(max(self._prices(position)) * (1 + HAIR))

    def prices(self, position: int) -> tuple[float, float]:
        """The largest price its supporters would have paid at some step, and what they had together at the end."""
        *before, at_the_end = self._prices(position)
        return max(before, default=0.0), at_the_end

    def _rate(self, position: int, shares: dict[int, float]) -> float:
        """The most that anyone paid for each unit of use."""
        if self._utility == "points":
            groups = self._instance.groups
            return max(share / max(value_of(groups[number], position), 1) for number, share in shares.items())
        worth = self._instance.candidates[position].cost if self._utility == "cost" else 1
        return max(shares.values()) / max(worth, 1)

    def _fans(self, position: int) -> list[int]:
        kind = self._instance.kind
        return [n for n, group in enumerate(self._instance.groups) if in_favour(group, position, kind)]

    def _moments(self, position: int, watched: Sequence[int]) -> Iterator[tuple[float, list[Purse]]]:
        """Before each step, and after the last: the rate at which something was taken, and the purses then."""
        groups = self._instance.groups
        kinds = [(groups[n].weight, value_of(groups[n], position) if self._utility == "points" else 1) for n in watched]
        money = [self._endowment] * len(watched)
        for rate, shares in zip(self._rates, self._shares, strict=True):
            yield rate, [Purse(*kind, purse) for kind, purse in zip(kinds, money, strict=True)]
            money = [purse - shares.get(number, 0.0) for number, purse in zip(watched, money, strict=True)]
        yield math.inf, [Purse(*kind, purse) for kind, purse in zip(kinds, money, strict=True)]

    def _most(self, rate: float, cost: float) -> Callable[[Purse], float]:
        """What one voter would have paid at this rate."""
        worth = cost if self._utility == "cost" else 1.0
        return lambda purse: min(purse.money, rate * worth * purse.liking if purse.liking else 0.0)

    def _helpers(self, more: MoreSupport) -> int:
        cost = self._instance.candidates[more.position].cost
        fans = self._fans(more.position)
        best = more.most
        for rate, purses in self._moments(more.position, (*fans, *more.order)):
            most = self._most(rate, cost)
            needed = cost - sum(purse.voters * most(purse) for purse in purses[: len(fans)]) - HAIR * cost
            best = min(best, helpers_for(needed, [(purse.voters, most(purse)) for purse in purses[len(fans) :]], best))
        return best

    def _enough_points(self, more: MoreSupport, steps: int) -> bool:
        """Whether supporters would have paid somewhere with this many points more."""
        cost = self._instance.candidates[more.position].cost
        given = more.given(steps)
        watched = [*{*self._fans(more.position), *given}]
        for rate, purses in self._moments(more.position, watched):
            most = self._most(rate, cost)
            paid = 0.0
            for number, purse in zip(watched, purses, strict=True):
                rest = purse.voters
                for extra, voters in given.get(number, ()):
                    paid += voters * most(Purse(1, purse.liking + extra, purse.money))
                    rest -= voters
                paid += rest * most(purse)
            if paid >= cost * (1 - HAIR):
                return True
        return False

    def _prices(self, position: int) -> list[float]:
        found = []
        for rate, purses in self._moments(position, self._fans(position)):
            if self._utility == "cost" and rate < math.inf:
                found.append(dearest(purses, rate))
            else:
                most = self._most(rate, 0.0)
                found.append(sum(purse.voters * most(purse) for purse in purses) if rate < math.inf else _all(purses))
        return found


def _all(purses: Sequence[Purse]) -> float:
    return sum(purse.voters * purse.money for purse in purses if purse.liking)


def helpers_for(needed: float, helpers: Sequence[tuple[int, float]], most: int) -> int:
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


def dearest(purses: Sequence[Purse], rate: float) -> float:
    """The largest cost that is met when each pays ``rate`` x cost, or all they have when that is less."""
    order = sorted(purses, key=lambda purse: purse.money)
    paid = sum(purse.voters * purse.money for purse in order)
    rich = 0
    while order:
        cost = paid / (1 - rate * rich) if rate * rich < 1 else 0.0
        if order[-1].money <= rate * cost * (1 + HAIR):
            return cost
        richest = order.pop()
        paid -= richest.voters * richest.money
        rich += richest.voters
    return 0.0
