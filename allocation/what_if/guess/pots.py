"""For pots: the rule once more, in floats, which is quick enough to try many amounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from allocation.model import Instance, Outcome
from allocation.what_if.search import smallest
from allocation.what_if.support import MoreSupport


class Pots:
    """Guesses for the average of the pots."""

    def __init__(self, instance: Instance, outcome: Outcome) -> None:
        self._budget = float(instance.budget)
        self._averages = {line.position: float(line.score) * instance.scale for line in outcome.trace if line.score}
        self._eligible = {line.position: line.eligible for line in outcome.trace}
        self._costs = {place: candidate.cost for place, candidate in enumerate(instance.candidates)}
        self._least = {place: candidate.least for place, candidate in enumerate(instance.candidates)}

    def support(self, more: MoreSupport) -> int:
        """The smallest amount more with which the floats say that it stays."""
        position = more.position
        before = self._averages.get(position, 0.0)
        voters = max(self._eligible[position], 1)

        def stays(steps: int) -> bool:
            averages = {**self._averages, position: before + steps / voters}
            return self._stays(position, averages, self._costs, self._least)

        return _or_all(stays, more.most)

    def cost(self, position: int) -> int:
        """The largest cost with which the floats say that it stays."""
        cost, least = self._costs[position], self._least[position]
        if position not in self._averages:
            return 1

        def stays(less: int) -> bool:
            costs = {**self._costs, position: cost - less}
            leasts = {**self._least, position: min(least, cost - less)}
            return self._stays(position, self._averages, costs, leasts)

        return cost - _or_all(stays, cost - 1)

    def _stays(
        self, position: int, averages: Mapping[int, float], costs: Mapping[int, int], least: Mapping[int, int]
    ) -> bool:
        """Whether the candidate does not drop out; nearly as :func:`allocation.rules.pots.average_pot` says."""
        pot = min(sum(averages.values()), self._budget)
        staying = sorted(averages, key=lambda place: costs[place] / averages[place])
        while position in staying:
            left, weight = pot, sum(averages[place] for place in staying)
            worst, furthest = None, 1.0
            for place in staying:
                share = min(float(costs[place]), left * averages[place] / weight)
                left -= share
                weight = max(weight - averages[place], 1e-300)
                if share < least[place] * (1 - 1e-12) and share / least[place] < furthest:
                    worst, furthest = place, share / least[place]
            if worst is None:
                return True
            staying.remove(worst)
        return False


def _or_all(works: Callable[[int], bool], most: int) -> int:
    found = smallest(works, most=most, guess=1)
    return most if found is None else found
