"""One run of the method with one endowment, exactly: what is taken, in which order, and who pays what for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush
from typing import Any

from allocation.rules.equal_shares.electorate import Electorate
from allocation.rules.equal_shares.ledger import Bill, Ledger
from allocation.rules.equal_shares.purses import Groups
from allocation.rules.equal_shares.search import Search, Seen, first_of

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

    ``view`` and ``side`` are those of the purses just before (None for what was free); ``even``: some who paid the full
    price had exactly that. ``ties`` are candidates that were exactly as good, with how they would have been paid.
    """

    position: int
    bill: Bill
    view: Any
    side: Any
    even: bool
    ties: tuple[tuple[int, Bill], ...]


class Course(Search):
    """Takes candidates until the supporters of none of the others have its cost.

    In each round the candidates whose bound is lowest get an exact rate, until the lowest bound in the queue is above
    the lowest exact rate. Whatever could win or tie has then been computed exactly, and exact numbers decide.

    Raises :class:`~allocation.model.UnbrokenTie` when candidates are tied for the lowest rate and the instance has no
    tie order.
    """

    def __init__(self, electorate: Electorate, endowment: Fraction) -> None:
        super().__init__(electorate, endowment)
        self.ledger = Ledger(endowment)
        self.steps: list[Step] = []
        for free in self.selected:
            self.ledger.prices[free] = 0
            self.steps.append(Step(free, Bill(0, {}, 1), None, None, even=False, ties=()))
        while quotes := self._cheapest():
            self._take(quotes)

    def payers(self, step: Step) -> tuple[Groups, Groups]:
        """The groups that paid the full price, and those that gave all they had."""
        return ((), ()) if step.view is None else self._purses.groups(step.view, step.side)

    def able(self, position: int) -> Groups:
        """The groups of supporters of a candidate that still have money."""
        view = self._purses.view(position)
        rich, _ = self._purses.groups(view, self._purses.nobody(view))
        return rich

    def _cheapest(self) -> list[Quote]:
        """The quotes with the lowest rate; all others are back in the queue, or out of it for ever."""
        queue = self._queue
        best: list[Quote] = []
        losers: list[Quote] = []
        ceiling = math.inf
        while queue and queue[0][0] <= ceiling:
            bound, position = heappop(queue)
            seen = self._look(position, bound, ceiling)
            quote = None if seen is None else self._quote(seen)
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

    def _quote(self, seen: Seen) -> Quote | None:
        """The exact price of a candidate, starting from about its price; None when the supporters do not have the cost.

        Newton's method again, with exact numbers: the division by the exact price of the last division, until it stays
        the same. Only supporters within the margin of the price need exact purses.
        """
        purses, ledger = self._purses, self.ledger
        position, bound, price, view, _ = seen
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
        self.selected.append(chosen)
        self.steps.append(Step(chosen, taken.bill, taken.view, taken.side, taken.even, tuple(ties)))
        price = taken.numerator / (taken.bill.liking * self.ledger.unit)
        self._purses.charge(taken.view, taken.side, price, taken.left)
        self.ledger.book(chosen, taken.numerator, taken.bill.liking)
