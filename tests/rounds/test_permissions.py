from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Person
from rounds import permissions
from rounds.actions import advance, create_fund, end_seat, give_seat
from rounds.lifecycle import Event, Role, Stage
from rounds.models import Fund, Round
from rounds.queries import Step

EVERYBODY = {"visitor", "ines", "corrie", "vera", "otto", "bea", "raf"}
SEATED = {"corrie", "vera", "otto", "bea", "raf"}
STEERS = {"vera", "otto", "bea"}
OFFICIAL = {"otto"}
NOBODY: set[str] = set()
STAGES = list(Stage)

#             predicate: planned, open, screening, scoring, voting, advice, decided, running, closed, cancelled
BY_STAGE: dict[str, list[set[str]]] = {
    # The last one: called off before it ever opened.
    "may_see_round": [SEATED, *[EVERYBODY] * 8, SEATED],
    "may_see_office": [STEERS] * 10,
    "may_manage_round": [OFFICIAL] * 10,
    "may_set_up_round": [OFFICIAL, *[NOBODY] * 9],
    "may_change_rule": [NOBODY, OFFICIAL, OFFICIAL, OFFICIAL, *[NOBODY] * 6],
}

BY_EVENT: dict[Event, set[str]] = {
    Event.OPEN: {"otto"},
    Event.CLOSE_CALL: {"otto"},
    Event.START_SCORING: {"otto"},
    Event.OPEN_VOTING: {"vera", "otto"},
    Event.CLOSE_VOTING: {"vera", "otto"},
    Event.COUNT_SCORES: {"vera", "otto"},
    Event.DECIDE: {"bea"},
    Event.START_RUNNING: {"otto"},
    Event.CLOSE: {"otto"},
    Event.CANCEL: {"otto"},
}
FITS: dict[Event, set[Stage]] = {
    Event.OPEN: {Stage.PLANNED},
    Event.CLOSE_CALL: {Stage.OPEN},
    Event.START_SCORING: {Stage.SCREENING},
    Event.OPEN_VOTING: {Stage.SCORING},
    Event.CLOSE_VOTING: {Stage.VOTING},
    Event.COUNT_SCORES: {Stage.SCORING},
    Event.DECIDE: {Stage.ADVICE},
    Event.START_RUNNING: {Stage.DECIDED},
    Event.CLOSE: {Stage.RUNNING},
    Event.CANCEL: {Stage.PLANNED, Stage.OPEN, Stage.SCREENING, Stage.SCORING, Stage.VOTING, Stage.ADVICE},
}


@pytest.mark.parametrize("predicate", BY_STAGE)
def test_who_may_in_which_stage(predicate: str, in_stage: Callable[[Stage], Round], personas: dict[str, Any]) -> None:
    may = getattr(permissions, predicate)

    allowed = [
        {name for name, person in personas.items() if may(person, round) is True} for round in map(in_stage, STAGES)
    ]

    assert dict(zip(STAGES, allowed, strict=True)) == dict(zip(STAGES, BY_STAGE[predicate], strict=True))


@pytest.mark.parametrize("event", Event)
def test_who_may_let_what_happen(event: Event, in_stage: Callable[[Stage], Round], personas: dict[str, Any]) -> None:
    allowed = {
        stage: {name for name, person in personas.items() if permissions.may_advance(person, round, event) is True}
        for stage, round in zip(STAGES, map(in_stage, STAGES), strict=True)
    }

    assert allowed == {stage: BY_EVENT[event] if stage in FITS[event] else NOBODY for stage in STAGES}


@pytest.mark.parametrize("event", Event)
def test_who_may_ask_for_a_step_does_not_depend_on_the_stage(
    event: Event, in_stage: Callable[[Stage], Round], personas: dict[str, Any]
) -> None:
    for round in map(in_stage, (Stage.PLANNED, Stage.VOTING, Stage.CLOSED)):
        may_ask = {name for name, person in personas.items() if permissions.may_take_step(person, Step(round, event))}

        assert may_ask == BY_EVENT[event]


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        ("is_official", OFFICIAL),
        ("may_create_fund", OFFICIAL),
        ("may_steer", STEERS),
        ("needs_second_factor", {"corrie", "vera", "otto", "bea"}),
    ],
)
def test_who_is_what(predicate: str, expected: set[str], personas: dict[str, Any]) -> None:
    assert {name for name, person in personas.items() if getattr(permissions, predicate)(person) is True} == expected


def test_officials_manage_their_own_fund_only(fund: Fund, personas: dict[str, Any]) -> None:
    other = create_fund(by=None, name="Other", slug="other")

    assert {name for name, person in personas.items() if permissions.may_manage_fund(person, fund)} == OFFICIAL
    assert {name for name, person in personas.items() if permissions.may_manage_fund(person, other)} == NOBODY


def test_officials_manage_the_seats_of_their_fund(personas: dict[str, Any], corrie: Person) -> None:
    seat = corrie.seats.get()

    assert {name for name, person in personas.items() if permissions.may_manage_seat(person, seat)} == OFFICIAL


def test_a_round_that_was_open_once_stays_known_when_it_is_called_off(open_round: Round, otto: Person) -> None:
    advance(open_round, Event.CANCEL, otto, reason="Te weinig geld.")

    assert permissions.may_see_round(AnonymousUser(), open_round) is True


def test_a_seat_counts_on_its_first_and_its_last_day(fund: Fund, ines: Person, otto: Person) -> None:
    today = timezone.localdate()
    give_seat(fund=fund, person=ines, role=Role.OFFICIAL, from_date=today, until_date=today, by=otto)

    assert permissions.may_manage_fund(ines, fund) is True


@pytest.mark.parametrize(("first", "last"), [(1, None), (-10, -1)])
def test_a_seat_does_not_count_before_and_after_its_term(
    first: int, last: int | None, fund: Fund, ines: Person, otto: Person
) -> None:
    today = timezone.localdate()
    until = None if last is None else today + timedelta(days=last)
    seat = give_seat(
        fund=fund, person=ines, role=Role.OFFICIAL, from_date=today + timedelta(days=first), until_date=until, by=otto
    )

    assert permissions.may_manage_fund(ines, fund) is False
    assert seat.pk


def test_somebody_can_have_more_than_one_role(fund: Fund, otto: Person) -> None:
    give_seat(fund=fund, person=otto, role=Role.MANDATE_HOLDER, from_date=date(2020, 1, 1), by=otto)
    person = Person.objects.get(pk=otto.pk)

    assert permissions.may_manage_fund(person, fund) is True
    assert permissions.needs_second_factor(person) is True


def test_an_ended_seat_gives_nothing_any_more(fund: Fund, vera: Person, otto: Person, planned_round: Round) -> None:
    end_seat(seat=vera.seats.get(), until_date=timezone.localdate() - timedelta(days=1), by=otto)

    assert permissions.may_see_office(Person.objects.get(pk=vera.pk), planned_round) is False
