"""Welfare maximum: of all sets that fit in the budget, the one that is worth most to the voters together.

This is the knapsack problem. It is solved exactly, in whole numbers, by the expanding core of Pisinger, "A Minimal
Algorithm for the 0-1 Knapsack Problem" (Operations Research 45, 1997): start from the greedy set by worth per cost,
then decide on candidates one by one from the doubtful middle outwards, keeping only partial sets that no other partial
set beats in both worth and cost (Nemhauser and Ullmann, 1969) and that could still become better than the best so far.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from allocation.counting import count
from allocation.model import AllocationError, Instance, Line, Outcome, Reason, UnbrokenTie

MOST_STATES = 1_000_000
"""Partial sets kept at once. Real elections need some thousands; only made-up ones come near."""


def welfare_votes(instance: Instance) -> Outcome:
    """The set with the most votes together. See :func:`_welfare`."""
    return _welfare(instance, "welfare_votes", per_cost=False)


def welfare_cost(instance: Instance) -> Outcome:
    """The set with the most votes together when each vote counts for what its candidate costs. See :func:`_welfare`."""
    return _welfare(instance, "welfare_cost", per_cost=True)


def _welfare(instance: Instance, name: str, *, per_cost: bool) -> Outcome:
    """The set of greatest total worth that fits in the budget.

    Of sets that are worth the same the cheapest wins; of those that cost the same too, the one with the candidate that
    stands first in the tie order and is not in both. Candidates without support are never taken. Where voters stepped
    back, votes are counted as they would be among all voters.

    Raises :class:`UnbrokenTie` when there is no tie order and two sets are equal in worth and cost.
    """
    tally = count(instance)
    votes = [tally.per_voter(position, support) for position, support in enumerate(tally.support)]
    worth = [
        vote * Fraction(candidate.cost, instance.scale) if per_cost else vote
        for vote, candidate in zip(votes, instance.candidates, strict=True)
    ]
    best = best_set(instance, worth, [support > 0 for support in tally.support])
    rank = instance.tie_rank or range(len(worth))
    selected = tuple(sorted(best, key=lambda position: (-worth[position], rank[position])))
    left = Fraction(instance.budget - sum(instance.candidates[position].cost for position in best))
    lines = []
    for position, candidate in enumerate(instance.candidates):
        taken = position in best
        if taken:
            reason = Reason.TAKEN
        elif not tally.support[position]:
            reason = Reason.NO_SUPPORT
        elif candidate.cost > instance.budget:
            reason = Reason.DEARER_THAN_BUDGET
        else:
            reason = Reason.NOT_IN_BEST_SET
        lines.append(
            Line(
                position=position,
                reason=reason,
                amount=candidate.cost if taken else 0,
                step=selected.index(position) + 1 if taken else None,
                support=tally.support[position],
                eligible=tally.eligible[position],
                score=worth[position],
                needed=candidate.cost,
                available=left,
            )
        )
    return Outcome(name, selected, tuple(line.amount for line in lines), tuple(lines))


def best_set(instance: Instance, worth: list[Fraction], wanted: list[bool]) -> frozenset[int]:
    """The wanted candidates that are worth most together within the budget."""
    free = [position for position, c in enumerate(instance.candidates) if wanted[position] and c.cost == 0]
    order = instance.tie_order or range(len(worth))
    items = [p for p in order if wanted[p] and 0 < instance.candidates[p].cost <= instance.budget]
    chosen = frozenset(_solve(instance, worth, items, 1))
    if instance.tie_order is None:
        other = frozenset(_solve(instance, worth, items, -1))
        if other != chosen:
            tied = tuple(sorted(chosen ^ other))
            raise UnbrokenTie(tied, tuple(instance.candidates[position].id for position in tied))
    return chosen.union(free)


def _solve(instance: Instance, worth: list[Fraction], items: list[int], first_wins: int) -> list[int]:
    """The best set of ``items``, which stand in tie order.

    Worth, cost and tie order go into one whole number per candidate: worth in the highest digits, then minus the cost,
    then one bit for its place. Adding these up compares sets in just that order, and the bits tell which set it is.
    ``first_wins`` -1 turns the bits round: when both ways give the same set, there is only one best set.
    """
    if not items:
        return []
    size = len(items)
    costs = [instance.candidates[position].cost for position in items]
    unit = gcd(*costs)
    costs = [cost // unit for cost in costs]
    whole = lcm(*(worth[position].denominator for position in items))
    above_cost = sum(costs) + 1
    profits = [
        (int(worth[position] * whole) * above_cost - cost) * 2**size + first_wins * 2 ** (size - 1 - place)
        for place, (position, cost) in enumerate(zip(items, costs, strict=True))
    ]
    total = _Knapsack(profits, costs, instance.budget // unit).best()
    bits = (first_wins * total) % 2**size
    return [position for place, position in enumerate(items) if bits >> (size - 1 - place) & 1]


@dataclass(slots=True)
class _Knapsack:
    """``profits`` and ``costs`` side by side, all costs above 0 and at most ``room``."""

    profits: list[int]
    costs: list[int]
    room: int

    def best(self) -> int:
        """The greatest total profit of a set that fits."""
        order = sorted(range(len(self.costs)), key=lambda i: Fraction(self.profits[i], self.costs[i]), reverse=True)
        profits = [self.profits[i] for i in order]
        costs = [self.costs[i] for i in order]
        below = 0  # everything left of the core is in, everything right of it is out
        cost = profit = 0
        while below < len(costs) and cost + costs[below] <= self.room:
            cost += costs[below]
            profit += profits[below]
            below += 1
        above = below
        below -= 1
        states = [(cost, profit)]  # cost and profit both rising
        best = profit
        while states and (below >= 0 or above < len(costs)):
            if above < len(costs):
                states = _merge(states, [(c + costs[above], p + profits[above]) for c, p in states])
                above += 1
                states, best = self._prune(states, best, profits, costs, below, above)
            if below >= 0:
                states = _merge([(c - costs[below], p - profits[below]) for c, p in states], states)
                below -= 1
                states, best = self._prune(states, best, profits, costs, below, above)
            if len(states) > MOST_STATES:
                raise AllocationError(
                    "there are too many sets that are nearly as good as each other to find the best one; "
                    "choose another rule, or round the costs"
                )
        return best

    def _prune(
        self, states: list[tuple[int, int]], best: int, profits: list[int], costs: list[int], below: int, above: int
    ) -> tuple[list[tuple[int, int]], int]:
        """Drop partial sets that cannot become better than the best, even if candidates could be cut in pieces."""
        best = max((p for c, p in states if c <= self.room and p > best), default=best)
        kept = []
        for c, p in states:
            spare = self.room - c
            if spare >= 0:
                bound = p + (max(spare * profits[above] // costs[above], 0) if above < len(costs) else 0)
            elif below >= 0:
                bound = p + spare * profits[below] // costs[below]
            else:
                continue
            if bound > best:
                kept.append((c, p))
        return kept, best


def _merge(some: list[tuple[int, int]], others: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Two rising lists to one, without states that cost at least as much as another and give no more."""
    merged: list[tuple[int, int]] = []
    most: int | None = None
    for state in sorted(some + others, key=lambda state: (state[0], -state[1])):
        if most is None or state[1] > most:
            merged.append(state)
            most = state[1]
    return merged
