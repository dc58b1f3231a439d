"""The search for the lowest rate, with floats that only say where to look."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from heapq import heapify, heappush
from typing import Any, NamedTuple

from allocation.model import Instance, UnbrokenTie
from allocation.rules.equal_shares.electorate import Electorate
from allocation.rules.equal_shares.purses import ArrayPurses, ListPurses, Purses, Split

ROUNDING = 2.0**-52


def first_of(instance: Instance, tied: Sequence[int]) -> int:
    """The one that wins a tie; a tie of one is none. Raises :class:`UnbrokenTie` when there is no tie order."""
    if len(tied) == 1:
        return tied[0]
    rank = instance.tie_rank
    if rank is None:
        positions = tuple(sorted(tied))
        raise UnbrokenTie(positions, tuple(instance.candidates[position].id for position in positions))
    return min(tied, key=rank.__getitem__)


class Seen(NamedTuple):
    """A candidate whose bound cannot be raised further: the bound on its rate, about its price, its supporters.

    ``split`` divides them by that price.
    """

    position: int
    bound: float
    price: float
    view: Any
    split: Split


class Search:
    """Knows for each candidate a lower bound on its rate, and raises the lowest until they are as good as exact.

    Money only gets less, so a rate only grows and an old bound stays a bound. The candidate with the lowest bound is
    looked at again: its bound is raised until it is no longer the lowest, or cannot be raised further. What is above
    the lowest exact rate need not be looked at.

    **Why the floats never lose a winner.** Divide the supporters of a candidate in *any* way into poor and rich.
    Nobody pays more than they have, nor more than price × liking, so at the true price cost ≤ money of the poor +
    price × liking of the rich, that is

        price ≥ (cost - money of the poor) / liking of the rich,

    with equality for the true division. So a bound computed from floats is only wrong by the error in one sum: each
    purse is within ``doubt`` of the truth, which makes at most doubt × the number of poor voters, and adding n
    products loses at most (n + 1)u of the sum. :meth:`_bound` takes off more than both, and more than the few
    roundings that follow. Where supporters are near a boundary their float may put them on the wrong side: that
    weakens the bound, it does not break it. In :class:`~allocation.rules.equal_shares.course.Course` they are weighed
    exactly.

    ``selected`` starts with what is free: something that costs nothing has the lowest rate there is, zero, and nobody
    pays for it.
    """

    def __init__(self, electorate: Electorate, endowment: Fraction) -> None:
        self.electorate = electorate
        self.endowment = endowment
        self._purses: Purses[Any, Any]
        if electorate.many:
            self._purses = ArrayPurses(electorate, float(endowment))
        else:
            self._purses = ListPurses(electorate, float(endowment))
        costs, worth, liked = electorate.costs, electorate.worth, electorate.liked
        self.selected = _in_tie_order(electorate.instance, [one for one in electorate.competing if not costs[one]])
        self._queue = [
            (costs[one] / (liked[one] * worth[one]) * (1.0 - 4 * ROUNDING), one)
            for one in electorate.competing
            if costs[one]
        ]
        heapify(self._queue)

    def _look(self, position: int, bound: float, ceiling: float) -> Seen | None:
        """Look at a candidate again.

        None when it went back into the queue, because others are lower or it is above the ceiling; and when its
        supporters do not have its cost: then it stays out, for they never will.
        """
        enough = min(self._queue[0][0], ceiling) if self._queue else ceiling
        view = self._purses.view(position)
        found = self._bound(position, view, bound, enough)
        if found is None:
            return None
        bound, price, split = found
        if bound > enough:
            heappush(self._queue, (bound, position))
            return None
        return Seen(position, bound, price, view, split)

    def _error(self, split: Split, cost: float) -> float:
        """How far cost - money of the poor can be from the truth."""
        return split.poor_voters * self._purses.doubt + (split.terms + 4) * ROUNDING * (split.poor_money + cost)

    def _bound(self, position: int, view: Any, bound: float, enough: float) -> tuple[float, float, Split] | None:
        """Raise the bound on the rate until it is above ``enough`` or settled; and about the price.

        Newton's method on a concave function: each division into poor and rich gives a price, and each price a better
        division. None when the supporters surely do not have the cost.
        """
        cost, worth = float(self.electorate.costs[position]), self.electorate.worth[position]
        price, rich = bound * worth, math.inf
        while True:
            split = self._purses.split(view, price)
            error = self._error(split, cost)
            if not split.rich_liking:
                return None if split.poor_money + error < cost else (bound, price, split)
            lowest = (cost - split.poor_money - error) / (split.rich_liking * worth)
            bound = max(bound, lowest * (1.0 - (split.terms + 8) * ROUNDING))
            if bound > enough or split.rich_liking >= rich:
                return bound, price, split
            price, rich = (cost - split.poor_money) / split.rich_liking, split.rich_liking


def _in_tie_order(instance: Instance, equals: list[int]) -> list[int]:
    ordered = []
    while equals:
        ordered.append(first_of(instance, equals))
        equals.remove(ordered[-1])
    return ordered
