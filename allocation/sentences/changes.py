"""The sentence that says what would have been enough."""

from __future__ import annotations

from fractions import Fraction

from allocation.model import Instance
from allocation.sentences.writing import Translations, Writing
from allocation.what_if import Change, Counted


def change_sentence(instance: Instance, change: Change, writing: Writing) -> str:
    """What would have been enough for a candidate that was left: a lower cost, more support, or neither."""
    translations = writing.translations
    extra = change.extra_support
    values = {
        "cost": "" if change.largest_cost is None else writing.money(change.largest_cost),
        "count": extra,
        "extra": "" if extra is None else _extra(instance, change.counted, extra, writing),
    }
    if extra is None:
        return (_cost_alone(translations) if change.largest_cost is not None else _nothing(translations)) % values
    if change.counted is Counted.SUPPORTERS:
        sentence = _supporters if change.largest_cost is None else _cost_or_supporters
        return sentence(extra, translations) % values
    if change.counted is Counted.POINTS:
        sentence = _points if change.largest_cost is None else _cost_or_points
        return sentence(extra, translations) % values
    return (_money(translations) if change.largest_cost is None else _cost_or_money(translations)) % values


def _extra(instance: Instance, counted: Counted, extra: int, writing: Writing) -> str:
    if counted is Counted.MONEY:
        return writing.money(extra)
    return writing.number(Fraction(extra, instance.value_scale))


def _cost_alone(translations: Translations) -> str:
    return translations.gettext("With %(cost)s it would have been funded.")


def _nothing(translations: Translations) -> str:
    return translations.gettext("No lower cost and no extra support would have changed that.")


def _cost_or_supporters(extra: int, translations: Translations) -> str:
    return translations.ngettext(
        "With %(cost)s or with %(count)d more supporter it would have been funded.",
        "With %(cost)s or with %(count)d more supporters it would have been funded.",
        extra,
    )


def _supporters(extra: int, translations: Translations) -> str:
    return translations.ngettext(
        "With %(count)d more supporter it would have been funded.",
        "With %(count)d more supporters it would have been funded.",
        extra,
    )


def _cost_or_points(extra: int, translations: Translations) -> str:
    return translations.ngettext(
        "With %(cost)s or with %(extra)s more point it would have been funded.",
        "With %(cost)s or with %(extra)s more points it would have been funded.",
        extra,
    )


def _points(extra: int, translations: Translations) -> str:
    return translations.ngettext(
        "With %(extra)s more point it would have been funded.",
        "With %(extra)s more points it would have been funded.",
        extra,
    )


def _cost_or_money(translations: Translations) -> str:
    return translations.gettext("With %(cost)s or with %(extra)s more in the pots it would have been funded.")


def _money(translations: Translations) -> str:
    return translations.gettext("With %(extra)s more in the pots it would have been funded.")
