"""One run of the method with one endowment: which candidates are taken, in which order, at what price."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import Any

from allocation.model import Instance, UnbrokenTie
from allocation.rules.equal_shares.electorate import Electorate
from allocation.rules.equal_shares.ledger import Bill, Ledger
from allocation.rules.equal_shares.purses import ArrayPurses, ListPurses, Purses

ARRAYS_FROM = 3000
"""Pairs of a group and a candidate from which arrays are faster than lists."""
_ROUNDING = 2.0**-52
_SMALLEST = 5e-324


@dataclass(frozen=True, slots=True)
class Quote:
    """The exact price of a candidate: numerator / (bill.liking × the ledger's unit).

    ``view`` and ``side`` are those of the purses at the moment. ``left``: exact remainders of supporters that were too
    close to tell, by place. ``even``: some supporter has exactly what they must pay.
    """

    position: int
    bound: float
    numerator: int
    bill: Bill
    view: Any
    side: Any
    left: dict[int, float]
    even: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A candidate that was taken, and who paid for it.

    ``rich`` and ``poor`` are the groups that paid the full price and those that gave all they had; ``even`` says that
    for some of the rich that was the same. ``ties`` are candidates that were exactly as good, with how they would
    have been paid.
    """

    position: int
    bill: Bill
    rich: Sequence[int]
    poor: Sequence[int]
    even: bool
    ties: tuple[tuple[int, Bill], ...]


def first_of(instance: Instance, tied: Sequence[int]) -> int:
    """The one that wins a tie; a tie of one is none. Raises :class:`UnbrokenTie` when there is no tie order."""
    if len(tied) == 1:
        return tied[0]
    rank = instance.tie_rank
    if rank is None:
        positions = tuple(sorted(tied))
        raise UnbrokenTie(positions, tuple(instance.candidates[position].id for position in positions))
    return min(tied, key=rank.__getitem__)


class Course:
    """Takes candidates until the supporters of none of the others have its cost.

    A queue holds for each candidate a lower bound on its rate. Money only gets less, so a rate only grows and an old
    bound stays a bound. The candidate with the lowest bound is looked at again: its bound is raised until either it
    is no longer the lowest, or it cannot be raised further. Then its rate is computed exactly. The round ends when
    the lowest bound in the queue is above the lowest exact rate; whatever could win or tie has then been computed
    exactly, and exact numbers decide.

    **Why the floats never lose a winner.** Divide the supporters of a candidate in *any* way into poor and rich.
    Nobody pays more than they have, nor more than price × liking, so at the true price cost ≤ money of the poor +
    price × liking of the rich, that is

        price ≥ (cost - money of the poor) / liking of the rich,

    with equality for the true division. So a bound computed from floats is only wrong by the error in one sum: each
    purse is within ``doubt`` of the truth, which makes at most doubt × the number of poor voters, and adding n
    products loses at most (n + 1)u of the sum. :meth:`_bound` takes off more than both, and more than the few
    roundings that follow. Where supporters are near a boundary their float may put them on the wrong side: that
    weakens the bound, it does not break it. In :meth:`_quote` they are weighed exactly.

    Raises :class:`UnbrokenTie` when candidates are tied for the lowest rate and the instance has no tie order.
    """

    def __init__(self, electorate: Electorate, endowment: Fraction) -> None:
        self.electorate = electorate
        self.endowment = endowment
        self.ledger = Ledger(endowment)
        self.steps: list[Step] = []
        self._purses: Purses[Any, Any]
        if electorate.pairs >= ARRAYS_FROM and electorate.fits_floats:
            self._purses = ArrayPurses(electorate, float(endowment))
        else:
            self._purses = ListPurses(electorate, float(endowment))
        self._queue: list[tuple[float, int]] = []
        self._run()

    @property
    def selected(self) -> list[int]:
        """What was taken, in order."""
        return [step.position for step in self.steps]

    def able(self, position: int) -> Sequence[int]:
        """The groups of supporters of a candidate that still have money."""
        view = self._purses.view(position)
        rich, _ = self._purses.groups(view, self._purses.nobody(view))
        return rich

    def _run(self) -> None:
        electorate = self.electorate
        costs, worth, liked = electorate.costs, electorate.worth, electorate.liked
        competing = electorate.competing()
        self._take_what_is_free([position for position in competing if not costs[position]])
        self._queue = [
            (costs[position] / (liked[position] * worth[position]) * (1.0 - 4 * _ROUNDING), position)
            for position in competing
            if costs[position]
        ]
        heapify(self._queue)
        while self._queue:
            quotes = self._cheapest()
            if not quotes:
                break
            self._take(quotes)

    def _take_what_is_free(self, free: list[int]) -> None:
        """Something that costs nothing has the lowest rate there is, zero, and nobody pays for it."""
        while free:
            chosen = first_of(self.electorate.instance, free)
            free.remove(chosen)
            self.ledger.prices[chosen] = 0
            self.steps.append(Step(chosen, Bill(0, {}, 1), (), (), even=False, ties=()))

    def _cheapest(self) -> list[Quote]:
        """The quotes with the lowest rate; all others are back in the queue, or out of it for ever."""
        queue = self._queue
        best: list[Quote] = []
        losers: list[Quote] = []
        ceiling = math.inf
        while queue and queue[0][0] <= ceiling:
            bound, position = heappop(queue)
            quote = self._look(position, bound, min(queue[0][0], ceiling) if queue else ceiling)
            if quote is None:
                continue
            order = self._compare(quote, best[0]) if best else -1
            if order < 0:
                losers += best
                best = [quote]
                rate = quote.numerator / (quote.bill.liking * self.ledger.unit * self.electorate.worth[position])
                ceiling = math.nextafter(rate, math.inf)
            elif order == 0:
                best.append(quote)
            else:
                losers.append(quote)
        for loser in losers:
            heappush(queue, (loser.bound, loser.position))
        return best

    def _look(self, position: int, bound: float, enough: float) -> Quote | None:
        """Look at a candidate again: its quote, or None when it went back in the queue with a bound above ``enough``.

        Also None when its supporters do not have its cost, and then it stays out of the queue: they never will.
        """
        view = self._purses.view(position)
        found = self._bound(position, view, bound, enough)
        if found is None:
            return None
        bound, price = found
        if bound > enough:
            heappush(self._queue, (bound, position))
            return None
        return self._quote(position, view, bound, price)

    def _bound(self, position: int, view: Any, bound: float, enough: float) -> tuple[float, float] | None:
        """Raise the bound on the rate until it is above ``enough`` or settled; and about the price.

        Newton's method on a concave function: each division into poor and rich gives a price, and each price a better
        division. None when the supporters surely do not have the cost.
        """
        cost, worth = float(self.electorate.costs[position]), self.electorate.worth[position]
        price, rich = bound * worth, math.inf
        while True:
            split = self._purses.split(view, price)
            error = split.poor_voters * self._purses.doubt + (split.terms + 4) * _ROUNDING * (split.poor_money + cost)
            if not split.rich_liking:
                return None if split.poor_money + error < cost else (bound, price)
            lowest = (cost - split.poor_money - error) / (split.rich_liking * worth)
            bound = max(bound, lowest * (1.0 - (split.terms + 8) * _ROUNDING))
            if bound > enough or split.rich_liking >= rich:
                return bound, price
            price, rich = (cost - split.poor_money) / split.rich_liking, split.rich_liking

    def _quote(self, position: int, view: Any, bound: float, price: float) -> Quote | None:
        """The exact price, starting from about the price; None when the supporters do not have the cost.

        Newton's method again, with exact numbers: the division by the exact price of the last division, until it stays
        the same. Only supporters within the margin of the price need exact purses.
        """
        purses, ledger = self._purses, self.ledger
        side = purses.poor(view, price)
        bill = purses.bill(view, side, ledger)
        if not bill.liking:
            side = purses.nobody(view)
            bill = purses.bill(view, side, ledger)
        while bill.liking:
            numerator = self.electorate.costs[position] * ledger.unit - ledger.money(bill)
            exact = numerator / (bill.liking * ledger.unit)
            found, unsure = purses.close(view, exact)
            poor, left = self._weigh(view, unsure, numerator, bill.liking)
            if poor:
                found = purses.add(found, poor)
            if purses.same(found, side):
                return Quote(position, bound, numerator, bill, view, side, left, even=0.0 in left.values())
            side = found
            bill = purses.bill(view, side, ledger)
        return None

    def _weigh(
        self, view: Any, unsure: Sequence[int], numerator: int, liking: int
    ) -> tuple[list[int], dict[int, float]]:
        """Exactly: which of the unsure are too poor for the price, and what the others keep of their money."""
        poor: list[int] = []
        left: dict[int, float] = {}
        ballots, likings = self.electorate.ballots, self.electorate.likings
        divisor = liking * self.ledger.unit
        for place in unsure:
            group, own = self._purses.member(view, place)
            purse = self.ledger.purse(ballots[group], None if likings is None else likings[group])
            rest = purse * liking - numerator * own
            if rest < 0:
                poor.append(place)
            else:
                left[place] = max(rest / divisor, _SMALLEST) if rest else 0.0
        return poor, left

    def _compare(self, one: Quote, other: Quote) -> int:
        """Which rate is lower: negative when the first is, 0 when they are equal."""
        worth = self.electorate.worth
        return one.numerator * other.bill.liking * worth[other.position] - (
            other.numerator * one.bill.liking * worth[one.position]
        )

    def _take(self, quotes: list[Quote]) -> None:
        """Take one of the quotes with the lowest rate; its supporters pay."""
        chosen = first_of(self.electorate.instance, [quote.position for quote in quotes])
        ties = []
        for quote in quotes:
            if quote.position == chosen:
                taken = quote
            else:
                ties.append((quote.position, quote.bill))
                heappush(self._queue, (quote.bound, quote.position))
        rich, poor = self._purses.groups(taken.view, taken.side)
        self.steps.append(Step(chosen, taken.bill, rich, poor, taken.even, tuple(ties)))
        price = taken.numerator / (taken.bill.liking * self.ledger.unit)
        self._purses.charge(taken.view, taken.side, price, taken.left)
        self.ledger.book(chosen, taken.numerator, taken.bill.liking)
