from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Person
from rounds.actions import (
    NothingChanged,
    StalePage,
    advance,
    change_round,
    change_rule,
    copy_round,
    create_round,
    set_criteria,
)
from rounds.lifecycle import DoorClosed, Event, ObstaclesRemain, Role, Stage, TransitionRefused
from rounds.models import AllocationRule, AuditEntry, BallotType, Criterion, Fund, Round, RuleVersion, Seat, TieBreak
from rounds.queries import add_obstacles, digest_of, obstacles_to, stages

CRITERION = {"name": "Meedoen", "question": "Helpt dit mensen om mee te doen?", "weight": 2}
SECOND = {"name": "Blijvend", "question": "Blijft er iets over?", "weight": 1}


def stored(round: Round) -> Round:
    return Round.objects.get(pk=round.pk)


# --- setting up -------------------------------------------------------------------------------------------------------


def test_a_name_may_be_in_any_script(fund: Fund, otto: Person) -> None:
    round = create_round(fund=fund, by=otto, name="جولة 🌷 ٢٠٢٧", slug="jawla")

    assert stored(round).name == "جولة 🌷 ٢٠٢٧"


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "x" * 121},
        {"slug": "no spaces"},
        {"slug": "ronde-2027"},
        {"ceiling": -1},
        {"quorum_percent": 101},
        {"allocation_rule": "nonsense"},
        {
            "opens_at": datetime(2027, 3, 2, tzinfo=UTC),
            "closes_at": datetime(2027, 3, 1, tzinfo=UTC),
        },
        {
            "closes_at": datetime(2027, 3, 2, tzinfo=UTC),
            "scoring_ends_at": datetime(2027, 3, 1, tzinfo=UTC),
        },
        {
            "scoring_ends_at": datetime(2027, 3, 2, tzinfo=UTC),
            "voting_ends_at": datetime(2027, 3, 1, tzinfo=UTC),
        },
    ],
)
def test_a_round_that_cannot_be_is_refused(
    fields: dict[str, object], fund: Fund, otto: Person, planned_round: Round
) -> None:
    before = Round.objects.count()

    with pytest.raises(ValidationError):
        create_round(fund=fund, by=otto, **{"name": "Ronde", "slug": "ronde", **fields})

    assert Round.objects.count() == before


def test_a_change_raises_the_edition_and_says_what_changed(planned_round: Round, otto: Person) -> None:
    edition = planned_round.edition

    change_round(round=planned_round, edition=edition, by=otto, call="Anders.", ceiling=planned_round.ceiling)

    assert (stored(planned_round).call, stored(planned_round).edition) == ("Anders.", edition + 1)
    assert planned_round.edition == edition + 1
    assert AuditEntry.objects.latest("sequence").data == '{"fields":["call"]}'


def test_a_stale_page_changes_nothing(planned_round: Round, otto: Person) -> None:
    other = stored(planned_round)
    change_round(round=other, edition=other.edition, by=otto, call="Van Olga.")

    with pytest.raises(StalePage):
        change_round(round=planned_round, edition=planned_round.edition, by=otto, call="Van Otto.")

    assert stored(planned_round).call == "Van Olga."
    assert planned_round.call == "Vertel ons uw idee."
    assert planned_round.edition == other.edition - 1


def test_an_invalid_change_leaves_the_round_as_it_was(planned_round: Round, otto: Person) -> None:
    with pytest.raises(ValidationError):
        change_round(round=planned_round, edition=planned_round.edition, by=otto, ceiling=-5, call="Anders.")

    assert (planned_round.ceiling, planned_round.call) == (100_000_00, "Vertel ons uw idee.")
    assert stored(planned_round).call == "Vertel ons uw idee."


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.PLANNED])
def test_setting_up_ends_when_the_round_opens(stage: Stage, in_stage: Callable[[Stage], Round], otto: Person) -> None:
    round = in_stage(stage)

    with pytest.raises(DoorClosed):
        change_round(round=round, edition=round.edition, by=otto, call="Te laat.")
    with pytest.raises(DoorClosed):
        set_criteria(round=round, edition=round.edition, by=otto, criteria=[SECOND])


