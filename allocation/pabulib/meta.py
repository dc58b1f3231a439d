"""The META section: what a file says about the election as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from allocation.amounts import Decimal, common_scale, shorten
from allocation.model import BallotKind
from allocation.pabulib.errors import PabulibError
from allocation.pabulib.numbers import read_number
from allocation.pabulib.sections import Row

KINDS = {
    "approval": BallotKind.APPROVAL,
    "choose-1": BallotKind.CHOOSE_ONE,
    "ordinal": BallotKind.RANKING,
    "cumulative": BallotKind.POINTS,
    "scoring": BallotKind.SCORES,
}
OWN_KINDS = {BallotKind.YES_NO: "approval", BallotKind.POT: "cumulative"}
"""Kinds that Pabulib does not have, and the ``vote_type`` under which they are written."""


@dataclass(frozen=True, slots=True)
class Meta:
    """Keys with their values, and on which line each stands. Everything raises :class:`PabulibError` with that line."""

    values: Mapping[str, str]
    lines: Mapping[str, int]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Meta:
        """Read the rows of the section."""
        values: dict[str, str] = {}
        lines: dict[str, int] = {}
        for line, cells in rows:
            key = cells[0].strip()
            if not values and key.lower() == "key":
                continue
            if not key:
                raise PabulibError("this line of META has a value and no key; write key;value", line)
            value = ";".join(cells[1:]).strip()
            if values.setdefault(key, value) != value:
                raise PabulibError(f"META gives {key} twice (first on line {lines[key]}); keep one of them", line)
            lines.setdefault(key, line)
        return cls(values, lines)

    def line(self, key: str) -> int | None:
        """The line on which a key stands."""
        return self.lines.get(key)

    @property
    def kind(self) -> BallotKind:
        """``vote_type``, made more precise by ``ballot_kind``."""
        vote_type = self.values.get("vote_type", "")
        if not vote_type:
            raise PabulibError(f"META has no vote_type; add a line such as vote_type;approval ({', '.join(KINDS)})")
        if vote_type not in KINDS:
            raise PabulibError(
                f"{shorten(vote_type)!r} is not a vote_type; choose one of {', '.join(KINDS)}", self.line("vote_type")
            )
        own = self.values.get("ballot_kind", KINDS[vote_type])
        fitting = [KINDS[vote_type], *(kind for kind, written_as in OWN_KINDS.items() if written_as == vote_type)]
        for kind in fitting:
            if own == kind:
                return kind
        raise PabulibError(
            f"ballot_kind {shorten(own)!r} does not go with vote_type {vote_type}; "
            f"use {', '.join(f'{kind} with {written_as}' for kind, written_as in OWN_KINDS.items())}",
            self.line("ballot_kind"),
        )

    @property
    def budget(self) -> Decimal:
        """What there is to divide; 0 is allowed, less is not."""
        if "budget" not in self.values:
            raise PabulibError("META has no budget; add a line such as budget;100000")
        budget = read_number(self.values["budget"], "the budget", self.line("budget"))
        if budget[0] < 0:
            raise PabulibError("the budget is negative; write the amount that can be divided", self.line("budget"))
        return budget

    def whole(self, key: str) -> int | None:
        """A number that must be whole, or None when it is not there."""
        if not self.values.get(key):
            return None
        mantissa, decimals = read_number(self.values[key], key, self.line(key))
        if decimals or mantissa < 0:
            raise PabulibError(f"{key} must be a whole number, 0 or more", self.line(key))
        return mantissa

    def part(self, key: str) -> Fraction | None:
        """A part of the voters, such as ``1/2`` or ``0.5``, or None when it is not there."""
        text = self.values.get(key)
        if not text:
            return None
        over, _, under = text.partition("/")
        mantissa, decimals = read_number(over, key, self.line(key))
        divisor = read_number(under, key, self.line(key)) if under else (1, 0)
        if divisor[0] > 0:
            part = Fraction(mantissa, 10**decimals) / Fraction(divisor[0], 10 ** divisor[1])
            if 0 <= part <= 1:
                return part
        raise PabulibError(f"{key} must be a part of the whole between 0 and 1, such as 1/2 or 0.5", self.line(key))

    @property
    def smallest_amount(self) -> int:
        """The number of smallest amounts in one of the currency: 100 for 0.01, and 1 when META says nothing."""
        text = self.values.get("smallest_amount")
        if not text:
            return 1
        smallest = read_number(text, "smallest_amount", self.line("smallest_amount"))
        if smallest[0] != 1:
            raise PabulibError("smallest_amount must be 1, 0.1, 0.01 and so on", self.line("smallest_amount"))
        return common_scale([smallest])

    @property
    def default_score(self) -> Decimal | None:
        """What a voter gives to a project that is not on the ballot, for scores in files that say so."""
        if self.kind is not BallotKind.SCORES or not self.values.get("default_score"):
            return None
        return read_number(self.values["default_score"], "default_score", self.line("default_score"))

    def tie_order(self, places: Mapping[str, int]) -> tuple[int, ...] | None:
        """Positions, the one that wins a tie first; by the smallest id unless META says otherwise."""
        text = self.values.get("tie_order")
        if text is None:
            return tuple(places[name] for name in sorted(places))
        if text == "none":
            return None
        names = [name.strip() for name in text.split(",")]
        if sorted(names) != sorted(places):
            raise PabulibError(
                "tie_order must name every project id exactly once, separated by commas, or be the word none",
                self.line("tie_order"),
            )
        return tuple(places[name] for name in names)
