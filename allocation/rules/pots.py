"""Average of the pots: every voter divides the money, and each candidate gets what it got on average."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from math import floor, lcm

from allocation.counting import count
from allocation.model import BallotKind, Instance, Line, Outcome, Reason, UnbrokenTie, UnsuitableBallots


def average_pot(instance: Instance) -> Outcome:
    """Give each candidate its average amount, without anyone getting less than it can go on with.

    1. A candidate's *average* is what it got, divided by the voters who were allowed to vote on it, blank ballots
       included. What nobody gave anything to does not take part. The *pot* is the sum of the averages, and never more
       than the budget.
    2. Every candidate gets the same multiple of its average, at most what it costs. The multiple is the one with which
       the pot is used up, or with which everybody has what it costs.
    3. When some then get less than their minimum (what they cost, for those that are all or nothing), the one that is
       furthest off, as a part of its minimum, drops out; of equals the last in the tie order. Back to step 2: so what
       it would have got goes to the others, in the proportion of their averages.
    4. Amounts are rounded down to whole units, and the units that are left go to the largest remainders; of equals to
       the first in the tie order.

    ``score`` in the trace is the average in the currency; ``available`` is what there was for it before rounding.
    Those with the highest average are listed as taken first.

    Raises :class:`UnsuitableBallots` for other ballots, :class:`UnbrokenTie` when step 3 or 4 needs a tie order that
    the instance does not have.
    """
    if instance.kind is not BallotKind.POT:
        raise UnsuitableBallots(f"ballots of the kind {instance.kind} do not divide an amount of money")
    tally = count(instance)
    averages = [
        Fraction(total, eligible) if eligible else Fraction(0)
        for total, eligible in zip(tally.totals, tally.eligible, strict=True)
    ]
    pot = min(sum(averages, Fraction(0)), Fraction(instance.budget))
    shares, offered = _Pot(instance, averages, pot).shares()
    amounts = _whole(instance, shares)
    selected = _in_order(instance, averages, [position for position, amount in amounts.items() if amount > 0])
    lines = tuple(
        Line(
            position=position,
            reason=_reason(candidate.cost, amounts.get(position, 0), averages[position]),
            amount=amounts.get(position, 0),
            step=selected.index(position) + 1 if position in selected else None,
            support=tally.support[position],
            eligible=tally.eligible[position],
            score=averages[position] / instance.scale,
            needed=candidate.least,
            available=shares.get(position, offered.get(position, Fraction(0))),
        )
        for position, candidate in enumerate(instance.candidates)
    )
    return Outcome("average_pot", tuple(selected), tuple(line.amount for line in lines), lines)


def _reason(cost: int, amount: int, average: Fraction) -> Reason:
    if amount:
        return Reason.TAKEN if amount == cost else Reason.TAKEN_IN_PART
    return Reason.BELOW_MINIMUM if average else Reason.NO_SUPPORT


class _Pot:
    """Steps 2 and 3.

    Those that reach their cost do so in the order of cost / average, whoever drops out. Among the others the one that
    is furthest off is the one with the lowest average / minimum, for they all get the same multiple of their average.
    So both orders are made once, and averages are brought to whole numbers.
    """

    def __init__(self, instance: Instance, averages: Sequence[Fraction], pot: Fraction) -> None:
        self._instance = instance
        self._pot = pot
        whole = lcm(*(average.denominator for average in averages))
        self._weights = [int(average * whole) for average in averages]
        self._staying = {position for position, weight in enumerate(self._weights) if weight}
        self._by_cost = sorted(self._staying, key=lambda position: self._ratio(self._cost(position), position))
        least = {position: instance.candidates[position].least for position in self._staying}
        # Of nothing everybody gets the same part: nothing.
        self._by_shortage = sorted(
            (Fraction(self._weights[position] if pot else 0, least[position]), position)
            for position in least
            if least[position]
        )

    def shares(self) -> tuple[dict[int, Fraction], dict[int, Fraction]]:
        """What those that stay get, and what those that dropped out would have got when they did."""
        offered: dict[int, Fraction] = {}
        shares = self._divided()
        while self._by_shortage:
            off, position = self._by_shortage[0]
            if shares[position] >= self._instance.candidates[position].least:
                break
            dropped = self._last([other for ratio, other in self._by_shortage if ratio == off])
            offered[dropped] = shares[dropped]
            self._staying.remove(dropped)
            self._by_shortage.remove((off, dropped))
            shares = self._divided()
        return {position: shares[position] for position in sorted(self._staying)}, offered

    def _divided(self) -> _Shares:
        """The pot over those that stay."""
        weight = sum(self._weights[position] for position in self._staying)
        left = self._pot
        full: set[int] = set()
        for position in self._by_cost:
            if position in self._staying:
                cost = self._cost(position)
                if left.numerator * self._weights[position] < cost * weight * left.denominator:
                    break
                full.add(position)
                left -= cost
                weight -= self._weights[position]
        return _Shares(self._instance, self._weights, full, left / weight if weight else Fraction(0))

    def _last(self, tied: Sequence[int]) -> int:
        rank = self._instance.tie_rank
        if rank is None:
            if len(tied) > 1:
                raise UnbrokenTie(tuple(tied), tuple(self._instance.candidates[position].id for position in tied))
            return tied[0]
        return max(tied, key=lambda position: rank[position])

    def _cost(self, position: int) -> int:
        return self._instance.candidates[position].cost

    def _ratio(self, amount: int, position: int) -> Fraction:
        return Fraction(amount, self._weights[position])


@dataclass(frozen=True, slots=True)
class _Shares:
    """What each gets: its cost for those that are ``full``, and else its weight times ``multiple``."""

    instance: Instance
    weights: Sequence[int]
    full: Set[int]
    multiple: Fraction

    def __getitem__(self, position: int) -> Fraction:
        if position in self.full:
            return Fraction(self.instance.candidates[position].cost)
        return self.multiple * self.weights[position]


def _whole(instance: Instance, shares: Mapping[int, Fraction]) -> dict[int, int]:
    """Whole units by largest remainder."""
    amounts = {position: floor(share) for position, share in shares.items()}
    over = floor(sum(shares.values(), Fraction(0))) - sum(amounts.values())
    rest = {position: share - amounts[position] for position, share in shares.items()}
    rank = instance.tie_rank or range(len(instance.candidates))
    order = sorted(shares, key=lambda position: (-rest[position], rank[position]))
    if instance.tie_order is None and 0 < over < len(order) and rest[order[over - 1]] == rest[order[over]]:
        tied = tuple(position for position in order if rest[position] == rest[order[over]])
        raise UnbrokenTie(tied, tuple(instance.candidates[position].id for position in tied))
    for position in order[:over]:
        amounts[position] += 1
    return amounts


def _in_order(instance: Instance, averages: list[Fraction], taken: list[int]) -> list[int]:
    rank = instance.tie_rank or range(len(instance.candidates))
    return sorted(taken, key=lambda position: (-averages[position], rank[position]))
