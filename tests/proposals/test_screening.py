"""The verbs of checking: what is written, and what is refused."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Person
from proposals.actions import admit_proposal, fill_in_checklist, log_reading, set_points, start_draft
from proposals.lifecycle import State, TransitionRefused
from proposals.models import FunnelCount, Proposal, ScreeningAnswer, ScreeningPoint
from proposals.queries import (
    MOST_POINTS,
    Finding,
    checklist_of,
    mark_of_checklist,
    mark_of_points,
    points_before,
    points_of,
    similar_proposals,
    unscreened_obstacles,
)
from rounds.actions import StalePage, advance, create_round
from rounds.lifecycle import DoorClosed, Event, ObstaclesRemain, Stage
from rounds.models import AuditEntry, Fund, Round
from tests.proposals.conftest import fill_in, send

POINTS = ["Staat er een naam bij?", "Is het in de gemeente?"]


@pytest.fixture
def sent(finished_draft: Proposal, ines: Person) -> Proposal:
    """What Ines sent in."""
    send(finished_draft, ines)
    return Proposal.objects.select_related("round__fund", "initiator").get(pk=finished_draft.pk)


@pytest.fixture
def points(open_round: Round, otto: Person) -> list[ScreeningPoint]:
    set_points(round=open_round, by=otto, mark=mark_of_points([]), points=POINTS)
    return list(ScreeningPoint.objects.all())


def lines(action: str) -> int:
    return AuditEntry.objects.filter(action=action).count()


def test_a_proposal_is_admitted_once(sent: Proposal, otto: Person, bea: Person) -> None:
    other_page = Proposal.objects.get(pk=sent.pk)

    admit_proposal(proposal=sent, by=otto, seen=1)
    with pytest.raises(TransitionRefused):
        admit_proposal(proposal=other_page, by=bea, seen=1)

    kept = Proposal.objects.get(pk=sent.pk)
    assert (kept.state, kept.screened_at is not None) == (State.ELIGIBLE, True)
    assert FunnelCount.objects.get(step="eligible").count == 1
    assert lines("admit_proposal") == 1
    assert other_page.state == State.SUBMITTED


def test_another_version_than_the_one_that_was_read_is_not_admitted(sent: Proposal, otto: Person) -> None:
    with pytest.raises(StalePage):
        admit_proposal(proposal=sent, by=otto, seen=0)

    assert (sent.state, Proposal.objects.get(pk=sent.pk).state) == (State.SUBMITTED, State.SUBMITTED)
    assert FunnelCount.objects.filter(step="eligible").count() == 0


def test_after_the_checking_nothing_is_admitted_or_ticked(
    sent: Proposal, otto: Person, points: list[ScreeningPoint]
) -> None:
    mark = mark_of_checklist(checklist_of(sent))
    Round.objects.filter(pk=sent.round_id).update(stage=Stage.SCORING)

    with pytest.raises(DoorClosed):
        admit_proposal(proposal=sent, by=otto, seen=1)
    with pytest.raises(DoorClosed):
        fill_in_checklist(proposal=sent, by=otto, mark=mark, findings={})
    with pytest.raises(DoorClosed):
        set_points(round=sent.round, by=otto, mark=mark_of_points(POINTS), points=[])


def test_the_checklist_keeps_who_found_what(sent: Proposal, otto: Person, points: list[ScreeningPoint]) -> None:
    mark = mark_of_checklist(checklist_of(sent))
    findings = {points[0].pk: Finding(True, ""), points[1].pk: Finding(None, "Bellen ☎️")}

    fill_in_checklist(proposal=sent, by=otto, mark=mark, findings=findings)

    kept = [(one.answer, one.note, one.answered_by) for one in ScreeningAnswer.objects.order_by("point__place")]
    assert kept == [(True, "", otto), (None, "Bellen ☎️", otto)]
    assert lines("fill_in_checklist") == 1


def test_a_checklist_that_did_not_change_leaves_no_line(
    sent: Proposal, otto: Person, points: list[ScreeningPoint]
) -> None:
    fill_in_checklist(proposal=sent, by=otto, mark=mark_of_checklist(checklist_of(sent)), findings={})

    assert (ScreeningAnswer.objects.count(), lines("fill_in_checklist")) == (0, 0)


def test_of_two_officials_at_the_same_checklist_one_is_refused(
    sent: Proposal, otto: Person, bea: Person, points: list[ScreeningPoint]
) -> None:
    mark = mark_of_checklist(checklist_of(sent))
    fill_in_checklist(proposal=sent, by=otto, mark=mark, findings={points[0].pk: Finding(True, "")})

    with pytest.raises(StalePage):
        fill_in_checklist(proposal=sent, by=bea, mark=mark, findings={points[0].pk: Finding(False, "")})

    assert ScreeningAnswer.objects.get().answer is True


def test_points_keep_their_answers_and_their_order(
    sent: Proposal, otto: Person, points: list[ScreeningPoint], open_round: Round
) -> None:
    mark = mark_of_checklist(checklist_of(sent))
    fill_in_checklist(proposal=sent, by=otto, mark=mark, findings={points[1].pk: Finding(True, "")})

    set_points(round=open_round, by=otto, mark=mark_of_points(POINTS), points=[POINTS[1], "Nieuw 🌱"])

    assert points_of(open_round) == [POINTS[1], "Nieuw 🌱"]
    assert [check.answer and check.answer.answer for check in checklist_of(sent)] == [True, None]
    with pytest.raises(ValidationError):
        set_points(round=open_round, by=otto, mark=mark_of_points([POINTS[1], "Nieuw 🌱"]), points=[])


def test_of_two_officials_at_the_same_points_one_is_refused(
    otto: Person, points: list[ScreeningPoint], open_round: Round
) -> None:
    with pytest.raises(StalePage):
        set_points(round=open_round, by=otto, mark=mark_of_points([]), points=["Anders"])

    assert points_of(open_round) == POINTS


@pytest.mark.parametrize("wrong", [["Twee", "Twee"], ["x" * 201], [str(number) for number in range(MOST_POINTS + 1)]])
def test_points_that_cannot_be_are_refused(wrong: list[str], open_round: Round, otto: Person) -> None:
    with pytest.raises(ValidationError):
        set_points(round=open_round, by=otto, mark=mark_of_points([]), points=wrong)

    assert points_of(open_round) == []


def test_a_round_in_preparation_can_have_points_and_takes_over_earlier_ones(
    fund: Fund, otto: Person, points: list[ScreeningPoint]
) -> None:
    next_year = create_round(fund=fund, by=otto, name="Ronde 2028", slug="ronde-2028")

    assert points_before(next_year) == ("Ronde 2027", POINTS)
    set_points(round=next_year, by=otto, mark=mark_of_points([]), points=["Eigen punt"])
    assert points_of(next_year) == ["Eigen punt"]
    assert points_before(Round.objects.get(slug="ronde-2027")) == ("Ronde 2028", ["Eigen punt"])


def test_nothing_to_take_over_is_nothing(open_round: Round) -> None:
    assert points_before(open_round) == ("", [])


def test_reading_is_written_down_once_a_day_per_person(sent: Proposal, otto: Person, bea: Person) -> None:
    for reader in (otto, otto, bea):
        log_reading(proposal=sent, by=reader)
    assert lines("read_proposal") == 2

    yesterday = timezone.now() - timedelta(days=1)
    AuditEntry.objects.filter(action="read_proposal").update(recorded_at=yesterday)
    log_reading(proposal=sent, by=otto)

    assert lines("read_proposal") == 3


def make(round: Round, person: Person | None, reference: str, title: str, summary: str) -> Proposal:
    return Proposal.objects.create(
        round=round,
        initiator=person,
        state=State.SUBMITTED,
        reference=reference,
        title=title,
        summary=summary,
        submitted_at=timezone.now(),
    )


def test_what_looks_like_it_comes_from_every_round_of_the_fund(
    open_round: Round, fund: Fund, otto: Person, ines: Person, omar: Person
) -> None:
    earlier = create_round(fund=fund, by=otto, name="Ronde 2026", slug="ronde-2026")
    text = "Elke donderdag koken wij samen in het buurthuis, voor iedereen die mee wil eten."
    mine = make(open_round, ines, "1", "Samen koken op donderdag", text)
    make(open_round, omar, "2", "Fietsen repareren", "Wij maken oude fietsen weer heel.")
    again = make(earlier, ines, "3", "Op donderdag samen koken", "Iets heel anders.")
    renamed = make(earlier, omar, "4", "De buurttafel", text)
    draft = start_draft(round=open_round, by=omar)
    fill_in(draft)

    found = [(one.proposal.pk, one.percent, one.same_person) for one in similar_proposals(mine)]

    assert found == [(again.pk, 100, True), (renamed.pk, 100, False)]


def test_without_a_summary_the_titles_are_compared(open_round: Round) -> None:
    mine = make(open_round, None, "1", "Samen koken", "")
    other = make(open_round, None, "2", "Samen koken!", "")

    found = [(one.proposal.pk, one.same_person) for one in similar_proposals(mine)]

    assert found == [(other.pk, False)]


def test_scoring_waits_until_everything_was_checked(
    sent: Proposal, otto: Person, as_person: Callable[..., object]
) -> None:
    round = advance(Round.objects.get(pk=sent.round_id), Event.CLOSE_CALL, otto)

    with pytest.raises(ObstaclesRemain) as refused:
        advance(round, Event.START_SCORING, otto)
    assert len(refused.value.obstacles) == 1
    assert refused.value.obstacles[0].url == f"/manage/rounds/{round.slug}/screening/"  # type: ignore[attr-defined]

    admit_proposal(proposal=sent, by=otto, seen=1)
    assert unscreened_obstacles(round) == []
    assert advance(round, Event.START_SCORING, otto).stage == Stage.SCORING
