"""Decimal text to whole units and back, without ever touching a float."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_DECIMALS = 12
MOST_DIGITS = 15  # before the point: a thousand million million is more than any budget there is

_NUMBER = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2}))?", re.ASCII)

type Decimal = tuple[int, int]
"""A number as (mantissa, decimals): 12.50 is (1250, 2), which is brought to (125, 1)."""


class BadNumber(ValueError):
    """The text is not a number that can be counted with; the message says why, for people."""


def parse_decimal(text: str) -> Decimal:
    """Read ``400000``, ``400000.0``, ``-3.5`` or ``1.2e6`` exactly.

    Raises :class:`BadNumber` for anything else, and for numbers of an absurd size or precision.
    """
    text = text.strip()
    match = _NUMBER.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        if not text:
            raise BadNumber("nothing is filled in; write a number such as 1500 or 1500.50")
        hint = "; write decimals with a point and leave thousands unmarked" if "," in text else ""
        raise BadNumber(f"{shorten(text)!r} is not a number such as 1500 or 1500.50{hint}")
    decimals = match[3] or ""
    if len(match[2]) + len(decimals) > 2 * MOST_DIGITS:
        raise BadNumber(f"{shorten(text)!r} has too many digits; write it shorter")
    mantissa = int(match[2] + decimals or "0") * (-1 if match[1] == "-" else 1)
    places = len(decimals) - int(match[4] or 0)
    if places < 0:
        mantissa, places = mantissa * 10**-places, 0
    while places > 0 and mantissa % 10 == 0:
        mantissa, places = mantissa // 10, places - 1
    if places > MOST_DECIMALS:
        raise BadNumber(f"{shorten(text)!r} has more than {MOST_DECIMALS} decimals; round it first")
    if abs(mantissa) >= 10 ** (MOST_DIGITS + places):
        raise BadNumber(f"{shorten(text)!r} is absurdly large; check the number of zeros")
    return mantissa, places


def common_scale(numbers: Iterable[Decimal]) -> int:
    """The smallest power of ten that makes every number whole."""
    scale: int = 10 ** max((places for _, places in numbers), default=0)
    return scale


def add(one: Decimal, other: Decimal) -> Decimal:
    """The sum of two numbers."""
    places = max(one[1], other[1])
    return in_units(one, 10**places) + in_units(other, 10**places), places


def in_units(number: Decimal, scale: int) -> int:
    """The number times ``scale``, which must be at least its :func:`common_scale`."""
    mantissa, places = number
    unit: int = 10**places
    return mantissa * (scale // unit)


def amount_text(units: int, scale: int) -> str:
    """Units as the shortest decimal text: 1250 at scale 100 is ``12.5``, 120000 is ``1200``."""
    whole, part = divmod(abs(units), scale)
    sign = "-" if units < 0 else ""
    decimals = str(part).rjust(len(str(scale)) - 1, "0").rstrip("0") if scale > 1 else ""
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


def shorten(text: str, most: int = 60) -> str:
    """Cut a long text, so that a message stays readable whatever a file holds."""
    return text if len(text) <= most else text[: most - 1] + "…"
