"""For Phragmén: what supporters had earned by the moment of each step."""

from __future__ import annotations

import math
from collections.abc import Iterator

from allocation.model import Instance, Outcome
from allocation.what_if.guess.shares import HAIR, helpers_for
from allocation.what_if.support import MoreSupport, in_favour


class InTime:
    """Guesses for sequential Phragmén: by some moment supporters had just enough, and it still fitted."""

    def __init__(self, instance: Instance, outcome: Outcome) -> None:
        self._instance = instance
        self._outcome = outcome
        self._weights = [group.weight for group in instance.groups]
        self._moments = list(self._history())

    def support(self, more: MoreSupport) -> int:
        """How many more supporters would have earned its cost in time."""
        cost = self._instance.candidates[more.position].cost
        fans = self._fans(more.position)
        best = more.most
        for moment, left, loads in self._moments:
            if cost > left:
                break
            earned = [max(moment - load, 0.0) for load in loads]
            needed = cost * (1 - HAIR) - sum(self._weights[number] * earned[number] for number in fans)
            best = min(best, helpers_for(needed, [(self._weights[n], earned[n]) for n in more.order], best))
        return best

    def cost(self, position: int) -> int:
        """The largest cost that its supporters had earned in time."""
        fans = self._fans(position)
        best = 0.0
        for moment, left, loads in self._moments:
            earned = sum(self._weights[number] * max(moment - loads[number], 0.0) for number in fans)
            best = max(best, min(earned * (1 + HAIR), left))
        return math.floor(best)

    def _fans(self, position: int) -> list[int]:
        kind = self._instance.kind
        return [n for n, group in enumerate(self._instance.groups) if in_favour(group, position, kind)]

    def _history(self) -> Iterator[tuple[float, int, list[float]]]:
        """For each step and for the end: its moment, the budget left before it, the loads of all groups before it."""
        loads = [0.0] * len(self._weights)
        left = self._instance.budget
        for position in self._outcome.selected:
            line = self._outcome.trace[position]
            shares = {number: float(share) for number, share in line.payments}
            if shares:
                yield max(loads[number] + share for number, share in shares.items()), left, loads
                loads = [load + shares.get(number, 0.0) for number, load in enumerate(loads)]
            left -= line.amount
        yield self._stopping_moment(loads), left, loads

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
