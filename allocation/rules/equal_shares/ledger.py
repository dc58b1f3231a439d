"""Exact money: prices as whole numbers over one common denominator, which is faster than fractions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import gcd
from typing import NamedTuple


class Bill(NamedTuple):
    """What some voters together still have, before anyone has multiplied it out.

    A voter who still has money has paid in full for every candidate they support that was taken: had they been too poor
    for one, it would have taken all they had. So what they have is the endowment less the prices of what was taken
    from their ballot, and what ``voters`` of them have together is voters × endowment − Σ paid[c] × price[c].
    ``liking`` is that of the *other* supporters, who can pay the price in full.
    """

    voters: int
    paid: Mapping[int, int]
    liking: int


class Ledger:
    """The endowment of each voter and the prices so far, all in 1/``unit`` of a unit of money."""

    def __init__(self, endowment: Fraction) -> None:
        self.endowment = endowment.numerator
        self.unit = endowment.denominator
        self.prices: dict[int, int] = {}

    def money(self, bill: Bill) -> int:
        """What the voters of the bill still have together."""
        prices = self.prices
        return bill.voters * self.endowment - sum([times * prices[position] for position, times in bill.paid.items()])

    def purse(self, ballot: Iterable[int], likings: Iterable[int] | None) -> int:
        """What a voter with this ballot still has, unless something took all they had."""
        prices = self.prices
        if likings is None:
            return self.endowment - sum([prices[position] for position in ballot if position in prices])
        pairs = zip(ballot, likings, strict=True)
        return self.endowment - sum([liking * prices[position] for position, liking in pairs if position in prices])

    def book(self, position: int, numerator: int, liking: int) -> None:
        """Add the price numerator / (liking × unit), refining the unit as far as that needs."""
        common = gcd(numerator, liking)
        finer = liking // common
        if finer != 1:
            self.unit *= finer
            self.endowment *= finer
            self.prices = {one: price * finer for one, price in self.prices.items()}
        self.prices[position] = numerator // common

    def price(self, position: int) -> Fraction:
        """The price of a candidate that was taken: units per unit of liking."""
        return Fraction(self.prices[position], self.unit)
