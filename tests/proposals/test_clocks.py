from datetime import date

import pytest

from proposals.queries import Light, Pause, clock_at

SENT = date(2027, 3, 1)
ASKED, DUE = date(2027, 3, 10), date(2027, 3, 24)


def clock(today: date, *pauses: Pause, is_done: bool = False) -> tuple[date, int, Light]:
    found = clock_at(SENT, pauses, today=today, weeks=8, soon_days=14, is_done=is_done)
    return found.due_date, found.days_left, found.light


@pytest.mark.parametrize(
    ("today", "days_left", "light"),
    [
        (SENT, 56, Light.ON_TIME),
        (date(2027, 4, 11), 15, Light.ON_TIME),
        (date(2027, 4, 12), 14, Light.SOON),
        (date(2027, 4, 26), 0, Light.SOON),
        (date(2027, 4, 27), -1, Light.LATE),
    ],
)
def test_without_questions_there_are_eight_weeks_from_sending(today: date, days_left: int, light: Light) -> None:
    assert clock(today) == (date(2027, 4, 26), days_left, light)


@pytest.mark.parametrize(
    ("today", "due", "days_left"),
    [
        (ASKED, date(2027, 4, 26), 47),  # it stands still from the day after
        (date(2027, 3, 11), date(2027, 4, 27), 47),
        (DUE, date(2027, 5, 10), 47),
    ],
)
def test_while_an_answer_is_awaited_the_clock_stands_still(today: date, due: date, days_left: int) -> None:
    assert clock(today, Pause(ASKED, DUE, None)) == (due, days_left, Light.STOPPED)


def test_after_the_last_day_the_clock_runs_on_also_without_an_answer() -> None:
    assert clock(date(2027, 3, 25), Pause(ASKED, DUE, None)) == (date(2027, 5, 10), 46, Light.ON_TIME)


@pytest.mark.parametrize(
    ("ended", "days"),
    [
        (ASKED, 0),  # answered on the same day
        (date(2027, 3, 11), 0),  # the day after: it stood still until that day, so not at all
        (date(2027, 3, 20), 9),
        (date(2027, 3, 30), 14),  # late: it ran on after the last day
        (date(2027, 3, 25), 14),  # the term passed unused
    ],
)
def test_the_days_that_it_stood_still_are_added(ended: date, days: int) -> None:
    assert Pause(ASKED, DUE, ended).days(date(2027, 6, 1)) == days


def test_two_supplements_add_up() -> None:
    first = Pause(ASKED, DUE, date(2027, 3, 20))
    second = Pause(date(2027, 3, 22), date(2027, 4, 5), date(2027, 4, 1))

    assert clock(date(2027, 4, 1), first, second)[0] == date(2027, 5, 14)  # 9 and 9 days


def test_what_is_decided_has_no_light() -> None:
    assert clock(date(2027, 9, 1), is_done=True)[2] == Light.DONE
    assert clock_at(SENT, [], today=SENT, weeks=8, soon_days=14).kind == "success"


def test_a_day_that_the_call_promised_goes_before_the_eight_weeks() -> None:
    found = clock_at(SENT, [Pause(ASKED, DUE, DUE)], today=DUE, weeks=8, soon_days=14, promised_date=date(2027, 7, 1))

    assert (found.due_date, found.light) == (date(2027, 7, 14), Light.ON_TIME)  # 13 days stood still
