from datetime import UTC, datetime, timedelta

import pytest

from proposals.lifecycle import (
    DOORS,
    EITHER,
    INITIATOR,
    OFFICIAL,
    STATE_LABELS,
    TRANSITIONS,
    Event,
    State,
    TransitionRefused,
    call_is_open,
    can_edit,
    can_send,
    grace_ends_at,
    row_for,
)
from rounds.lifecycle import Stage

S, E = State, Event
EXPECTED = {
    (E.SUBMIT, S.DRAFT): (S.SUBMITTED, EITHER),
    (E.ASK_SUPPLEMENT, S.SUBMITTED): (S.SUPPLEMENT_ASKED, OFFICIAL),
    (E.ANSWER_SUPPLEMENT, S.SUPPLEMENT_ASKED): (S.SUBMITTED, EITHER),
    (E.ADMIT, S.SUBMITTED): (S.ELIGIBLE, OFFICIAL),
    (E.NOT_TREAT, S.SUPPLEMENT_ASKED): (S.NOT_TREATED, OFFICIAL),
    (E.WITHDRAW, S.DRAFT): (S.WITHDRAWN, INITIATOR),
    (E.WITHDRAW, S.SUBMITTED): (S.WITHDRAWN, EITHER),
    (E.WITHDRAW, S.SUPPLEMENT_ASKED): (S.WITHDRAWN, EITHER),
    (E.WITHDRAW, S.ELIGIBLE): (S.WITHDRAWN, EITHER),
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_every_event_in_every_state_leads_where_the_table_says_or_is_refused(event: Event, state: State) -> None:
    expected = EXPECTED.get((event, state))

    if expected is None:
        with pytest.raises(TransitionRefused):
            row_for(event, state)
    else:
        row = row_for(event, state)
        assert (row.target, row.who) == expected


def test_the_table_has_no_row_twice() -> None:
    assert len({(row.event, row.source) for row in TRANSITIONS}) == len(TRANSITIONS)


def test_a_refusal_says_where_the_proposal_stands() -> None:
    with pytest.raises(TransitionRefused) as refusal:
        row_for(Event.SUBMIT, State.WITHDRAWN)

    assert str(State.WITHDRAWN.label) in str(refusal.value)


def test_what_is_withdrawn_or_not_treated_is_the_end() -> None:
    assert {row.source for row in TRANSITIONS}.isdisjoint({State.WITHDRAWN, State.NOT_TREATED})


DEADLINE = datetime(2027, 1, 15, 16, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_every_event_goes_through_a_door_of_the_round() -> None:
    assert set(DOORS) == set(Event)


def test_every_audience_has_a_word_for_every_state() -> None:
    assert all(set(labels) == set(State) for labels in STATE_LABELS.values())


@pytest.mark.parametrize("stage", Stage)
def test_a_draft_can_always_be_changed_and_what_is_over_never(stage: Stage) -> None:
    assert can_edit(State.DRAFT, stage) is True
    assert can_edit(State.WITHDRAWN, stage) is can_edit(State.NOT_TREATED, stage) is False
    assert can_edit(State.SUBMITTED, stage) is (stage == Stage.OPEN)
    assert can_edit(State.SUPPLEMENT_ASKED, stage) is (stage in {Stage.OPEN, Stage.SCREENING})


@pytest.mark.parametrize(
    ("stage", "closes_at", "now", "expected"),
    [
        (Stage.OPEN, None, DEADLINE, True),
        (Stage.OPEN, DEADLINE, DEADLINE, True),
        (Stage.OPEN, DEADLINE, DEADLINE + MINUTE, False),
        (Stage.PLANNED, DEADLINE, DEADLINE - MINUTE, False),
        (Stage.SCREENING, None, DEADLINE, False),
    ],
)
def test_the_call_is_open_in_its_stage_until_its_deadline(
    stage: Stage, closes_at: datetime | None, now: datetime, expected: bool
) -> None:
    assert call_is_open(stage, closes_at=closes_at, now=now) is expected


@pytest.mark.parametrize(
    ("started_at", "closes_at", "expected"),
    [
        (DEADLINE, DEADLINE, DEADLINE + 60 * MINUTE),
        (DEADLINE + MINUTE, DEADLINE, None),
        (DEADLINE, None, None),
    ],
)
def test_the_grace_hour_is_for_what_was_begun_before_the_deadline(
    started_at: datetime, closes_at: datetime | None, expected: datetime | None
) -> None:
    assert grace_ends_at(started_at=started_at, closes_at=closes_at, minutes=60) == expected


@pytest.mark.parametrize(
    ("stage", "started_at", "now", "expected"),
    [
        (Stage.OPEN, DEADLINE - MINUTE, DEADLINE, True),
        (Stage.OPEN, DEADLINE - MINUTE, DEADLINE + 60 * MINUTE, True),
        (Stage.OPEN, DEADLINE - MINUTE, DEADLINE + 61 * MINUTE, False),
        (Stage.OPEN, DEADLINE + MINUTE, DEADLINE + 2 * MINUTE, False),
        (Stage.SCREENING, DEADLINE - MINUTE, DEADLINE + 5 * MINUTE, True),
        (Stage.CANCELLED, DEADLINE - MINUTE, DEADLINE + 5 * MINUTE, False),
        (Stage.PLANNED, DEADLINE - MINUTE, DEADLINE - MINUTE, False),
    ],
)
def test_a_draft_can_be_sent_until_the_deadline_and_within_the_grace_hour(
    stage: Stage, started_at: datetime, now: datetime, expected: bool
) -> None:
    sent = can_send(stage, started_at=started_at, closes_at=DEADLINE, now=now, grace_minutes=60)

    assert sent is expected
