"""Average of the pots: every voter divides the money, and each candidate gets what it got on average."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor

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
    offered = {position: Fraction(0) for position in range(len(averages))}  # what there was for those that dropped out
    staying = [position for position, average in enumerate(averages) if average > 0]
    shares: dict[int, Fraction] = {}
    while staying:
        shares = _shares(instance, averages, staying, pot)
        short = {
            position: share / instance.candidates[position].least
            for position, share in shares.items()
            if share < instance.candidates[position].least
        }
        if not short:
            break
        dropped = _furthest_off(instance, short)
        offered[dropped] = shares.pop(dropped)
        staying.remove(dropped)
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
            available=shares.get(position, offered[position]),
        )
        for position, candidate in enumerate(instance.candidates)
    )
    return Outcome("average_pot", tuple(selected), tuple(line.amount for line in lines), lines)


def _reason(cost: int, amount: int, average: Fraction) -> Reason:
    if amount:
        return Reason.TAKEN if amount == cost else Reason.TAKEN_IN_PART
    return Reason.BELOW_MINIMUM if average else Reason.NO_SUPPORT


def _shares(instance: Instance, averages: list[Fraction], staying: list[int], pot: Fraction) -> dict[int, Fraction]:
    """The pot over the candidates in the proportion of their averages, none more than it costs."""
    shares: dict[int, Fraction] = {}
    left = pot
    # Those that reach their cost at the lowest multiple come first; once one does not, nobody after it does.
    waiting = sorted(staying, key=lambda position: instance.candidates[position].cost / averages[position])
    weight = sum((averages[position] for position in waiting), Fraction(0))
    for position in waiting:
        shares[position] = min(Fraction(instance.candidates[position].cost), left * averages[position] / weight)
        left -= shares[position]
        weight -= averages[position]
    return shares


def _furthest_off(instance: Instance, short: Mapping[int, Fraction]) -> int:
    least = min(short.values())
    tied = tuple(position for position, part in short.items() if part == least)
    rank = instance.tie_rank
    if rank is None:
        if len(tied) > 1:
            raise UnbrokenTie(tied, tuple(instance.candidates[position].id for position in tied))
        return tied[0]
    return max(tied, key=lambda position: rank[position])


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
