"""Counting ballots: supporters, voters who were allowed to vote, and sums of values, per candidate."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

from allocation.model import BallotKind, Instance

WITHOUT_VALUES = frozenset({BallotKind.APPROVAL, BallotKind.CHOOSE_ONE})


@dataclass(frozen=True, slots=True)
class Tally:
    """What the ballots add up to; every tuple runs by position.

    ``support``: voters in favour (a tick, a yes, or any points, money, score or place at all). ``eligible``: voters who
    did not step back. ``answered``: voters whose ballot names the candidate at all (differs from support for
    yes/no/abstain only). ``totals``: the sum of the values given (supporters, for kinds without values).
    """

    voters: int
    support: tuple[int, ...]
    eligible: tuple[int, ...]
    answered: tuple[int, ...]
    against: tuple[int, ...]
    totals: tuple[int, ...]

    def per_voter(self, position: int, number: int | Fraction) -> Fraction:
        """``number`` as it would be had every voter been allowed to vote: itself when nobody stepped back.

        So candidates with fewer eligible voters compete on their share and not on their count.
        """
        eligible = self.eligible[position]
        return Fraction(number * self.voters, eligible) if eligible else Fraction(0)


def count(instance: Instance) -> Tally:
    """Count all ballots once. Linear in the number of different ballots."""
    voters = instance.voters
    size = len(instance.candidates)
    away = _away(instance)
    answered = _named(instance)
    support = totals = answered
    against: Counter[int] = Counter()
    if instance.kind not in WITHOUT_VALUES:
        totals, in_favour, against = _valued(instance)
        if instance.kind is BallotKind.YES_NO:
            support = in_favour

    def by_position(counts: Counter[int]) -> tuple[int, ...]:
        return tuple(counts[position] for position in range(size))

    return Tally(
        voters=voters,
        support=by_position(support),
        eligible=tuple(voters - away[position] for position in range(size)),
        answered=by_position(answered),
        against=by_position(against),
        totals=by_position(totals),
    )


def _away(instance: Instance) -> Counter[int]:
    """Voters who stepped back from each candidate."""
    away: Counter[int] = Counter()
    for group in instance.recusing:
        for position in group.recused:
            away[position] += group.weight
    return away


def _valued(instance: Instance) -> tuple[Counter[int], Counter[int], Counter[int]]:
    """The sum of the values, the voters who gave more than 0, and the voters who gave less."""
    totals: Counter[int] = Counter()
    in_favour: Counter[int] = Counter()
    against: Counter[int] = Counter()
    for group in instance.groups:
        weight = group.weight
        for position, value in zip(group.choices, group.values, strict=True):
            totals[position] += value * weight
            if value > 0:
                in_favour[position] += weight
            elif value < 0:
                against[position] += weight
    return totals, in_favour, against


def _named(instance: Instance) -> Counter[int]:
    """Voters whose ballot names each candidate; ballots of equal weight are counted in one sweep."""
    by_weight: defaultdict[int, list[tuple[int, ...]]] = defaultdict(list)
    for weight, choices in zip(instance.weights, instance.choices, strict=True):
        by_weight[weight].append(choices)
    named: Counter[int] = Counter()
    for weight, ballots in by_weight.items():
        for position, times in Counter(chain.from_iterable(ballots)).items():
            named[position] += times * weight
    return named
