"""Who may pay for what: an instance turned round, from ballots with candidates to candidates with supporters."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from allocation.model import BallotKind, Instance, UnsuitableBallots

type Floats = npt.NDArray[np.float64]
type Indices = npt.NDArray[np.intp]
type Flags = npt.NDArray[np.bool_]

_WITHOUT_VALUES = frozenset({BallotKind.APPROVAL, BallotKind.CHOOSE_ONE})
_EXACT_IN_FLOAT = 2**53

ARRAYS_FROM = 2000
"""Groups, or pairs of a group and a candidate it supports, from which arrays are faster than lists."""


class Utility(StrEnum):
    """How much use a supporter has of a candidate that is taken, which decides whose money goes furthest."""

    COST = "cost"  # as much as it costs
    CARDINALITY = "cardinality"  # one, whatever it costs
    POINTS = "points"  # the points this supporter gave it


class Supporters(NamedTuple):
    """The groups that support one candidate, as arrays side by side. ``likings`` is None when every liking is 1."""

    groups: Indices
    weights: Floats
    likings: Floats | None


class Electorate:
    """The part of an instance that decides who pays for what. Built once, used by every course.

    ``ballots`` holds, by group, the candidates it supports; ``likings`` runs beside it and is None when every liking is
    1. A supporter never pays more than the *price* of a candidate times their liking for it. ``worth`` is the
    use per unit of liking: the price divided by the worth is the *rate*, and the lowest rate wins.
    """

    def __init__(self, instance: Instance, utility: Utility) -> None:
        self.instance = instance
        self.utility = utility
        self.costs = [candidate.cost for candidate in instance.candidates]
        self.worth = [max(cost, 1) if utility is Utility.COST else 1 for cost in self.costs]
        self.weights = instance.weights
        self.voters = sum(self.weights)
        self.endowment = Fraction(max(instance.budget, 0), max(self.voters, 1))
        self.ballots: Sequence[tuple[int, ...]]
        self.likings: Sequence[tuple[int, ...]] | None
        self.ballots, self.likings = _support(instance, utility)

    @cached_property
    def lists(self) -> list[list[tuple[int, int, int]]]:
        """By candidate: (group, voters in it, their liking) for each group that supports it."""
        found: list[list[tuple[int, int, int]]] = [[] for _ in self.costs]
        if self.likings is None:
            for number, (ballot, weight) in enumerate(zip(self.ballots, self.weights, strict=True)):
                entry = (number, weight, 1)
                for position in ballot:
                    found[position].append(entry)
            return found
        for number, (ballot, weight, likings) in enumerate(zip(self.ballots, self.weights, self.likings, strict=True)):
            for position, liking in zip(ballot, likings, strict=True):
                found[position].append((number, weight, liking))
        return found

    @cached_property
    def arrays(self) -> Arrays:
        """The same as arrays."""
        return Arrays(self)

    @cached_property
    def support(self) -> list[int]:
        """By candidate: the number of voters that support it."""
        if self.many:
            return [int(total) for total in self.arrays.support]
        return [sum(weight for _, weight, _ in entries) for entries in self.lists]

    @cached_property
    def liked(self) -> list[int]:
        """By candidate: the likings of all its supporters added up."""
        if self.likings is None:
            return self.support
        if self.many:
            return [int(total) for total in self.arrays.liked]
        return [sum(weight * liking for _, weight, liking in entries) for entries in self.lists]

    @cached_property
    def eligible(self) -> list[int]:
        """By candidate: the number of voters who did not step back from it."""
        eligible = [self.voters] * len(self.costs)
        for group in self.instance.recusing:
            for position in group.recused:
                eligible[position] -= group.weight
        return eligible

    @cached_property
    def votes(self) -> list[Fraction]:
        """By candidate: its support as it would be had every voter been allowed to vote on it."""
        return [
            Fraction(support * self.voters, eligible) if eligible else Fraction(0)
            for support, eligible in zip(self.support, self.eligible, strict=True)
        ]

    @property
    def scale(self) -> int:
        """How many of a ballot's values make one of use."""
        return self.instance.value_scale if self.utility is Utility.POINTS else 1

    def ballot(self, group: int) -> tuple[tuple[int, ...], tuple[int, ...] | None]:
        """What a group supports, and its likings unless all of them are 1."""
        return self.ballots[group], None if self.likings is None else self.likings[group]

    def counted(self, groups: Sequence[int]) -> tuple[int, dict[int, int]]:
        """The voters in these groups, and by candidate the sum of their likings for it (where there are any)."""
        if self.many:
            voters, sums = self.arrays.counted(np.array(groups, dtype=np.intp))
            return int(voters), {position: int(total) for position, total in enumerate(sums) if total}
        found: dict[int, int] = {}
        for group in groups:
            weight = self.weights[group]
            ballot, likings = self.ballot(group)
            for position, liking in zip(ballot, likings or (1,) * len(ballot), strict=True):
                found[position] = found.get(position, 0) + weight * liking
        return sum(self.weights[group] for group in groups), found

    @cached_property
    def fondest(self) -> int:
        """The most that anyone likes anything."""
        return 1 if self.likings is None else max(chain.from_iterable(self.likings), default=1)

    @cached_property
    def many(self) -> bool:
        """Whether arrays are faster than lists, and every count of voters and likings is exact as a float."""
        enough = len(self.ballots) >= ARRAYS_FROM or sum(map(len, self.ballots)) >= ARRAYS_FROM
        return enough and self.voters * self.fondest < _EXACT_IN_FLOAT

    @cached_property
    def competing(self) -> list[int]:
        """The candidates that take part: some support, and no less than the threshold if there is one."""
        least = max(self.instance.threshold or 1, 1)
        return [position for position, support in enumerate(self.support) if support >= least]


