"""What each group of voters still has, in floats that are close to the truth: to look quickly, never to decide.

Two kinds with the same methods: lists for a committee, arrays for a city. Arrays win from about a hundred supporters
per candidate on, and are several times slower than lists for a committee.

**How close.** Write u = 2⁻⁵³ for the rounding of one operation and E for the endowment. A purse starts as E rounded
(error ≤ uE). Taking a candidate subtracts price × liking: the price is the exact price rounded, the product and
the difference are rounded, and each of the three is at most E, so each step adds at most 3uE. After t steps a purse is
therefore within (3t + 1)uE of the truth, for which :attr:`Purses.doubt` = 4(t + 1)uE is a safe bound. A purse is 0.0
if and only if it is really empty.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, override

import numpy as np

from allocation.rules.equal_shares.electorate import Electorate, Flags, Floats, Indices, Supporters
from allocation.rules.equal_shares.ledger import Bill, Ledger

_FOUR_ROUNDINGS = 2.0**-51
type Groups = Sequence[int] | Indices

_NOBODY_IS_THIS_POOR = -1.0
_MOSTLY = 0.6
_LOOKS_BEFORE_FORGETTING = 4


class Split(NamedTuple):
    """Supporters divided by a price: the poor cannot pay it and give all they have, the rich pay it.

    ``poor_money`` is a sum of at most ``terms`` purses × voters; ``poor_voters`` is how many voters that are.
    """

    poor_money: float
    poor_voters: float
    rich_liking: float
    terms: int


class Purses[View, Side](ABC):
    """The purses of all groups. A view is what the supporters of one candidate have; a side says which are poor."""

    def __init__(self, endowment: float) -> None:
        self._step = _FOUR_ROUNDINGS * endowment
        self.doubt = self._step  # how far a purse can be from the truth

    @property
    def margin(self) -> float:
        """How close a purse must be to price × liking to need exact numbers: doubt, and the rounding of that."""
        return self.doubt + self._step

    @abstractmethod
    def view(self, position: int) -> View:
        """The supporters of a candidate: all that have something left, and perhaps some that have not."""

    @abstractmethod
    def split(self, view: View, price: float) -> Split:
        """Divide them by a price."""

    @abstractmethod
    def poor(self, view: View, price: float) -> Side:
        """Those that have no more than the price times their liking."""

    @abstractmethod
    def close(self, view: View, price: float, error: float = 0.0) -> tuple[Side, Sequence[int]]:
        """Those that are poor beyond doubt, and the places of those too close to the price to tell.

        ``error`` is how far price × liking may be from the truth, if it is more than a rounding.
        """

    @abstractmethod
    def add(self, side: Side, places: Iterable[int]) -> Side:
        """A side with more poor."""

    @abstractmethod
    def same(self, one: Side, other: Side) -> bool:
        """Whether two sides of one view hold the same supporters."""

    @abstractmethod
    def member(self, view: View, place: int) -> tuple[int, int]:
        """The group at a place, and its liking."""

    @abstractmethod
    def bill(self, view: View, side: Side, ledger: Ledger) -> Bill:
        """What the poor have together, exactly, and the liking of the rich."""

    @abstractmethod
    def groups(self, view: View, side: Side) -> tuple[Groups, Groups]:
        """The groups that pay the price in full, and those that give all they have."""

    def charge(self, view: View, side: Side, price: float, left: Mapping[int, float]) -> None:
        """Let the poor pay all they have and the rich the price. ``left``, by place, is what close ones keep."""
        self._pay(view, side, price, left)
        self.doubt += self._step

    @abstractmethod
    def _pay(self, view: View, side: Side, price: float, left: Mapping[int, float]) -> None: ...

    def nobody(self, view: View) -> Side:
        """The side on which no one is poor."""
        return self.poor(view, _NOBODY_IS_THIS_POOR)


type ListView = list[tuple[int, int, int, float]]  # group, voters, liking, purse


class ListPurses(Purses[ListView, list[int]]):
    """Purses in plain lists. A side is a list of places in the view."""

    def __init__(self, electorate: Electorate, endowment: float) -> None:
        super().__init__(endowment)
        self._electorate = electorate
        self._purses = [endowment] * len(electorate.weights)

    @override
    def view(self, position: int) -> ListView:
        purses = self._purses
        return [
            (group, weight, liking, purses[group])
            for group, weight, liking in self._electorate.lists[position]
            if purses[group]
        ]

    @override
    def split(self, view: ListView, price: float) -> Split:
        money, voters, rich = 0.0, 0, 0
        for _, weight, liking, purse in view:
            if purse > price * liking:
                rich += weight * liking
            else:
                money += weight * purse
                voters += weight
        return Split(money, voters, rich, len(view))

    @override
    def poor(self, view: ListView, price: float) -> list[int]:
        return [place for place, (_, _, liking, purse) in enumerate(view) if purse <= price * liking]

    @override
    def close(self, view: ListView, price: float, error: float = 0.0) -> tuple[list[int], list[int]]:
        margin = self.margin + error
        side: list[int] = []
        unsure: list[int] = []
        for place, (_, _, liking, purse) in enumerate(view):
            short = price * liking - purse
            if short > margin:
                side.append(place)
            elif short >= -margin:
                unsure.append(place)
        return side, unsure

    @override
    def add(self, side: list[int], places: Iterable[int]) -> list[int]:
        return sorted([*side, *places])

    @override
    def same(self, one: list[int], other: list[int]) -> bool:
        return one == other

    @override
    def member(self, view: ListView, place: int) -> tuple[int, int]:
        group, _, liking, _ = view[place]
        return group, liking

    @override
    def bill(self, view: ListView, side: list[int], ledger: Ledger) -> Bill:
        prices, ballots, likings = ledger.prices, self._electorate.ballots, self._electorate.likings
        voters, paid = 0, dict[int, int]()
        rich = sum([weight * liking for _, weight, liking, _ in view])
        for place in side:
            group, weight, liking, _ = view[place]
            voters += weight
            rich -= weight * liking
            for index, position in enumerate(ballots[group]):
                if position in prices:
                    times = weight if likings is None else weight * likings[group][index]
                    paid[position] = paid.get(position, 0) + times
        return Bill(voters, paid, rich)

    @override
    def groups(self, view: ListView, side: list[int]) -> tuple[list[int], list[int]]:
        poor = set(side)
        rich = [entry[0] for place, entry in enumerate(view) if place not in poor]
        return rich, [view[place][0] for place in side]

    @override
    def _pay(self, view: ListView, side: list[int], price: float, left: Mapping[int, float]) -> None:
        purses = self._purses
        for group, _, liking, purse in view:
            purses[group] = purse - price * liking
        for place in side:
            purses[view[place][0]] = 0.0
        for place, remainder in left.items():
            purses[view[place][0]] = remainder


class ArrayView(NamedTuple):
    """The supporters of one candidate beside what they have, which may be nothing; ``money`` is purse × voters."""

    supporters: Supporters
    purses: Floats
    money: Floats
    voters: float


class ArrayPurses(Purses[ArrayView, Flags]):
    """Purses in arrays. A side is a mask."""

    def __init__(self, electorate: Electorate, endowment: float) -> None:
        super().__init__(endowment)
        self._arrays = electorate.arrays
        self._purses: Floats = np.full(len(electorate.weights), endowment)
        self._supporters: dict[int, tuple[Supporters, float, int]] = {}  # and their voters, and how often looked at

    @override
    def view(self, position: int) -> ArrayView:
        supporters, voters, looks = self._supporters.get(position) or (
            self._arrays.supporters(position),
            float(self._arrays.support[position]),
            0,
        )
        purses = self._purses.take(supporters.groups)
        if looks >= _LOOKS_BEFORE_FORGETTING:
            looks = 0
            if np.count_nonzero(purses) < _MOSTLY * len(purses):
                supporters, purses = _able(supporters, purses)
                voters = float(supporters.weights.sum())
        self._supporters[position] = supporters, voters, looks + 1
        return ArrayView(supporters, purses, purses * supporters.weights, voters)

    @override
    def split(self, view: ArrayView, price: float) -> Split:
        supporters, purses, money, voters = view
        poor = self.poor(view, price).astype(np.float64)
        poor_voters = float(supporters.weights.dot(poor))
        rich = voters - poor_voters
        if supporters.likings is not None:
            rich = float((supporters.weights * supporters.likings).dot(1.0 - poor))
        return Split(float(money.dot(poor)), poor_voters, rich, len(purses))

    @override
    def poor(self, view: ArrayView, price: float) -> Flags:
        likings = view.supporters.likings
        return view.purses <= (price if likings is None else price * likings)

    @override
    def close(self, view: ArrayView, price: float, error: float = 0.0) -> tuple[Flags, list[int]]:
        likings = view.supporters.likings
        short = (price if likings is None else price * likings) - view.purses
        margin = self.margin + error
        unsure = ((np.abs(short) <= margin) & (view.purses > 0.0)).nonzero()[0]
        return short > margin, unsure.tolist()

    @override
    def add(self, side: Flags, places: Iterable[int]) -> Flags:
        more = side.copy()
        more[list(places)] = True
        return more

    @override
    def same(self, one: Flags, other: Flags) -> bool:
        return bool((one == other).all())

    @override
    def member(self, view: ArrayView, place: int) -> tuple[int, int]:
        likings = view.supporters.likings
        return int(view.supporters.groups[place]), 1 if likings is None else int(likings[place])

    @override
    def bill(self, view: ArrayView, side: Flags, ledger: Ledger) -> Bill:
        weights, likings = view.supporters.weights, view.supporters.likings
        able = view.purses > 0.0
        voters, paid = self._arrays.counted(view.supporters.groups.compress(side & able))
        rich = float((weights if likings is None else weights * likings) @ (able & ~side))
        return Bill(int(voters), {one: int(paid[one]) for one in ledger.prices if paid[one]}, int(rich))

    @override
    def groups(self, view: ArrayView, side: Flags) -> tuple[Indices, Indices]:
        groups, able = view.supporters.groups, view.purses > 0.0
        return groups.compress(able & ~side), groups.compress(able & side)

    @override
    def _pay(self, view: ArrayView, side: Flags, price: float, left: Mapping[int, float]) -> None:
        supporters, purses = view.supporters, view.purses
        after = purses - (price if supporters.likings is None else price * supporters.likings)
        after[side | (purses == 0.0)] = 0.0
        for place, remainder in left.items():
            after[place] = remainder
        self._purses[supporters.groups] = after


def _able(supporters: Supporters, purses: Floats) -> tuple[Supporters, Floats]:
    """Only those that have something left."""
    able = purses > 0.0
    groups, weights, likings = supporters
    kept = None if likings is None else likings.compress(able)
    return Supporters(groups.compress(able), weights.compress(able), kept), purses.compress(able)
