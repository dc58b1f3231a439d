"""How far the endowment can rise before anything in the course of a run can change.

Stepping the endowment up by one runs the whole method about a thousand times on a committee, and nearly every run goes
exactly like the one before. Here is worked out from one run how many steps will, so that raising can jump over them.
The idea of jumping to the next endowment that matters is that of Kraiczy, Robinson and Elkind, "Streamlining Equal
Shares" (arXiv 2502.11797, 2025), who do it for a variant in which supporters pay equally or not at all. What
follows handles the method itself, where the poor give all they have.

**Proof sketch.** Let the endowment be E + j·d for j = 0, 1, 2, …

1. Suppose that up to some step the same candidates are taken, and that each time the same supporters are poor. Then
   each purse b(j) and each price p(j) so far is *affine* in j: the next price is (cost - money of the poor) / liking
   of the rich, and what is subtracted from affine is affine. The slopes follow from the same bills as the prices,
   with endowment d and cost 0; they are exact.
2. The taken candidate's supporters stay poor or rich as long as b(j) - p(j)·liking keeps its sign: a linear inequality
   for each of them.
3. It is taken again if no other candidate has a lower rate, or an equal one and a better place in the tie order. At the
   rate of the taken one the supporters of another would pay F(j) = Σ min(b(j), price(j)·liking), and that candidate has
   a higher rate (or none) if and only if F(j) < cost. As a sum of minima of affine functions F is concave, so it stays
   below its tangent at j = 0: no earlier than where the tangent reaches the cost can F do so. (Which is why other
   candidates' supporters may change between poor and rich as they like.) From there on the next tangent is used.
4. A candidate that was exactly tied and lost has F(0) = cost. If its tangent does not rise, F never exceeds the cost,
   so it stays tied or gets worse, and loses again. The slope is computed exactly; if it rises there is no jump.
5. After the last step no other candidate is affordable as long as Σ b(j) < cost: linear again.

By induction over the steps the course is the same for every j below the smallest of these limits. The floats used for
2, 3 and 5 are off by less than what is taken from each gap and added to each slope, so a limit is never too high;
where it is too low one run too many is made. Supporters who have *exactly* what they must pay (``Step.even``) allow
no jump.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from allocation.rules.equal_shares.course import Course, Step
from allocation.rules.equal_shares.electorate import Floats
from allocation.rules.equal_shares.ledger import Ledger

_ROUNDING = 2.0**-52
_FURTHEST = 2.0**62
_FAR = 2.0**32
_SAFELY = 1.0 - 2.0**-40
_LARGE = 10_000
_WORTH_A_LOOK = 3.0
_TANGENTS = 20


def horizon(course: Course, increment: int) -> int:
    """The number of increments (in units, at least 1) after which the course has to be run again."""
    if any(step.even for step in course.steps):
        return 1
    slopes = _slopes(course, increment)
    if slopes is None:
        return 1
    reach = _Horizon(course, increment, slopes).reach()
    return max(1, math.ceil(min(reach * _SAFELY, _FURTHEST)))


def _slopes(course: Course, increment: int) -> Ledger | None:
    """How fast each price changes, exactly; None when a candidate that lost a tie gains on the winner."""
    worth = course.electorate.worth
    slopes = Ledger(Fraction(increment))
    for step in course.steps:
        slopes.book(step.position, -slopes.money(step.bill), step.bill.liking)
        for position, bill in step.ties:
            others = slopes.money(bill) * worth[step.position]
            own = bill.liking * slopes.prices[step.position] * worth[position]
            if others + own > 0:
                return None
    return slopes


class _Horizon:
    """The course once more, with floats for where each purse stands and how fast it moves."""

    def __init__(self, course: Course, increment: int, slopes: Ledger) -> None:
        self._course = course
        self._arrays = course.electorate.arrays
        self._increment = float(increment)
        self._prices = {one: price / course.ledger.unit for one, price in course.ledger.prices.items()}
        self._slopes = {one: slope / slopes.unit for one, slope in slopes.prices.items()}
        arrays, costs = self._arrays, np.array(course.electorate.costs, dtype=np.float64)
        self._worth = np.array(course.electorate.worth, dtype=np.float64)
        self._liked_worth = arrays.liked * self._worth
        self._use: Floats = self._worth.take(arrays.pair_candidates)  # of each pair of a candidate and a supporter
        if arrays.pair_likings is not None:
            self._use = self._use * arrays.pair_likings
        self._adding_up = (float(arrays.sizes.max(initial=0)) + 8) * _ROUNDING  # what a sum can be off, relatively
        self._room = costs - self._adding_up * costs
        self._never = np.full(len(costs), math.inf)  # for the candidates that are in the race, nothing
        self._never[[one for one in course.electorate.competing if costs[one]]] = 0.0
        self._start()

    def _start(self) -> None:
        groups = len(self._arrays.weights)
        self._purses = np.full(groups, float(self._course.endowment))
        self._speeds = np.full(groups, self._increment)
        self._steps = 1
        self._fastest = self._increment  # no purse moves faster than this

    def reach(self) -> float:
        """The smallest limit. In a large election first over those who pay: it is quick and mostly leaves no room."""
        steps = [step for step in self._course.steps if self._prices[step.position]]
        limit = math.inf
        if len(self._arrays.pair_groups) > _LARGE:
            for step in steps:
                limit = min(limit, self._charge(step))
                if limit < _WORTH_A_LOOK:
                    return 1.0
            self._start()
        for step in steps:
            self._never[step.position] = math.inf
            limit = min(limit, self._rivals(step, limit))
            limit = min(limit, self._charge(step))
            if limit <= 1.0:
                return 1.0
        return min(limit, self._leftovers())

    def _charge(self, step: Step) -> float:
        """Let the supporters of a taken candidate pay; until when the same ones are poor."""
        supporters = self._arrays.supporters(step.position)
        purses, speeds = self._purses.take(supporters.groups), self._speeds.take(supporters.groups)
        price, slope = self._prices[step.position], self._slopes[step.position]
        after = purses - (price if supporters.likings is None else price * supporters.likings)
        moving = speeds - (slope if supporters.likings is None else slope * supporters.likings)
        rich = after > 0.0
        limit = _limit(np.abs(after) - self._purse_error(0.0), np.where(rich, -moving, moving) + self._speed_error)
        self._purses[supporters.groups] = after * rich
        self._speeds[supporters.groups] = moving * rich
        self._steps += 1
        self._fastest += abs(slope) * self._course.electorate.fondest
        return limit

    def _purse_error(self, later: float) -> float:
        """How far a purse can be from the truth after so many increments."""
        now = (self._steps + 1) * 2 * _ROUNDING * float(self._course.endowment)
        return now + later * (self._speed_error + 4 * _ROUNDING * self._fastest)

    @property
    def _speed_error(self) -> float:
        return (self._steps + 1) * 2 * _ROUNDING * self._fastest

    def _rivals(self, step: Step, limit: float) -> float:
        """Until when no other candidate has as low a rate as the one that was taken, at most ``limit``.

        Where a tangent reaches the cost, what the supporters would pay is computed again and a new tangent is drawn
        from there, until that makes no difference any more.
        """
        groups, worth = self._arrays.pair_groups, float(self._worth[step.position])
        rate, slope = self._prices[step.position] / worth, self._slopes[step.position] / worth
        never = self._never
        if step.ties:
            never = never.copy()
            never[[one for one, _ in step.ties]] = math.inf
        purses, speeds = self._purses.take(groups), self._speeds.take(groups)
        most, faster = self._use * rate, self._use * slope
        sure = found = 0.0
        for _ in range(_TANGENTS):
            now, most_now = (purses + sure * speeds, most + sure * faster) if sure else (purses, most)
            poor = now <= most_now
            error = self._arrays.support * self._purse_error(sure)
            error += self._liked_worth * (8 * _ROUNDING * (rate + sure * abs(slope)))
            paid, moving = np.where(poor, now, most_now), np.where(poor, speeds, faster)
            found = sure + self._until_paid(paid, moving, error, abs(slope), never)
            if found >= min(limit, _FAR) or math.floor(found * _SAFELY) <= sure:
                break
            sure = float(math.floor(found * _SAFELY))
        return found

    def _leftovers(self) -> float:
        """Until when the supporters of those that were left do not have the cost together."""
        groups = self._arrays.pair_groups
        error = self._arrays.support * self._purse_error(0.0)
        return self._until_paid(self._purses.take(groups), self._speeds.take(groups), error, 0.0, self._never)

    def _until_paid(self, paid: Floats, moving: Floats, error: Floats, slope: float, never: Floats) -> float:
        """Until when what each pair of group and candidate pays does not add up to the cost of any rival.

        ``moving`` is how much more they pay with each increment: no more than the fastest purse, or ``slope`` times
        their use. ``error``, by candidate, is how far the sum of ``paid`` can be off.
        """
        arrays, inexact = self._arrays, self._adding_up
        total = np.bincount(arrays.pair_candidates, paid * arrays.pair_weights, minlength=len(never))
        speed = np.bincount(arrays.pair_candidates, moving * arrays.pair_weights, minlength=len(never))
        gap = self._room - total * (1.0 + inexact) - error
        speed_error = arrays.support * (self._speed_error + inexact * self._fastest) + self._liked_worth * (
            inexact * slope
        )
        return _limit(gap, speed + speed_error, never)


def _limit(gaps: Floats, speeds: Floats, never: Floats | float = 0.0) -> float:
    """When the first of the gaps closes; those that widen never do, nor those marked with infinity."""
    when = np.full(len(gaps), math.inf)
    np.divide(gaps, speeds, out=when, where=speeds > 0.0)
    return float((when + never).min(initial=math.inf))
