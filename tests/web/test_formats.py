import datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import engines
from django.utils import timezone, translation

from web.templatetags.formats import clock, day, machine_time, moment, money, money_exact, share_of

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("cents", "dutch", "english"),
    [
        (0, f"€{NBSP}0", "€0"),
        (1, f"€{NBSP}0,01", "€0.01"),
        (50, f"€{NBSP}0,50", "€0.50"),
        (425000, f"€{NBSP}4.250", "€4,250"),
        (425050, f"€{NBSP}4.250,50", "€4,250.50"),
        (10_000_000_000, f"€{NBSP}100.000.000", "€100,000,000"),
        (-425050, f"€{NBSP}-4.250,50", "-€4,250.50"),
    ],
)
def test_money_is_written_as_people_write_it(cents: int, dutch: str, english: str) -> None:
    with translation.override("nl"):
        assert money(cents) == dutch
    with translation.override("en"):
        assert money(cents) == english


def test_no_amount_is_written_as_nothing() -> None:
    assert money(None) == ""
    assert money("") == ""
    assert money_exact(None) == ""


def test_amounts_in_a_column_always_have_two_decimals() -> None:
    with translation.override("nl"):
        assert [money_exact(cents) for cents in (425000, 5)] == [f"€{NBSP}4.250,00", f"€{NBSP}0,05"]


def test_a_day_is_written_in_words() -> None:
    date = datetime.date(2027, 3, 3)

    with translation.override("nl"):
        assert day(date) == "3 maart 2027"
    with translation.override("en"):
        assert day(date) == "3 March 2027"
    assert day(None) == ""


def test_a_moment_is_told_in_local_time() -> None:
    when = datetime.datetime(2027, 3, 3, 13, 3, tzinfo=datetime.UTC)
    template = engines["django"].from_string("{{ when|day }} / {{ when|clock }} / {{ when|moment }}")

    with translation.override("en"), timezone.override(ZoneInfo("Europe/Amsterdam")):
        assert template.render({"when": when}) == "3 March 2027 / 14:03 / 3 March 2027 at 14:03"
    assert moment(None) == ""
    assert clock(None) == ""


def test_a_machine_reads_the_time_with_its_zone() -> None:
    when = datetime.datetime(2027, 3, 3, 13, 3, tzinfo=datetime.UTC)

    with timezone.override(ZoneInfo("Europe/Amsterdam")):
        assert machine_time(when) == "2027-03-03T14:03+01:00"
    assert machine_time(datetime.date(2027, 3, 3)) == "2027-03-03"
    assert machine_time(None) == ""


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (1, 4, "25%"),
        (1, 3, "33%"),
        (2, 3, "67%"),
        (0, 5, "0%"),
        (5, 5, "100%"),
        (-1, 4, "-25%"),
        (None, 4, ""),
        (1, 0, ""),
        (1, None, ""),
    ],
)
def test_a_share_is_rounded_to_whole_per_cents(part: int | None, whole: int | None, expected: str) -> None:
    assert share_of(part, whole) == expected


def test_a_share_that_is_not_nothing_is_never_shown_as_nothing() -> None:
    with translation.override("en"):
        assert share_of(1, 1000) == "less than 1%"
