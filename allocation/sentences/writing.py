"""How words, amounts and numbers are written: the parts of a sentence that differ between languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from gettext import NullTranslations
from math import floor
from typing import Protocol

from allocation.model import Instance


class Translations(Protocol):
    """What a source of translations can do. ``django.utils.translation`` is one, and so are gettext's classes."""

    def gettext(self, message: str, /) -> str:
        """The message in the reader's language."""
        ...

    def ngettext(self, singular: str, plural: str, number: int, /) -> str:
        """The message for this number in the reader's language."""
        ...


ENGLISH: Translations = NullTranslations()


def plain_money(instance: Instance) -> Callable[[int], str]:
    """Amounts as "EUR 2,140" or "EUR 2,140.50": the currency the file names, or else euros."""
    currency = instance.meta.get("currency", "").strip() or "EUR"
    decimals = len(str(instance.scale)) - 1

    def money(units: int) -> str:
        whole, part = divmod(units, instance.scale)
        return f"{currency} {whole:,}.{part:0{decimals}d}" if part else f"{currency} {whole:,}"

    return money


def plain_number(number: Fraction) -> str:
    """A number as "1,234" or "3.25"; rounded down to two decimals."""
    hundredths = floor(number * 100)
    if hundredths % 100 == 0:
        return f"{hundredths // 100:,}"
    return f"{hundredths / 100:,.2f}".rstrip("0")


@dataclass(frozen=True)
class Writing:
    """A language with its ways to write amounts (from units) and numbers."""

    translations: Translations
    money: Callable[[int], str]
    number: Callable[[Fraction], str] = plain_number

    @classmethod
    def of(
        cls,
        instance: Instance,
        translations: Translations = ENGLISH,
        money: Callable[[int], str] | None = None,
        number: Callable[[Fraction], str] | None = None,
    ) -> Writing:
        """The writing for one election; English unless told otherwise."""
        return cls(translations, money or plain_money(instance), number or plain_number)