def test_a_round_that_opened_a_moment_ago_is_stale(planned_round: Round, otto: Person) -> None:
    advance(stored(planned_round), Event.OPEN, otto)

    with pytest.raises(StalePage):
        change_round(round=planned_round, edition=planned_round.edition, by=otto, call="Net te laat.")


def test_criteria_keep_their_row_when_they_keep_their_name(planned_round: Round, otto: Person) -> None:
    kept = planned_round.criteria.get()

    set_criteria(
        round=planned_round, edition=planned_round.edition, by=otto, criteria=[SECOND, {**CRITERION, "weight": 7}]
    )

    rows = list(planned_round.criteria.values_list("name", "weight", "place"))
    assert rows == [("Blijvend", 1, 0), ("Meedoen", 7, 1)]
    assert planned_round.criteria.get(name="Meedoen").pk == kept.pk


@pytest.mark.parametrize("weight", [0, 11, -1])
def test_a_weight_out_of_range_is_refused_and_changes_nothing(weight: int, planned_round: Round, otto: Person) -> None:
    edition = planned_round.edition

    with pytest.raises(ValidationError):
        set_criteria(round=planned_round, edition=edition, by=otto, criteria=[SECOND, {**CRITERION, "weight": weight}])

    assert [criterion.name for criterion in planned_round.criteria.all()] == ["Meedoen"]
    assert (planned_round.edition, stored(planned_round).edition) == (edition, edition)


def test_criteria_from_a_stale_page_are_refused(planned_round: Round, otto: Person) -> None:
    with pytest.raises(StalePage):
        set_criteria(round=planned_round, edition=planned_round.edition - 1, by=otto, criteria=[SECOND])


def test_last_years_round_is_copied_a_year_later(planned_round: Round, otto: Person) -> None:
    Round.objects.filter(pk=planned_round.pk).update(
        opens_at=datetime(2027, 3, 27, 8, tzinfo=UTC),  # 9:00 in winter time
        closes_at=datetime(2027, 10, 30, 7, tzinfo=UTC),  # 9:00 in summer time, the day before the clock goes back
        decision_date=date(2028, 2, 29),
        tie_break=TieBreak.LOT,
        lot_seed="Loterij",
        stage=Stage.CLOSED,
    )

    copy = copy_round(round=stored(planned_round), by=otto, name="Ronde 2028", slug="ronde-2028")

    assert timezone.localtime(copy.opens_at).isoformat() == "2028-03-27T09:00:00+02:00"
    assert timezone.localtime(copy.closes_at).isoformat() == "2028-10-30T09:00:00+01:00"
    assert copy.decision_date == date(2029, 2, 28)
    assert (copy.scoring_ends_at, copy.stage, copy.ceiling) == (None, Stage.PLANNED, 100_000_00)
    assert (copy.tie_break, copy.lot_seed) == (TieBreak.LOT, "")
    assert list(copy.criteria.values("name", "question", "weight")) == [CRITERION]
    assert copy.rule_versions.count() == 0


def test_a_copy_needs_a_web_address_of_its_own(planned_round: Round, otto: Person) -> None:
    with pytest.raises(ValidationError):
        copy_round(round=planned_round, by=otto, name="Ronde", slug=planned_round.slug)


# --- stages -----------------------------------------------------------------------------------------------------------


def test_opening_freezes_the_rule_and_publishes_its_digest(planned_round: Round, otto: Person) -> None:
    advance(planned_round, Event.OPEN, otto)

    version = planned_round.rule_versions.get()
    assert planned_round.stage == stored(planned_round).stage == Stage.OPEN
    assert (version.number, version.reason, version.frozen_by) == (1, "", otto)
    assert version.digest == digest_of(version.document)
    assert f'"digest":"{version.digest}"' in AuditEntry.objects.latest("sequence").data


