"""For equal shares with raised endowments: the plain rule at the endowment where the raising ended."""

from __future__ import annotations

from dataclasses import replace
from math import floor

from allocation.model import Instance, Outcome, Reason
from allocation.what_if.guess.order import InOrder
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
        self._completed = any(line.reason is Reason.TAKEN_IN_COMPLETION for line in outcome.trace)
        self._plain = EqualShares(instance, outcome)
        self._order = InOrder(instance, outcome)

    def support(self, more: MoreSupport) -> int:
        """The fewest supporters with which the plain rule takes it at one of the last endowments."""
        found = smallest(
            lambda steps: self._taken_near_the_end(more.with_extra(steps), more.position),
            most=more.most,
            guess=self._plain.support(more),
        )
        return more.most if found is None else found

    def cost(self, position: int) -> int:
        """The largest cost with which the plain rule takes it at one of the last endowments, or that was left over."""
        cost = self._instance.candidates[position].cost
        line = self._outcome.trace[position]
        at_a_step, at_the_end = self._plain.prices(position)
        left = self._instance.budget - self._outcome.spent
        start = floor(max(at_a_step, min(at_the_end, left)))
        less = smallest(
            lambda less: self._taken_near_the_end(at_cost(self._instance, position, cost - less), position),
            most=cost - 1,
            guess=cost - start,
        )
        by_shares = 1 if less is None else cost - less
        return max(by_shares, floor(line.available)) if line.reason is Reason.DOES_NOT_FIT else by_shares

    def _taken_near_the_end(self, instance: Instance, position: int) -> bool:
        endowment = self._outcome.endowment or 0
        for more in (0, 1):
            money = (endowment + more * instance.scale) * instance.voters
            if self._takes(replace(instance, budget=floor(money)), self._rule, position):
                return True
        return False
