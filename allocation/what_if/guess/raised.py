"""For equal shares with raised endowments: the plain rule at the endowment where the raising ended."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import floor

from allocation.model import AllocationError, Instance, Outcome, Reason
from allocation.rules import allocate
from allocation.what_if.guess.shares import EqualShares
from allocation.what_if.search import at_cost, smallest
from allocation.what_if.support import MoreSupport
from allocation.what_if.takes import Takes


class Raised:
    """Guesses for raised endowments, with and without greedy completion.

    A whole run tries many endowments; the last of them, and the next, nearly always decide.
    """

    def __init__(self, instance: Instance, outcome: Outcome, takes: Takes) -> None:
        self._instance = instance
        self._outcome = outcome
        self._takes = takes
        self._rule = "_".join(outcome.rule.split("_")[:2])
        self._plain = EqualShares(instance, outcome)
        self._endowment = outcome.endowment or Fraction(0)
        self._step = instance.scale
        self._endowments: dict[tuple[int, int], Fraction] = {}

    def support(self, more: MoreSupport) -> int:
        """The fewest supporters with which the plain rule takes it at one of the last endowments."""
        found = smallest(
            lambda steps: any(
                self._taken_plainly(more.with_extra(steps), more.position, self._endowment + further * self._step)
                for further in (0, 1)
            ),
            most=more.most,
            guess=self._plain.support(more),
        )
        return more.most if found is None else found

    def cost(self, position: int) -> int:
        """The largest cost with which the plain rule takes it at the last endowment, or that was left over."""
        line = self._outcome.trace[position]
        at_a_step, at_the_end = self._plain.prices(position)
        left = self._instance.budget - self._outcome.spent
        price = self._largest(position, floor(max(at_a_step, min(at_the_end, left))), self._endowment)
        return max(price, floor(line.available)) if line.reason is Reason.DOES_NOT_FIT else price

    def takes_at(self, position: int, cost: int) -> bool:
        """Whether the whole rule takes it at this cost."""
        try:
            outcome = allocate(at_cost(self._instance, position, cost), self._outcome.rule)
        except AllocationError:
            return False
        self._endowments[position, cost] = outcome.endowment or Fraction(0)
        return position in outcome.selected

    def hints(self, position: int, cost: int) -> set[int]:
        """What the plain rule says at the endowments around the one where the raising ended at this cost."""
        ended = self._endowments.get((position, cost), self._endowment)
        return {self._largest(position, cost, ended + further * self._step) for further in (1, 0, -1, -2)}

    def _largest(self, position: int, start: int, endowment: Fraction) -> int:
        """The largest cost at which the plain rule takes it with this endowment."""
        cost = self._instance.candidates[position].cost
        less = smallest(
            lambda less: self._taken_plainly(at_cost(self._instance, position, cost - less), position, endowment),
            most=cost - 1,
            guess=cost - start,
            leap=max(cost // 64, 1),
        )
        return 1 if less is None else cost - less

    def _taken_plainly(self, instance: Instance, position: int, endowment: Fraction) -> bool:
        money = floor(endowment * instance.voters)
        return money >= 0 and self._takes(replace(instance, budget=money), self._rule, position)
