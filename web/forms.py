"""Fields for those who set things up: a day and a moment, typed as people type them. Money: ``web.fields``."""

import datetime
import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from web.fields import DayField

EARLIEST, LATEST = datetime.date(2000, 1, 1), datetime.date(2100, 1, 1)

_DAY = re.compile(r"(\d{1,2})(?:[-/. ]+(\d{1,2})[-/. ]+|[-. ]*([a-z]+)[-. ]*)(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2})(?::\d{2})?|(\d{2}))?\s*(?:uur|u|h)?")


def read_day(text: str) -> datetime.date:
    """Read ``31-12-2027``, ``31/12/27``, ``31 december 2027`` or, as a browser's own calendar sends it, ``2027-12-31``.

    Raises ValueError for anything else, and for a day that does not exist.
    """
    text = re.sub(r"\s+", " ", text.strip().lower())
    if match := _ISO.fullmatch(text):
        return datetime.date(*(int(part) for part in match.groups()))
    match = _DAY.fullmatch(text)
    if match is None:
        raise ValueError(text)
    try:
        day = DayField().compress([match[1], match[2] or match[3], match[4]])
    except ValidationError as mistake:
        raise ValueError(text) from mistake
    if day is None:
        raise ValueError(text)
    return day


def read_clock(text: str) -> datetime.time:
    """Read ``17:00``, ``17.00``, ``1700``, ``17`` or ``17 uur``. Raises ValueError for anything else."""
    match = _CLOCK.fullmatch(text.strip().lower())
    if match is None:
        raise ValueError(text)
    return datetime.time(int(match[1]), int(match[2] or match[3] or 0))


class DateTextInput(forms.TextInput):
    """A short text field that shows a day as ``31-12-2027``; what somebody typed is given back untouched."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"size": 18, "autocomplete": "off", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        """Write a day with numbers."""
        return value.strftime("%d-%m-%Y") if isinstance(value, datetime.date) else value or None


class DateTextField(forms.Field):
    """A day in one text field → ``datetime.date``, or None when left empty."""

    widget = DateTextInput
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("Write the date like this: 31-12-2027 or 31 December 2027."),
        "far": _("This date is very far away. Is the year right?"),
    }

    def to_python(self, value: Any) -> datetime.date | None:
        """Read the day. Raises ``ValidationError`` that shows how to write it."""
        if not value or isinstance(value, datetime.date):
            return value or None
        try:
            day = read_day(str(value))
        except ValueError as mistake:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from mistake
        if not EARLIEST <= day < LATEST:
            raise ValidationError(self.error_messages["far"], code="far")
        return day


class ClockField(forms.Field):
    """A time of day in one text field → ``datetime.time``, or None when left empty."""

    default_error_messages: ClassVar[dict[str, Any]] = {"invalid": _("Write the time like this: 17:00.")}

    def to_python(self, value: Any) -> datetime.time | None:
        """Read the time. Raises ``ValidationError`` that shows how to write it."""
        if not value or isinstance(value, datetime.time):
            return value or None
        try:
            return read_clock(str(value))
        except ValueError as mistake:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from mistake


class MomentInput(forms.MultiWidget):
    """Two short text fields beside each other: the day and the time."""

    template_name = "web/moment_input.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        clock = forms.TextInput({"size": 6, "autocomplete": "off", "inputmode": "numeric"})
        super().__init__({"day": DateTextInput({"size": 12}), "time": clock}, attrs)

    def decompress(self, value: Any) -> list[Any]:
        """A moment as the clock in the Netherlands shows it, in two parts."""
        if not isinstance(value, datetime.datetime):
            return [None, None]
        local = timezone.localtime(value)
        return [local.date(), local.strftime("%H:%M")]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the word above each part."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        for part, label in zip(context["widget"]["subwidgets"], (_("Date"), _("Time")), strict=True):
            part["label"] = label
        return context


class MomentField(forms.MultiValueField):
    """A day and a time → an aware ``datetime.datetime``, or None when left empty.

    A day without a time means `otherwise`: the first minute of the day for what begins, the last for what ends.
    """

    widget = MomentInput
    default_error_messages: ClassVar[dict[str, Any]] = {
        "no_day": _("Fill in the date as well."),
        "gap": _("This time does not exist."),
    }

    def __init__(self, *, otherwise: datetime.time = datetime.time(0, 0), **kwargs: Any) -> None:
        self.otherwise = otherwise
        fields = (DateTextField(required=False), ClockField(required=False))
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[Any]) -> datetime.datetime | None:
        """Put the parts together, in Dutch time. Raises ``ValidationError`` for a time without a day."""
        day, time = data_list or (None, None)
        if day is None:
            if time is not None:
                raise ValidationError(self.error_messages["no_day"], code="no_day")
            return None
        moment = timezone.make_aware(datetime.datetime.combine(day, time or self.otherwise))
        # In the night that summer time begins there is no half past two.
        if timezone.localtime(moment.astimezone(datetime.UTC)).time() != (time or self.otherwise):
            raise ValidationError(self.error_messages["gap"], code="gap")
        return moment