class Arrays:
    """An electorate as flat arrays: one entry for each pair of a group and a candidate it supports."""

    def __init__(self, electorate: Electorate) -> None:
        ballots, count = electorate.ballots, len(electorate.costs)
        groups = len(ballots)
        self.weights: Floats = np.fromiter(electorate.weights, dtype=np.int64, count=groups).astype(np.float64)
        self.lengths: Indices = np.fromiter(map(len, ballots), dtype=np.intp, count=groups)
        self.offsets: Indices = np.cumsum(self.lengths) - self.lengths
        self.choices = _flat(ballots, int(self.lengths.sum()), count)
        self.likings: Floats | None = None
        if electorate.likings is not None:
            flat = chain.from_iterable(electorate.likings)
            self.likings = np.fromiter(flat, dtype=np.float64, count=len(self.choices))
        # The same pairs sorted by candidate (by radix, for the numbers are small); inside a candidate by group.
        order = np.argsort(self.choices, kind="stable")
        self.pair_candidates = self.choices.take(order)
        self.pair_groups: Indices = np.repeat(np.arange(groups), self.lengths).take(order)
        self.pair_weights: Floats = self.weights.take(self.pair_groups)
        self.pair_likings: Floats | None = None if self.likings is None else self.likings.take(order)
        self.sizes: Indices = np.bincount(self.choices, minlength=count)
        self.ends: Indices = np.cumsum(self.sizes)
        self.support = self._per_candidate(self.pair_weights)
        self.liked = self.support
        if self.pair_likings is not None:
            self.liked = self._per_candidate(self.pair_weights * self.pair_likings)

    def _per_candidate(self, pairs: Floats) -> Floats:
        """The sum of what belongs to the pairs of each candidate."""
        sums = np.zeros(len(self.sizes))
        named = self.sizes > 0
        if named.any():
            sums[named] = np.add.reduceat(pairs, (self.ends - self.sizes)[named])
        return sums

    def counted(self, groups: Indices) -> tuple[float, Floats]:
        """The voters in these groups, and by candidate the sum of their likings for it."""
        lengths = self.lengths[groups]
        ends = np.cumsum(lengths)
        entries = np.repeat(self.offsets[groups] - ends + lengths, lengths) + np.arange(ends[-1] if len(ends) else 0)
        weights = self.weights[groups]
        each = np.repeat(weights, lengths)
        if self.likings is not None:
            each *= self.likings[entries]
        return float(weights.sum()), np.bincount(self.choices[entries], each, minlength=len(self.support))

    def supporters(self, position: int) -> Supporters:
        """The supporters of one candidate."""
        here = slice(int(self.ends[position - 1]) if position else 0, int(self.ends[position]))
        likings = None if self.pair_likings is None else self.pair_likings[here]
        return Supporters(self.pair_groups[here], self.pair_weights[here], likings)


def _flat(ballots: Sequence[tuple[int, ...]], pairs: int, candidates: int) -> npt.NDArray[np.unsignedinteger[Any]]:
    """All ballots after one another, in numbers that are as small as can be."""
    if candidates <= 2**8:
        return np.frombuffer(bytearray(chain.from_iterable(ballots)), dtype=np.uint8)
    return np.fromiter(chain.from_iterable(ballots), np.uint16 if candidates <= 2**16 else np.uint32, pairs)


def _support(
    instance: Instance, utility: Utility
) -> tuple[Sequence[tuple[int, ...]], Sequence[tuple[int, ...]] | None]:
    """By group: the candidates it supports, and its likings unless all of them are 1.

    In favour is a tick, a yes, or any points, money, score or place at all; by points only what got more than none.
    """
    groups = instance.groups
    if utility is Utility.POINTS:
        if instance.kind in _WITHOUT_VALUES:
            raise UnsuitableBallots("equal shares by points needs ballots with points; these only say who is in favour")
        kept = [[(c, v) for c, v in zip(group.choices, group.values, strict=True) if v > 0] for group in groups]
        return [tuple(c for c, _ in pairs) for pairs in kept], [tuple(v for _, v in pairs) for pairs in kept]
    if instance.kind is BallotKind.YES_NO:
        return [tuple(c for c, v in zip(group.choices, group.values, strict=True) if v > 0) for group in groups], None
    return instance.choices, None
