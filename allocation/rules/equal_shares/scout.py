"""One run of the method in floats only, that gives up as soon as it is not sure of itself.

Completion runs the method for each endowment and only asks what is taken. In a large election computing exact prices
is a good part of the work, and hardly ever needed to know that.
"""

from __future__ import annotations

import math
from fractions import Fraction
from heapq import heappop
from typing import Any, NamedTuple

from allocation.rules.equal_shares.course import Course
from allocation.rules.equal_shares.electorate import Electorate
from allocation.rules.equal_shares.search import ROUNDING, Search, Seen


class UnsureError(Exception):
    """Floats cannot tell what is taken."""


class Estimate(NamedTuple):
    """About the price of a candidate: the true one is within ``error``. ``side`` says who is poor, which is certain."""

    price: float
    error: float
    side: Any


class Scout(Search):
    """Takes the same candidates as :class:`~allocation.rules.equal_shares.course.Course`, or raises UnsureError.

    The price of a division into poor and rich is a float within a known error of the exact price of that division. When
    no supporter's purse is closer to it than both errors together, the division is the true one, and so the price is
    the true price within that error. When no other candidate's bound is as low as the upper end of it, this is the
    candidate to take. The error is added to the doubt about the purses; it does not run away, because it only grows
    by the part of a price that the poor pay.
    """

    def __init__(self, electorate: Electorate, endowment: Fraction) -> None:
        super().__init__(electorate, endowment)
        while self._take_cheapest():
            pass

    def _take_cheapest(self) -> bool:
        """Take the candidate with the lowest rate, if any is affordable."""
        queue, worth = self._queue, self.electorate.worth
        best: tuple[Seen, Estimate] | None = None
        ceiling = math.inf
        while queue and queue[0][0] <= ceiling:
            bound, position = heappop(queue)
            seen = self._look(position, bound, ceiling)
            if seen is None:
                continue
            if best is not None:
                raise UnsureError
            best = seen, self._estimate(seen)
            ceiling = (best[1].price + best[1].error) / worth[position] * (1.0 + 4 * ROUNDING)
        if best is None:
            return False
        seen, (price, error, side) = best
        self.selected.append(seen.position)
        self._purses.charge(seen.view, side, price, {})
        self._purses.doubt += error * self.electorate.fondest
        return True

    def _estimate(self, seen: Seen) -> Estimate:
        purses, cost, fondest = self._purses, float(self.electorate.costs[seen.position]), self.electorate.fondest
        split = seen.split
        if not split.rich_liking:
            raise UnsureError
        price = (cost - split.poor_money) / split.rich_liking
        error = self._error(split, cost) / split.rich_liking * (1.0 + 8 * ROUNDING) + 8 * ROUNDING * price
        side, unsure = purses.close(seen.view, price, error * fondest)
        if unsure or not purses.same(side, purses.poor(seen.view, seen.price)):
            raise UnsureError
        return Estimate(price, error, side)


def what_is_taken(electorate: Electorate, endowment: Fraction) -> Scout | Course:
    """A scout where that is quicker and sure of itself, else a course."""
    if electorate.many:
        try:
            return Scout(electorate, endowment)
        except UnsureError:
            pass
    return Course(electorate, endowment)
