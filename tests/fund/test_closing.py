"""Closing the vote divides the budget, as one act; and what keeps a round from being decided."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Person
from fund.actions import allocate_round, close_and_divide
from fund.models import AllocationRun
from rounds.actions import perform
from rounds.lifecycle import Event, ObstaclesRemain, Stage, TransitionRefused
from rounds.models import AuditEntry, BallotType, Round, TieBreak
from rounds.queries import obstacles_to
from tests.fund.conftest import MakeRound


def test_closing_the_vote_divides_the_budget(make_round: MakeRound, vera: Person) -> None:
    round = make_round([600, 500], ["a"], stage=Stage.VOTING)

    moved = perform(round, Event.CLOSE_VOTING, vera)

    assert moved.stage == Stage.ADVICE
    assert AllocationRun.objects.get(round=round).spent == 600_00
    written = list(AuditEntry.objects.order_by("-sequence").values_list("action", flat=True)[:2])
    assert written == ["allocate_round", "round_close_voting"]


def test_counting_the_scores_divides_the_budget(make_round: MakeRound, vera: Person) -> None:
    round = make_round([600, 500], stage=Stage.SCORING, ballot_type=BallotType.SCORES, allocation_rule="greedy_points")

    perform(round, Event.COUNT_SCORES, vera)

    assert AllocationRun.objects.get(round=round).voters == 0


def test_of_two_who_close_the_vote_one_is_refused_and_the_budget_is_divided_once(
    make_round: MakeRound, vera: Person, otto: Person
) -> None:
    round = make_round([600, 500], ["a"], stage=Stage.VOTING)
    same = Round.objects.get(pk=round.pk)
    close_and_divide(round, Event.CLOSE_VOTING, vera)

    with pytest.raises(TransitionRefused):
        close_and_divide(same, Event.CLOSE_VOTING, otto)

    assert AllocationRun.objects.filter(round=round).count() == 1


def test_nothing_is_decided_before_the_budget_is_divided(make_round: MakeRound, bea: Person) -> None:
    round = make_round([600], ["a"])

    with pytest.raises(ObstaclesRemain) as refusal:
        perform(round, Event.DECIDE, bea)

    assert len(refusal.value.obstacles) == 1
    allocate_round(round=round, by=None)
    assert perform(round, Event.DECIDE, bea).stage == Stage.DECIDED


def test_a_tie_that_nobody_breaks_keeps_the_round_from_being_decided(make_round: MakeRound) -> None:
    round = make_round([600, 600], ["a", "b"], tie_break=TieBreak.NONE)
    allocate_round(round=round, by=None)

    assert len(obstacles_to(round, Event.DECIDE)) == 1


def test_the_button_of_the_chair_closes_and_divides(
    make_round: MakeRound, vera: Person, as_person: Callable[[Person | None], Client]
) -> None:
    round = make_round([600, 500], ["a"], stage=Stage.VOTING)

    response = as_person(vera).post(f"/manage/rounds/{round.slug}/step/close_voting/", {"edition": round.edition})

    assert response.status_code == 302
    assert AllocationRun.objects.get(round=round).spent == 600_00