@pytest.mark.parametrize(
    "fields",
    [
        {"ceiling": 0},
        {"call": "  "},
        {"opens_at": None},
        {"closes_at": None},
        {"closes_at": timezone.now() - timedelta(hours=1)},
        {"allocation_rule": AllocationRule.MES_POINTS},
        {"tie_break": TieBreak.LOT},
    ],
)
def test_a_round_that_is_not_ready_does_not_open(fields: dict[str, object], planned_round: Round, otto: Person) -> None:
    Round.objects.filter(pk=planned_round.pk).update(**fields)

    with pytest.raises(ObstaclesRemain) as refused:
        advance(planned_round, Event.OPEN, otto)

    assert len(refused.value.obstacles) == 1
    assert getattr(refused.value.obstacles[0], "url", "").startswith("/manage/rounds/ronde-2027/set-up/")
    assert planned_round.stage == stored(planned_round).stage == Stage.PLANNED
    assert RuleVersion.objects.count() == 0


def test_a_round_without_criteria_does_not_open(planned_round: Round, otto: Person) -> None:
    Criterion.objects.all().delete()

    with pytest.raises(ObstaclesRemain):
        advance(planned_round, Event.OPEN, otto)


def test_nobody_opens_another_rule_than_the_one_they_read(planned_round: Round, otto: Person) -> None:
    seen = planned_round.edition
    change_round(round=stored(planned_round), edition=seen, by=otto, ceiling=1_00)

    with pytest.raises(StalePage):
        advance(planned_round, Event.OPEN, otto, edition=seen)

    assert stored(planned_round).stage == Stage.PLANNED


def test_opening_with_the_edition_that_was_read_works(planned_round: Round, otto: Person) -> None:
    assert advance(planned_round, Event.OPEN, otto, edition=planned_round.edition).stage == Stage.OPEN


def test_of_two_clicks_the_second_is_refused(planned_round: Round, otto: Person) -> None:
    also_open_here = stored(planned_round)
    advance(planned_round, Event.OPEN, otto)

    with pytest.raises(TransitionRefused):
        advance(also_open_here, Event.OPEN, otto)

    assert RuleVersion.objects.count() == 1


def test_an_event_that_does_not_fit_is_refused(planned_round: Round, otto: Person) -> None:
    with pytest.raises(TransitionRefused):
        advance(planned_round, Event.DECIDE, otto)


def test_calling_off_needs_a_reason(open_round: Round, otto: Person) -> None:
    with pytest.raises(ObstaclesRemain):
        advance(open_round, Event.CANCEL, otto, reason=" ")

    advance(open_round, Event.CANCEL, otto, reason="Te weinig geld.")

    assert stored(open_round).stage == Stage.CANCELLED
    assert AuditEntry.objects.latest("sequence").reason == "Te weinig geld."


def test_a_vote_needs_a_committee(in_stage: Callable[[Stage], Round], otto: Person) -> None:
    round = in_stage(Stage.SCORING)

    assert [getattr(obstacle, "url", "") for obstacle in obstacles_to(round, Event.OPEN_VOTING)] == [
        "/manage/funds/participatiefonds/seats/"
    ]


def test_a_committee_of_members_can_vote(in_stage: Callable[[Stage], Round], corrie: Person) -> None:
    assert obstacles_to(in_stage(Stage.SCORING), Event.OPEN_VOTING) == []


def test_scores_are_counted_only_where_the_scores_are_the_vote(
    in_stage: Callable[[Stage], Round], corrie: Person
) -> None:
    round = in_stage(Stage.SCORING)
    assert len(obstacles_to(round, Event.COUNT_SCORES)) == 1

    round.ballot_type = BallotType.SCORES

    assert obstacles_to(round, Event.COUNT_SCORES) == []
    assert len(obstacles_to(round, Event.OPEN_VOTING)) == 1


