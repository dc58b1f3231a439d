"""Several people at the same moment, really: threads with a connection each, on SQLite as well as on PostgreSQL."""

from collections.abc import Callable

import pytest

from accounts.models import Person
from rounds.actions import StalePage, advance, change_round, record
from rounds.lifecycle import Event, TransitionRefused
from rounds.models import AuditEntry, Fund, Round, RuleVersion
from rounds.queries import broken_links

pytestmark = pytest.mark.django_db(transaction=True)

type Together = Callable[[int, Callable[[int], object]], list[object]]


def test_of_simultaneous_clicks_one_opens_the_round(planned_round: Round, otto: Person, together: Together) -> None:
    def click(_number: int) -> object:
        try:
            advance(Round.objects.get(pk=planned_round.pk), Event.OPEN, otto)
        except TransitionRefused:
            return "refused"
        return "opened"

    # Each thread has read the round as planned before any of them writes, or finds it open: one opens it either way.
    outcomes = together(6, click)

    assert sorted(map(str, outcomes)) == ["opened", *["refused"] * 5]
    assert together(1, lambda _number: RuleVersion.objects.count()) == [1]
    assert together(1, lambda _number: list(broken_links())) == [[]]


def test_of_simultaneous_changes_one_is_saved(planned_round: Round, otto: Person, together: Together) -> None:
    edition = planned_round.edition

    def save(number: int) -> object:
        try:
            change_round(
                round=Round.objects.get(pk=planned_round.pk), edition=edition, by=otto, call=f"Van nummer {number}."
            )
        except StalePage:
            return "stale"
        return f"Van nummer {number}."

    outcomes = together(6, save)

    saved = [outcome for outcome in outcomes if outcome != "stale"]
    assert len(saved) == 1
    assert together(1, lambda _number: Round.objects.get(pk=planned_round.pk).call) == saved


def test_the_chain_holds_when_many_write_at_once(fund: Fund, together: Together) -> None:
    def write(number: int) -> object:
        return [record(action="look", subject=fund, by=None, number=number).sequence for _time in range(5)]

    written = together(8, write)

    numbers = sorted(number for some in written if isinstance(some, list) for number in some)
    # The first line is that of the fund itself.
    assert numbers == list(range(2, 42))
    assert together(1, lambda _number: AuditEntry.objects.count()) == [41]
    assert together(1, lambda _number: list(broken_links())) == [[]]


def test_the_first_lines_of_all_may_be_written_at_once(db: None, together: Together) -> None:
    def write(number: int) -> object:
        return record(action="look", subject=Fund(pk=1), by=None, number=number).sequence

    assert sorted(map(str, together(4, write))) == ["1", "2", "3", "4"]
    assert together(1, lambda _number: list(broken_links())) == [[]]
