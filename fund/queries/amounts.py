"""How amounts of a round are written: euros as everywhere, another currency with its code."""

from collections.abc import Callable

from django.utils.formats import number_format

from rounds.models import Round
from web.templatetags.formats import NO_BREAK_SPACE, money

EURO = "EUR"


def amounts_of(round: Round) -> Callable[[int], str]:
    """Return the function that writes this round's amounts, given in cents."""
    if round.currency == EURO:
        return money
    return lambda cents: f"{round.currency}{NO_BREAK_SPACE}{_number(cents)}"


def _number(cents: int) -> str:
    whole, rest = divmod(cents, 100)
    if not rest:
        return number_format(whole, force_grouping=True)
    return number_format(f"{whole}.{rest:02d}", force_grouping=True)
