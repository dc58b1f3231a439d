"""For welfare: which sets fit hardly ever depends on the last cent, so whole coins are tried first."""

from __future__ import annotations

import math

from allocation.model import Instance, Outcome
from allocation.what_if.search import at_cost, smallest
from allocation.what_if.support import MoreSupport
from allocation.what_if.takes import Takes


class Sets:
    """Guesses for the welfare rules."""

    def __init__(self, instance: Instance, outcome: Outcome, takes: Takes) -> None:
        self._instance = instance
        self._outcome = outcome
        self._takes = takes

    def support(self, more: MoreSupport) -> int:
        """There is nothing better to start with than one."""
        del more
        return 1

    def cost(self, position: int) -> int:
        """The largest cost that leaves the others a whole number of coins, of the largest coin that pays them all."""
        costs = [c.cost for place, c in enumerate(self._instance.candidates) if place != position and c.cost]
        coin = math.gcd(*costs) if costs else 1
        top = min(self._instance.candidates[position].cost - 1, self._instance.budget)
        rest = self._instance.budget % coin
        highest = top - (top - rest) % coin  # the largest cost under the top that is a whole number of coins short
        coins = smallest(
            lambda less: self._takes(
                at_cost(self._instance, position, highest - (less - 1) * coin), self._outcome.rule, position
            ),
            most=(highest - 1) // coin + 1 if highest > 0 else 0,
            guess=1,
        )
        return 1 if coins is None else highest - (coins - 1) * coin
