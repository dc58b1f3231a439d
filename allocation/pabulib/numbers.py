"""Numbers in a file, with the line on which they stand."""

from __future__ import annotations

from allocation.amounts import BadNumber, Decimal, parse_decimal
from allocation.pabulib.errors import PabulibError


def read_number(text: str, what: str, line: int | None) -> Decimal:
    """The number, exactly. Raises :class:`PabulibError` that names ``what`` and the line."""
    try:
        return parse_decimal(text)
    except BadNumber as error:
        raise PabulibError(f"{what} is wrong: {error}", line) from None