def test_a_higher_app_can_stand_in_the_way(
    in_stage: Callable[[Stage], Round], otto: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stages, "_obstacles", {})

    def unscreened(_round: Round) -> Iterator[str]:
        yield "Twee aanvragen wachten nog."

    add_obstacles(Event.START_SCORING, unscreened)
    add_obstacles(Event.START_SCORING, unscreened)

    with pytest.raises(ObstaclesRemain) as refused:
        advance(in_stage(Stage.SCREENING), Event.START_SCORING, otto)
    assert refused.value.obstacles == ["Twee aanvragen wachten nog."]


# --- changing the rule ------------------------------------------------------------------------------------------------


def new_version(round: Round, by: Person, **fields: Any) -> RuleVersion:
    return change_rule(round=round, edition=round.edition, by=by, reason="De raad gaf meer.", **fields)


def test_a_changed_rule_is_a_new_version_with_a_reason(open_round: Round, otto: Person) -> None:
    version = new_version(open_round, otto, ceiling=120_000_00)

    assert (version.number, version.reason) == (2, "De raad gaf meer.")
    assert '"ceiling":12000000' in version.document
    assert stored(open_round).ceiling == 120_000_00
    assert [line.number for line in open_round.rule_versions.all()] == [1, 2]


@pytest.mark.parametrize(
    "stage", [stage for stage in Stage if stage not in {Stage.OPEN, Stage.SCREENING, Stage.SCORING}]
)
def test_the_rule_stands_before_opening_and_from_the_vote_on(
    stage: Stage, in_stage: Callable[[Stage], Round], otto: Person
) -> None:
    with pytest.raises(DoorClosed):
        new_version(in_stage(stage), otto, ceiling=1_00)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_rule_does_not_change_without_a_reason(open_round: Round, otto: Person, reason: str) -> None:
    with pytest.raises(ValueError, match="reason"):
        change_rule(round=open_round, edition=open_round.edition, by=otto, reason=reason, ceiling=1_00)


def test_only_the_rule_changes_this_way(open_round: Round, otto: Person) -> None:
    with pytest.raises(ValueError, match="call"):
        new_version(open_round, otto, call="Anders.")


def test_choices_that_do_not_fit_together_are_refused(open_round: Round, otto: Person) -> None:
    with pytest.raises(ValidationError) as refused:
        new_version(open_round, otto, allocation_rule=AllocationRule.MAJORITY, tie_break=TieBreak.LOT)

    assert set(refused.value.message_dict) == {"allocation_rule", "lot_seed"}
    assert open_round.allocation_rule == AllocationRule.MES_COST_ADD1U


def test_a_version_that_says_the_same_is_none(open_round: Round, otto: Person) -> None:
    edition = open_round.edition

    with pytest.raises(NothingChanged):
        new_version(open_round, otto, ceiling=open_round.ceiling)

    assert (open_round.edition, stored(open_round).edition) == (edition, edition)


def test_a_stale_rule_page_changes_nothing(open_round: Round, otto: Person) -> None:
    new_version(stored(open_round), otto, ceiling=1_00)

    with pytest.raises(StalePage):
        new_version(open_round, otto, ceiling=2_00)

    assert open_round.rule_versions.count() == 2


def test_criteria_change_with_the_rule(open_round: Round, otto: Person) -> None:
    version = new_version(open_round, otto, criteria=[CRITERION, SECOND])

    assert '"Blijvend"' in version.document


def test_while_the_committee_scores_only_weights_change(
    open_round: Round, otto: Person, in_stage: Callable[[Stage], Round]
) -> None:
    round = in_stage(Stage.SCORING)

    with pytest.raises(ValidationError):
        new_version(round, otto, criteria=[CRITERION, SECOND])
    version = new_version(round, otto, criteria=[{**CRITERION, "weight": 3}])

    assert '"weight":3' in version.document
    assert [criterion.weight for criterion in round.criteria.all()] == [3]


def test_rounds_belong_to_their_fund_and_seats_too(fund: Fund, planned_round: Round) -> None:
    assert planned_round.fund == fund
    assert Seat.objects.filter(fund=fund, role=Role.OFFICIAL).count() == 1
