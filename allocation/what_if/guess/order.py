"""For rules that go down an order: who would have to be overtaken, and what was left at that moment."""

from __future__ import annotations

import math
from fractions import Fraction

from allocation.model import Instance, Line, Outcome, Reason
from allocation.what_if.support import MoreSupport

#: What no cost can mend.
WHATEVER_IT_COSTS = frozenset(
    {
        Reason.STOPPED,
        Reason.NO_SUPPORT,
        Reason.BELOW_THRESHOLD,
        Reason.NO_MAJORITY,
        Reason.NO_QUORUM,
        Reason.EXCLUDED,
    }
)


class InOrder:
    """Guesses for the greedy rules, for majority, and for greedy completion (``reasons`` says which steps count)."""

    def __init__(self, instance: Instance, outcome: Outcome) -> None:
        self._instance = instance
        self._outcome = outcome
        self._steps = [outcome.trace[position] for position in outcome.selected]
        self._per_cost = outcome.rule == "greedy_votes_per_cost"

    def support(self, more: MoreSupport) -> int:
        """Enough to come before the last that can be given up for it, and over a threshold, and to a majority."""
        line = self._outcome.trace[more.position]
        cost = self._instance.candidates[line.position].cost
        target = line.score
        if line.reason is Reason.BELOW_THRESHOLD and self._instance.threshold is not None:
            target = max(target, Fraction(self._instance.threshold))
        elif line.reason is Reason.NO_MAJORITY:
            return self._to_a_majority(line)
        for step, left in self._turns():
            if cost > left:
                break
            target = step.score
        steps = math.ceil((target - line.score) / self._a_step(line))
        return steps if steps > 0 else 1

    def cost(self, position: int) -> int:
        """What was left when its turn came; if its place depends on its cost, the best place it could have bought."""
        line = self._outcome.trace[position]
        if line.reason in WHATEVER_IT_COSTS:
            return 1
        best = math.floor(line.available)
        if self._per_cost and line.support:
            votes = line.score * line.needed
            for step, left in self._turns():
                if step.needed:  # what is free goes before everything
                    best = max(best, min(left, math.floor(votes / step.score)) if step.score else left)
        return best

    def _turns(self) -> list[tuple[Line, int]]:
        """The steps, each with the budget that was left before it."""
        left = self._instance.budget
        turns = []
        for step in self._steps:
            turns.append((step, left))
            left -= step.amount
        return turns

    def _a_step(self, line: Line) -> Fraction:
        """How much the score rises with one step of extra support."""
        everyone = Fraction(self._instance.voters, max(line.eligible, 1))
        if "votes" in self._outcome.rule:
            unit = Fraction(self._instance.scale, max(line.needed, 1)) if self._per_cost else Fraction(1)
            return everyone * unit
        if self._outcome.rule == "majority":
            return 2 * everyone
        return everyone / self._instance.value_scale

    def _to_a_majority(self, line: Line) -> int:
        """Enough that a no or a blank turned yes makes more yes than no; half of the margin when all were nos."""
        everyone = Fraction(self._instance.voters, max(line.eligible, 1))
        return max(math.floor(-line.score / everyone / 2) + 1, 1)
