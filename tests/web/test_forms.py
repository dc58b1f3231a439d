from datetime import UTC, date, datetime, time

import pytest
from django import forms
from django.core.exceptions import ValidationError

from web.forms import ClockField, DateTextField, MomentField, read_clock, read_day

LAST_DAY = date(2027, 12, 31)


@pytest.mark.parametrize(
    "text",
    [
        "31-12-2027",
        "31/12/2027",
        "31.12.2027",
        "31 12 2027",
        " 31 - 12 - 27 ",
        "31 december 2027",
        "31 DECEMBER 2027",
        "31 dec. 2027",
        "31 dec 27",
        "31december2027",
        "31 December 2027",
        "2027-12-31",
    ],
)
def test_a_day_is_read_as_people_write_it(text: str) -> None:
    assert read_day(text) == LAST_DAY


@pytest.mark.parametrize(
    "text",
    ["", "31-2-2027", "12-31-2027", "2027-13-01", "31 brumaire 2027", "morgen", "31-12", "1-1-1", "🌷", "31-12-20277"],
)
def test_what_is_no_day_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_day(text or "empty")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("17:00", time(17)),
        ("17.30", time(17, 30)),
        ("1730", time(17, 30)),
        ("9", time(9)),
        ("9 uur", time(9)),
        ("09:05", time(9, 5)),
        ("23:59:59", time(23, 59)),
        ("0:00", time(0)),
    ],
)
def test_a_time_is_read_as_people_write_it(text: str, expected: time) -> None:
    assert read_clock(text) == expected


@pytest.mark.parametrize("text", ["24:00", "9:60", "half negen", "-1", "9:5", "🌷"])
def test_what_is_no_time_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_clock(text)


def test_an_empty_day_is_none_and_a_day_stays_a_day() -> None:
    field = DateTextField(required=False)

    assert field.clean("") is None
    assert field.clean(LAST_DAY) == LAST_DAY


@pytest.mark.parametrize(("text", "code"), [("gisteren", "invalid"), ("31-12-1027", "far"), ("1-1-2100", "far")])
def test_a_day_that_cannot_be_meant_is_refused(text: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        DateTextField().clean(text)

    assert [error.code for error in refused.value.error_list] == [code]


def test_an_empty_time_is_none_and_nonsense_is_refused() -> None:
    field = ClockField(required=False)

    assert field.clean("") is None
    assert field.clean(time(9)) == time(9)
    with pytest.raises(ValidationError):
        field.clean("later")


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (["1-3-2027", "9:00"], datetime(2027, 3, 1, 8, tzinfo=UTC)),
        (["1-7-2027", "9:00"], datetime(2027, 7, 1, 7, tzinfo=UTC)),
        (["1-3-2027", ""], datetime(2027, 3, 1, 22, 59, tzinfo=UTC)),
        (["", ""], None),
    ],
)
def test_a_moment_is_in_dutch_time(parts: list[str], expected: datetime | None) -> None:
    assert MomentField(otherwise=time(23, 59), required=False).clean(parts) == expected


def test_a_time_without_a_day_asks_for_the_day() -> None:
    with pytest.raises(ValidationError) as refused:
        MomentField(required=False).clean(["", "9:00"])

    assert [error.code for error in refused.value.error_list] == ["no_day"]


def test_a_time_that_the_clock_skips_is_refused() -> None:
    with pytest.raises(ValidationError) as refused:
        MomentField().clean(["28-3-2027", "2:30"])

    assert [error.code for error in refused.value.error_list] == ["gap"]


class MomentForm(forms.Form):
    opens_at = MomentField()
    known_date = DateTextField()


def test_a_moment_is_shown_in_two_fields_with_a_label_each() -> None:
    form = MomentForm(initial={"opens_at": datetime(2027, 3, 1, 8, 5, tzinfo=UTC), "known_date": LAST_DAY})

    html = str(form["opens_at"]) + str(form["known_date"])

    assert 'value="01-03-2027"' in html
    assert 'value="09:05"' in html
    assert 'value="31-12-2027"' in html
    assert html.count("<label") == 2


def test_what_was_typed_is_given_back_untouched() -> None:
    form = MomentForm({"opens_at_day": "morgen <3", "opens_at_time": "vroeg", "known_date": "ooit"})

    assert not form.is_valid()
    html = str(form["opens_at"]) + str(form["known_date"])
    assert 'value="morgen &lt;3"' in html
    assert 'value="vroeg"' in html
    assert 'value="ooit"' in html
