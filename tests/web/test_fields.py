import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from web.fields import MAXIMUM_CENTS, CodeField, DayField, MoneyField, MoneyInput


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1250", 125000),
        ("1.250", 125000),
        ("1,250", 125000),
        ("1250,5", 125050),
        ("1250,50", 125050),
        ("1250.50", 125050),
        ("1.250,50", 125050),
        ("1,250.50", 125050),
        ("1.000.000", 100000000),
        ("1 250", 125000),
        ("€ 1.250,50", 125050),
        ("€\N{NO-BREAK SPACE}1.250", 125000),
        ("1250,-", 125000),
        ("1250,--", 125000),
        ("1250 euro", 125000),
        ("EUR 1250", 125000),
        ("0", 0),
        ("0,01", 1),
    ],
)
def test_an_amount_is_understood_however_it_is_written(typed: str, cents: int) -> None:
    assert MoneyField().clean(typed) == cents


@pytest.mark.parametrize("typed", ["veel", "12,345,6", "1.25.0", "1e3", "12.34.567,00", "1,2,3", "١٢", "0x10", "nan"])
def test_what_is_not_an_amount_is_refused_with_an_example(typed: str) -> None:
    with translation.override("en"), pytest.raises(ValidationError, match="for example 1250"):
        MoneyField().clean(typed)


def test_a_negative_amount_is_refused_in_its_own_words() -> None:
    with pytest.raises(ValidationError) as refusal:
        MoneyField().clean("-10")

    assert refusal.value.code == "negative"


def test_an_amount_outside_its_limits_is_refused_with_the_limit() -> None:
    field = MoneyField(min_cents=10000, max_cents=1000000)

    with translation.override("nl"):
        with pytest.raises(ValidationError) as too_little:
            field.clean("99,99")
        with pytest.raises(ValidationError) as too_much:
            field.clean("10000,01")
        assert "€\N{NO-BREAK SPACE}100 " in too_little.value.messages[0]
        assert "€\N{NO-BREAK SPACE}10.000 " in too_much.value.messages[0]
    assert field.clean("100") == 10000
    with pytest.raises(ValidationError):
        MoneyField().clean("9" * 400)


def test_an_empty_amount_is_none_unless_it_is_needed() -> None:
    assert MoneyField(required=False).clean("  ") is None
    with pytest.raises(ValidationError):
        MoneyField().clean("")


@given(st.integers(0, MAXIMUM_CENTS), st.sampled_from(["nl", "en"]))
def test_an_amount_that_is_shown_is_read_back_the_same(cents: int, language: str) -> None:
    with translation.override(language):
        assert MoneyField().clean(MoneyInput().format_value(cents)) == cents


def test_only_another_amount_counts_as_a_change() -> None:
    field = MoneyField(required=False)

    assert not field.has_changed(125000, "1.250,00")
    assert field.has_changed(125000, "1.251")
    assert field.has_changed(125000, "veel")


@pytest.mark.parametrize(
    ("parts", "date"),
    [
        (["3", "3", "2027"], datetime.date(2027, 3, 3)),
        (["03", "03", "27"], datetime.date(2027, 3, 3)),
        (["3", "maart", "2027"], datetime.date(2027, 3, 3)),
        (["3", "Mrt.", "2027"], datetime.date(2027, 3, 3)),
        (["29", "february", "2028"], datetime.date(2028, 2, 29)),
    ],
)
def test_a_day_is_understood_however_it_is_written(parts: list[str], date: datetime.date) -> None:
    assert DayField().clean(parts) == date


@pytest.mark.parametrize("parts", [["31", "2", "2027"], ["x", "3", "2027"], ["3", "brumaire", "2027"], ["3", "3", "0"]])
def test_a_day_that_does_not_exist_is_refused(parts: list[str]) -> None:
    with pytest.raises(ValidationError):
        DayField().clean(parts)


def test_half_a_day_is_asked_to_be_completed() -> None:
    with pytest.raises(ValidationError) as refusal:
        DayField().clean(["3", "", "2027"])

    assert [error.code for error in refusal.value.error_list] == ["incomplete"]
    assert DayField(required=False).clean(["", "", ""]) is None


def test_a_code_may_be_copied_with_its_spaces() -> None:
    assert CodeField().clean(" 123 456 ") == "123456"


@pytest.mark.parametrize("typed", ["12345", "1234567", "12345a", "123456\n7"])
def test_a_code_has_six_digits(typed: str) -> None:
    with pytest.raises(ValidationError):
        CodeField().clean(typed)
