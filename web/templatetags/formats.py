"""How money, dates and shares are written, in the language of the reader."""

import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format, get_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

register = template.Library()

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
DAY_FORMAT = "j F Y"


@register.filter
def money(cents: int | str | None) -> str:
    """Whole cents as euros: ``€ 4.250`` or ``€ 4.250,50`` in Dutch, ``€4,250`` in English; nothing for None."""
    return _euros(cents, always_cents=False)


@register.filter
def money_exact(cents: int | str | None) -> str:
    """Like :func:`money`, but always with two decimals, so that a column of amounts lines up."""
    return _euros(cents, always_cents=True)


def _euros(cents: int | str | None, *, always_cents: bool) -> str:
    if cents is None or cents == "":  # a template gives "" for what does not exist
        return ""
    cents = int(cents)
    units, rest = divmod(abs(cents), 100)
    amount = number_format(units, force_grouping=True)
    if rest or always_cents:
        amount += f"{get_format('DECIMAL_SEPARATOR')}{rest:02d}"
    # The place of the sign and the space follow CLDR's patterns for both languages.
    if (get_language() or "nl").startswith("nl"):
        return f"€{NO_BREAK_SPACE}{'-' if cents < 0 else ''}{amount}"
    return f"{'-' if cents < 0 else ''}€{amount}"


@register.filter(expects_localtime=True)
def day(value: datetime.date | datetime.datetime | None) -> str:
    """A date in words: ``3 maart 2027``; nothing for None."""
    return date_format(value, DAY_FORMAT) if value else ""


@register.filter(expects_localtime=True)
def moment(value: datetime.datetime | None) -> str:
    """A date with its time: ``3 maart 2027 om 14:03``; nothing for None."""
    if not value:
        return ""
    return _("%(day)s at %(time)s") % {"day": date_format(value, DAY_FORMAT), "time": date_format(value, "H:i")}


@register.filter(expects_localtime=True)
def clock(value: datetime.datetime | datetime.time | None) -> str:
    """The time alone: ``14:03``; nothing for None."""
    return value.strftime("%H:%M") if value else ""


@register.filter
def share_of(part: int | None, whole: int | None) -> str:
    """A part of a whole in whole per cents: ``25%``. Nothing for None or when the whole is zero."""
    if part is None or not whole:
        return ""
    percent = (abs(part) * 200 + whole) // (2 * whole)
    if percent == 0 and part:
        return _("less than 1%")
    return f"{'-' if part < 0 else ''}{percent}%"


@register.filter
def machine_time(value: Any) -> str:
    """A date or time for the ``datetime`` attribute of ``<time>``."""
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        return timezone.localtime(value).isoformat(timespec="minutes")
    return value.isoformat() if hasattr(value, "isoformat") else ""
