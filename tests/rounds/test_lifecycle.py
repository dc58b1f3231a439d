import pytest

from rounds.lifecycle import (
    DOORS,
    EFFECTS,
    PATH,
    ROLE_DESCRIPTIONS,
    STAGE_LABELS,
    STEERING_ROLES,
    TRANSITIONS,
    Audience,
    Door,
    Event,
    ObstaclesRemain,
    Role,
    Stage,
    TransitionRefused,
    events_from,
    is_open,
    row_for,
)

# Every stage × every event. What is not here is refused.
ALLOWED = {
    (Stage.PLANNED, Event.OPEN): Stage.OPEN,
    (Stage.PLANNED, Event.CANCEL): Stage.CANCELLED,
    (Stage.OPEN, Event.CLOSE_CALL): Stage.SCREENING,
    (Stage.OPEN, Event.CANCEL): Stage.CANCELLED,
    (Stage.SCREENING, Event.START_SCORING): Stage.SCORING,
    (Stage.SCREENING, Event.CANCEL): Stage.CANCELLED,
    (Stage.SCORING, Event.OPEN_VOTING): Stage.VOTING,
    (Stage.SCORING, Event.COUNT_SCORES): Stage.ADVICE,
    (Stage.SCORING, Event.CANCEL): Stage.CANCELLED,
    (Stage.VOTING, Event.CLOSE_VOTING): Stage.ADVICE,
    (Stage.VOTING, Event.CANCEL): Stage.CANCELLED,
    (Stage.ADVICE, Event.DECIDE): Stage.DECIDED,
    (Stage.ADVICE, Event.CANCEL): Stage.CANCELLED,
    (Stage.DECIDED, Event.START_RUNNING): Stage.RUNNING,
    (Stage.RUNNING, Event.CLOSE): Stage.CLOSED,
}


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("stage", Stage)
def test_an_event_leads_on_or_is_refused(stage: Stage, event: Event) -> None:
    if (stage, event) in ALLOWED:
        assert row_for(event, stage).target == ALLOWED[stage, event]
    else:
        with pytest.raises(TransitionRefused):
            row_for(event, stage)


@pytest.mark.parametrize("stage", Stage)
def test_the_events_from_a_stage_are_those_that_lead_on(stage: Stage) -> None:
    assert {row.event for row in events_from(stage)} == {event for source, event in ALLOWED if source == stage}


def test_no_row_stands_in_the_table_twice() -> None:
    assert len({(row.event, row.source) for row in TRANSITIONS}) == len(TRANSITIONS)


def test_nothing_leads_out_of_a_finished_round() -> None:
    assert [stage for stage in Stage if not events_from(stage)] == [Stage.CLOSED, Stage.CANCELLED]


@pytest.mark.parametrize("door", Door)
def test_every_door_opens_in_some_stage(door: Door) -> None:
    assert any(is_open(door, stage) for stage in Stage)


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_says_which_doors_it_opens(stage: Stage) -> None:
    assert {door for door in Door if is_open(door, stage)} == DOORS[stage]


def test_the_rule_changes_freely_before_opening_and_never_from_the_vote_on() -> None:
    assert [stage for stage in Stage if is_open(Door.SET_UP, stage)] == [Stage.PLANNED]
    assert [stage for stage in Stage if is_open(Door.CHANGE_RULE, stage)] == [
        Stage.OPEN,
        Stage.SCREENING,
        Stage.SCORING,
    ]


@pytest.mark.parametrize("audience", Audience)
def test_every_stage_has_words_for_everybody(audience: Audience) -> None:
    assert set(STAGE_LABELS[audience]) == set(Stage)


def test_everything_that_people_choose_is_explained() -> None:
    assert set(EFFECTS) == set(Event)
    assert set(ROLE_DESCRIPTIONS) == set(Role)


def test_the_path_is_every_stage_but_cancelled() -> None:
    assert set(PATH) == set(Stage) - {Stage.CANCELLED}


def test_those_who_steer_are_those_in_the_table() -> None:
    assert frozenset().union(*(row.who for row in TRANSITIONS)) == STEERING_ROLES


def test_what_still_stands_in_the_way_reads_as_one_text() -> None:
    refusal = ObstaclesRemain(["First this.", "Then that."])

    assert str(refusal) == "First this. Then that."
    assert refusal.obstacles == ["First this.", "Then that."]
