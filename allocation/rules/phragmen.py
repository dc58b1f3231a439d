"""Sequential Phragmén for candidates with a cost.

Los, Christoff and Grossi, "Proportional Budget Allocations: Towards a Systematization" (IJCAI 2022); Brill, Freeman,
Janson and Lackner, "Phragmén's Voting Methods and Justified Representation" (AAAI 2017).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import NamedTuple, cast

import numpy as np

from allocation.model import AllocationError, Instance, Line, Outcome, Reason
from allocation.rules.equal_shares.electorate import Electorate, Utility
from allocation.rules.equal_shares.ledger import Bill, Ledger
from allocation.rules.equal_shares.search import first_of
from allocation.rules.equal_shares.trace import AT_ONCE, Lazy, Payments

_NEVER = -1


def phragmen(instance: Instance) -> Outcome:
    """Run sequential Phragmén.

    All voters earn money at one and the same steady rate. As soon as the supporters of a candidate have its cost
    together they buy it, and are left with nothing. The *moment* of a purchase is what each voter has earned by then;
    it is the ``score`` in the trace (lowest first), and for a candidate that was left the moment it would have come
    to. In ``payments`` each supporter pays what they earned since their last purchase. ``available`` is the budget
    that was left.

    The rule stops as soon as a candidate that is first, or tied for first, does not fit in what is left of the
    budget. What costs more than the whole budget does not take part. When only candidates without supporters are left
    they are taken one by one as long as all of them fit. What costs nothing and has support is bought at moment 0.
    ``instance.threshold``, if there is one, is the least number of supporters with which a candidate takes part.

    Raises :class:`~allocation.model.UnbrokenTie` when a tie is not broken by the instance.
    """
    if instance.budget < 0 or any(candidate.cost < 0 for candidate in instance.candidates):
        raise AllocationError("a budget or a cost is less than zero")
    race = _Race(Electorate(instance, Utility.CARDINALITY))
    amounts = [0] * len(instance.candidates)
    for position in race.order:
        amounts[position] = instance.candidates[position].cost
    return Outcome("phragmen", tuple(race.order), tuple(amounts), Lazy(race.lines))


class _Race:
    """Finds who has its cost first, again and again.

    A supporter's earnings are spent up to the moment of the last purchase on their ballot, so the moment of a
    candidate is (cost + Σ voters × last moment) / supporters, where voters are counted per last purchase. It is
    always computed exactly. Moments only grow: nobody's last purchase moves back. So a moment computed earlier is a
    lower bound, and only candidates whose bound is the lowest are computed again.
    """

    def __init__(self, electorate: Electorate) -> None:
        self._electorate = electorate
        self._instance = electorate.instance
        self._left = electorate.instance.budget
        self._ledger = Ledger(Fraction(0))  # the moment of each purchase, as if it were a price
        self._last = _last_purchases(electorate)
        self._stopped_by: set[int] = set()
        self._beaten_by: dict[int, int] = {}
        self._left_before: dict[int, int] = {}
        self.order: list[int] = []
        self._run()

    def _run(self) -> None:
        electorate, costs = self._electorate, self._electorate.costs
        support, least = electorate.support, self._instance.threshold or 0
        running = [
            position
            for position, cost in enumerate(costs)
            if cost <= self._instance.budget and support[position] >= least
        ]
        queue = [
            (math.nextafter(costs[position] / support[position], -math.inf), position)
            for position in running
            if support[position]
        ]
        heapify(queue)
        while queue:
            first = self._first_to_buy(queue)
            tied = [runner.position for runner in first]
            if not self._fit(tied):
                return
            chosen = first_of(self._instance, tied)
            for runner in first:
                if runner.position == chosen:
                    self._take(chosen)
                    self._ledger.book(chosen, runner.numerator, support[chosen])
                else:
                    self._beaten_by[runner.position] = chosen
                    heappush(queue, (runner.bound, runner.position))
            self._last.purchase(chosen)
        unloved = [position for position in running if not support[position]]
        while unloved and self._fit(unloved):
            chosen = first_of(self._instance, unloved)
            unloved.remove(chosen)
            self._take(chosen)

    def _fit(self, tied: list[int]) -> bool:
        self._stopped_by = {position for position in tied if self._electorate.costs[position] > self._left}
        return not self._stopped_by

    def _take(self, position: int) -> None:
        self.order.append(position)
        self._left_before[position] = self._left
        self._left -= self._electorate.costs[position]

    def _first_to_buy(self, queue: list[tuple[float, int]]) -> list[Runner]:
        """Those with the earliest moment, which leave the queue."""
        first: list[Runner] = []
        passed: list[Runner] = []
        ceiling = math.inf
        while queue and queue[0][0] <= ceiling:
            _, position = heappop(queue)
            runner = self._runner(position)
            order = runner.against(first[0]) if first else -1
            if order < 0:
                passed += first
                first = [runner]
                ceiling = math.nextafter(math.nextafter(runner.bound, math.inf), math.inf)
            elif order == 0:
                first.append(runner)
            else:
                passed.append(runner)
        for runner in passed:
            heappush(queue, (runner.bound, runner.position))
        return first

    def _runner(self, position: int) -> Runner:
        support, ledger = self._electorate.support[position], self._ledger
        earlier = Bill(0, self._last.counted(position), 0)
        numerator = self._electorate.costs[position] * ledger.unit - ledger.money(earlier)
        return Runner(position, numerator, support, math.nextafter(numerator / (support * ledger.unit), -math.inf))

    # The trace --------------------------------------------------------------------------------------------------------

    def lines(self) -> tuple[Line, ...]:
        """One line per candidate, by position."""
        steps = {position: step for step, position in enumerate(self.order, start=1)}
        return tuple(self._line(position, steps) for position in range(len(self._electorate.costs)))

    def _line(self, position: int, steps: dict[int, int]) -> Line:
        electorate, step = self._electorate, steps.get(position)
        return Line(
            position=position,
            reason=self._reason(position) if step is None else Reason.TAKEN,
            amount=0 if step is None else electorate.costs[position],
            step=step,
            support=electorate.support[position],
            eligible=electorate.eligible[position],
            score=self._moment(position),
            needed=electorate.costs[position],
            available=Fraction(self._left_before.get(position, self._left)),
            payments=() if step is None else self._payments(position, steps),
            beaten_by=self._beaten_by.get(position) if step is None else None,
        )

    def _reason(self, position: int) -> Reason:
        support = self._electorate.support[position]
        if support < (self._instance.threshold or 0):
            return Reason.BELOW_THRESHOLD
        if self._electorate.costs[position] > self._instance.budget:
            return Reason.DEARER_THAN_BUDGET
        if position in self._stopped_by:
            return Reason.DOES_NOT_FIT
        return Reason.STOPPED if support else Reason.NO_SUPPORT

    def _moment(self, position: int) -> Fraction:
        support = self._electorate.support[position]
        if support < (self._instance.threshold or 0) or not support:
            return Fraction(support)
        if position in self._ledger.prices:
            return self._ledger.price(position)
        return Fraction(self._runner(position).numerator, support * self._ledger.unit)

    def _payments(self, position: int, steps: dict[int, int]) -> Sequence[tuple[int, Fraction]]:
        electorate, ledger = self._electorate, self._ledger
        if position not in ledger.prices or not electorate.costs[position]:
            return ()
        now = steps[position]

        def paid_by(group: int) -> Fraction:
            before = max((steps[one] for one in electorate.ballots[group] if steps.get(one, now) < now), default=0)
            earned = ledger.prices[self.order[before - 1]] if before else 0
            return Fraction(ledger.prices[position] - earned, ledger.unit)

        payments = Payments(self._last.groups(position), paid_by)
        return tuple(payments) if len(electorate.weights) <= AT_ONCE else payments


class Runner(NamedTuple):
    """A candidate and its moment, which is numerator / (support × the ledger's unit) and not before ``bound``."""

    position: int
    numerator: int
    support: int
    bound: float

    def against(self, other: Runner) -> int:
        """Negative when its moment comes first, 0 when they are the same."""
        return self.numerator * other.support - other.numerator * self.support


class _ListedPurchases:
    """The last purchase of each group, for a committee."""

    def __init__(self, electorate: Electorate) -> None:
        self._supporters = electorate.lists
        self._last = [_NEVER] * len(electorate.weights)

    def counted(self, position: int) -> dict[int, int]:
        """The supporters of a candidate by what they last bought, without those who never did."""
        last, counts = self._last, dict[int, int]()
        for group, weight, _ in self._supporters[position]:
            if last[group] != _NEVER:
                counts[last[group]] = counts.get(last[group], 0) + weight
        return counts

    def purchase(self, position: int) -> None:
        """Its supporters buy a candidate."""
        for group, _, _ in self._supporters[position]:
            self._last[group] = position

    def groups(self, position: int) -> Sequence[int]:
        """The groups that support a candidate."""
        return [group for group, _, _ in self._supporters[position]]


class _ArrayedPurchases:
    """The same in arrays, for a city."""

    def __init__(self, electorate: Electorate) -> None:
        self._arrays = electorate.arrays
        self._last = np.zeros(len(electorate.weights), dtype=np.intp)  # one more than the position

    def counted(self, position: int) -> dict[int, int]:
        """The supporters of a candidate by what they last bought, without those who never did."""
        supporters = self._arrays.supporters(position)
        counts = np.bincount(self._last[supporters.groups], supporters.weights)
        return {int(one) - 1: int(counts[one]) for one in counts.nonzero()[0] if one}

    def purchase(self, position: int) -> None:
        """Its supporters buy a candidate."""
        self._last[self._arrays.supporters(position).groups] = position + 1

    def groups(self, position: int) -> Sequence[int]:
        """The groups that support a candidate."""
        return cast(Sequence[int], self._arrays.supporters(position).groups)


def _last_purchases(electorate: Electorate) -> _ListedPurchases | _ArrayedPurchases:
    if electorate.many:
        return _ArrayedPurchases(electorate)
    return _ListedPurchases(electorate)
