"""Form fields that people with little routine can fill in without going wrong: money, a day, a six-digit code."""

import datetime
import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

MAXIMUM_CENTS = 10_000_000_000  # a hundred million euros: more is a slip of the finger, and it fits any database


class MoneyInput(forms.TextInput):
    """A short text field behind a euro sign; a number field would refuse ``1.250,50``."""

    prefix = "€"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {"inputmode": "decimal", "autocomplete": "off", "class": "pf-money", "size": 10, **(attrs or {})}
        )

    def format_value(self, value: Any) -> str | None:
        """Cents as people write them: ``1.250`` or ``1.250,50``. What someone typed is given back untouched."""
        if not isinstance(value, int):
            return value or None
        units, rest = divmod(value, 100)
        whole = formats.number_format(units, force_grouping=True)
        return f"{whole}{formats.get_format('DECIMAL_SEPARATOR')}{rest:02d}" if rest else whole


class MoneyField(forms.Field):
    """Euros as people write them → whole cents (``int``), or None when left empty.

    Understands ``1250``, ``1.250``, ``1250,50``, ``€ 1.250,50``, ``1250,-`` and the English ``1,250.50``. Three
    digits after a single point or comma are thousands, whichever the language: nobody writes tenths of cents.
    """

    widget = MoneyInput
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("Write the amount in numbers, for example 1250 or 1250,50."),
        "negative": _("Write an amount of 0 euros or more."),
        "too_little": _("Write an amount of %(minimum)s or more."),
        "too_much": _("Write an amount of %(maximum)s or less."),
    }

    def __init__(self, *, min_cents: int = 0, max_cents: int = MAXIMUM_CENTS, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.min_cents = min_cents
        self.max_cents = max_cents

    def to_python(self, value: Any) -> int | None:
        """Read what was typed. Raises ``ValidationError`` with what to do instead."""
        if value is None or isinstance(value, int):
            return value
        text = re.sub(r"[\s€]|euros?|eur", "", str(value), flags=re.IGNORECASE)
        if not text:
            return None
        text = re.sub(r"[,.](?:-{1,2}|–|=)$", "", text)
        if re.fullmatch(r"[-−].*", text):
            raise ValidationError(self.error_messages["negative"], code="negative")
        match = re.fullmatch(r"(\d{1,3}(?:([.,])\d{3}(?:\2\d{3})*)?|\d+)(?:(?!\2)[.,](\d{1,2}))?", text, flags=re.ASCII)
        if match is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        euros = int(re.sub(r"[.,]", "", match.group(1)))
        return euros * 100 + int((match.group(3) or "0").ljust(2, "0"))

    def validate(self, value: int | None) -> None:
        """Refuse what lies outside the limits."""
        super().validate(value)
        if value is None:
            return
        if value < self.min_cents:
            raise ValidationError(
                self.error_messages["too_little"], code="too_little", params={"minimum": _plain_money(self.min_cents)}
            )
        if value > self.max_cents:
            raise ValidationError(
                self.error_messages["too_much"], code="too_much", params={"maximum": _plain_money(self.max_cents)}
            )

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare amounts, not the way they were written."""
        try:
            return bool(self.to_python(data) != self.to_python(initial))
        except ValidationError:
            return True


def _plain_money(cents: int) -> str:
    euros = MoneyInput().format_value(cents)
    return f"€\N{NO-BREAK SPACE}{euros}" if (get_language() or "nl").startswith("nl") else f"€{euros}"


class DayInput(forms.MultiWidget):
    """Three short text fields: day, month, year. Easier on a phone, and for a screen reader, than a calendar."""

    template_name = "components/day_input.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        part = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            {
                "day": forms.TextInput({**part, "size": 2, "maxlength": 2}),
                "month": forms.TextInput({**part, "size": 10, "maxlength": 12, "inputmode": "text"}),
                "year": forms.TextInput({**part, "size": 4, "maxlength": 4}),
            },
            attrs,
        )

    def decompress(self, value: Any) -> list[Any]:
        """A date in its three parts."""
        return [value.day, value.month, value.year] if isinstance(value, datetime.date) else [None, None, None]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the word above each part."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        for part, label in zip(context["widget"]["subwidgets"], (_("Day"), _("Month"), _("Year")), strict=True):
            part["label"] = label
        return context


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february feb",
            "maart march mrt mar",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "augustus august aug",
            "september sept sep",
            "oktober october okt oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}


class DayField(forms.MultiValueField):
    """Day, month (a number or a name, in both languages) and year → ``datetime.date`` or None."""

    widget = DayInput
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("This day does not exist. Write the date as for example 3 – 3 – 2027."),
        "incomplete": _("Fill in the day, the month and the year."),
    }

    def __init__(self, **kwargs: Any) -> None:
        fields = (forms.CharField(required=False), forms.CharField(required=False), forms.CharField(required=False))
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> datetime.date | None:
        """Put the parts together. Raises ``ValidationError`` for a day that does not exist."""
        parts = [part.strip() for part in data_list]
        if not any(parts):
            return None
        if not all(parts):
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        day, month, year = parts
        try:
            number = _MONTHS.get(month.lower().rstrip(".")) or int(month)
            whole_year = int(year) + 2000 if len(year) == 2 else int(year)
            return datetime.date(whole_year, number, int(day))
        except ValueError as mistake:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from mistake


class CodeInput(forms.TextInput):
    """A field that a phone fills in by itself from a text message."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "size": 8,
                "class": "pf-code",
                **(attrs or {}),
            }
        )


class CodeField(forms.CharField):
    """A six-digit code; spaces and dashes that came along are taken out."""

    widget = CodeInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(RegexValidator(r"^\d{6}\Z", _("The code has six numbers. You find it in our message.")))

    def to_python(self, value: Any) -> str:
        """Digits only."""
        return re.sub(r"[\s\u00a0-]", "", super().to_python(value) or "")
