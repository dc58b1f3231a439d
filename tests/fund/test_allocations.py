import json
from typing import Any

import pytest

from accounts.models import Person
from fund.actions import allocate_round, compare_rules
from fund.models import AllocationLine, AllocationRun, Failure, RunKind
from proposals.lifecycle import State
from proposals.models import Proposal
from rounds.lifecycle import Door, DoorClosed, Stage, is_open
from rounds.models import AllocationRule, AuditEntry, BallotType, Round, TieBreak
from tests.fund.conftest import MakeRound


def _amounts(run: AllocationRun) -> dict[str, int]:
    return dict(run.lines.values_list("proposal__reference", "amount"))


def _line(run: AllocationRun, reference: str) -> AllocationLine:
    return run.lines.get(proposal__reference=reference)


def test_the_rule_divides_the_budget_and_the_run_says_how(make_round: MakeRound, otto: Person) -> None:
    round = make_round([600, 500, 300], ["ab", "a", "ac", ""])

    run = allocate_round(round=round, by=otto)

    assert _amounts(run) == {"a": 600_00, "b": 0, "c": 300_00}
    assert (run.kind, run.rule, run.counted_by) == (RunKind.PUBLISHED, "greedy_votes", "greedy_votes")
    assert (run.budget, run.spent, run.voters) == (1000_00, 900_00, 4)
    assert run.choices_funded == [1, 2, 1]
    assert run.rule_version == round.rule_versions.get()
    assert len(run.digest) == 64


def test_what_was_left_for_want_of_money_waits_in_order_with_what_would_have_been_enough(
    make_round: MakeRound, otto: Person
) -> None:
    round = make_round([600, 700, 800, 2000, 900], ["ab", "ab", "abc", "ad"], tie_break=TieBreak.REFERENCE)

    run = allocate_round(round=round, by=otto)

    assert {line.proposal.reference: line.reserve_place for line in run.lines.all()} == {
        "a": None,
        "b": 1,
        "c": 2,
        "d": None,
        "e": None,
    }
    left = _line(run, "b")
    assert (left.reason, left.available, left.needed) == ("does-not-fit", 400_00, 700_00)
    assert (left.counted, left.extra_support, left.largest_cost) == ("supporters", None, 400_00)
    assert _line(run, "d").reason == "dearer-than-budget"


def test_amounts_with_cents_are_counted_to_the_cent(make_round: MakeRound, otto: Person) -> None:
    round = make_round([600, 500], ["ab", "a"], ceiling=1100_50)
    Proposal.objects.filter(reference="b").update(amount_applied_for=500_50)

    run = allocate_round(round=round, by=otto)

    assert _amounts(run) == {"a": 600_00, "b": 500_50}


def test_voters_who_stepped_back_do_not_count_for_that_proposal(make_round: MakeRound, otto: Person) -> None:
    round = make_round([1000, 1000], ["a", "b", "b", ""], recused=["", "", "", "a"])

    run = allocate_round(round=round, by=otto)

    assert (_line(run, "a").eligible, _line(run, "b").eligible) == (3, 4)


def test_dividing_again_replaces_the_outcome_and_gives_the_same_digest(make_round: MakeRound, otto: Person) -> None:
    round = make_round([600, 500], ["ab", "a"])

    first = allocate_round(round=round, by=otto)
    second = allocate_round(round=round, by=otto)

    assert AllocationRun.objects.get() == second
    assert first.digest == second.digest


def test_dividing_writes_its_digest_in_the_audit_trail(make_round: MakeRound, otto: Person) -> None:
    run = allocate_round(round=make_round([600], ["a"]), by=otto)

    line = AuditEntry.objects.order_by("sequence").last()
    assert line is not None
    assert (line.action, line.actor) == ("allocate_round", otto)
    assert json.loads(line.data)["digest"] == run.digest


@pytest.mark.parametrize("stage", [stage for stage in Stage if not is_open(Door.ALLOCATE, stage)])
def test_nothing_is_divided_before_the_vote_closes_or_after_the_decision(make_round: MakeRound, stage: Stage) -> None:
    round = make_round([600], ["a"], stage=stage)

    with pytest.raises(DoorClosed):
        allocate_round(round=round, by=None)
    with pytest.raises(DoorClosed):
        compare_rules(round=round, by=None)

    assert AllocationRun.objects.count() == 0


# --- odd elections ----------------------------------------------------------------------------------------------------


def test_a_tie_that_the_rule_does_not_break_names_the_tied_and_gives_nothing(make_round: MakeRound) -> None:
    round = make_round([600, 600, 100], ["ab", "ab", "c"], tie_break=TieBreak.NONE)

    run = allocate_round(round=round, by=None)

    assert (run.failure, run.spent, run.digest) == (Failure.TIE, 0, "")
    assert _amounts(run) == {"a": 0, "b": 0}
    assert set(run.lines.values_list("reason", flat=True)) == {"tied"}


@pytest.mark.parametrize(
    ("tie_break", "winner"),
    [(TieBreak.CHEAPER, "a"), (TieBreak.EARLIER, "b"), (TieBreak.REFERENCE, "a"), (TieBreak.LISTED, "b")],
)
def test_ties_go_by_the_published_tie_break(make_round: MakeRound, tie_break: TieBreak, winner: str) -> None:
    round = make_round([500, 600], ["ab"], tie_break=tie_break)
    first, second = Proposal.objects.order_by("reference")
    Proposal.objects.filter(pk=first.pk).update(place=2)
    Proposal.objects.filter(pk=second.pk).update(place=1, submitted_at=first.created_at)

    run = allocate_round(round=round, by=None)

    assert _line(run, winner).amount > 0
    loser = run.lines.exclude(proposal__reference=winner).get()
    assert loser.beaten_by == _line(run, winner).proposal


def test_a_lot_gives_the_same_winner_every_time_and_other_words_may_give_another(make_round: MakeRound) -> None:
    winners = set()
    for number, words in enumerate(["een", "twee", "drie", "vier", "vijf", "zes"], start=1):
        round = make_round([600, 600], ["ab"], tie_break=TieBreak.LOT, lot_seed=words, number=number)
        first = _amounts(allocate_round(round=round, by=None))
        assert first == _amounts(allocate_round(round=round, by=None))
        winners.add(max(first, key=lambda reference: first[reference]))

    assert winners == {"a", "b"}


@pytest.mark.parametrize("ballots", [[], ["", "", ""], ["a"]])
def test_no_ballots_blank_ballots_and_one_voter_all_have_an_outcome(make_round: MakeRound, ballots: list[str]) -> None:
    round = make_round([600, 500], ballots, allocation_rule="mes_cost")

    run = allocate_round(round=round, by=None)

    assert run.failure == ""
    assert run.spent == (600_00 if ballots == ["a"] else 0)
    assert run.lines.count() == 2


def test_a_round_without_proposals_gives_everything_back(make_round: MakeRound) -> None:
    run = allocate_round(round=make_round([]), by=None)

    assert (run.spent, run.lines.count(), run.failure) == (0, 0, "")


def test_a_rule_that_cannot_count_these_ballots_says_so(make_round: MakeRound) -> None:
    run = allocate_round(round=make_round([600], ["a"], allocation_rule="average_pot"), by=None)

    assert (run.failure, run.lines.count()) == (Failure.REFUSED, 0)


def test_what_was_withdrawn_after_the_vote_takes_no_part(make_round: MakeRound) -> None:
    round = make_round([600, 500], ["ab", "a"], recused=["", "b"])
    Proposal.objects.filter(reference="a").update(state=State.WITHDRAWN)

    run = allocate_round(round=round, by=None)

    assert _amounts(run) == {"b": 500_00}


# --- every kind of ballot ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("ballot_type", "rule", "ballots", "expected"),
    [
        (BallotType.CHOOSE_ONE, "greedy_votes", ["a", "b", "b"], {"a": 0, "b": 700_00}),
        (BallotType.YES_NO, "majority", [{"a": "1", "b": "-1"}, {"a": "1", "b": "0"}], {"a": 600_00, "b": 0}),
        (BallotType.POINTS, "greedy_points", [{"a": "1", "b": "2.5"}], {"a": 0, "b": 700_00}),
        (BallotType.POT, "average_pot", [{"a": "60000"}, {"a": "60000", "b": "1050"}], {"a": 600_00, "b": 0}),
        (BallotType.SCORES, "greedy_points", [{"a": "2", "b": "5"}], {"a": 0, "b": 700_00}),
        (BallotType.RANKING, "greedy_points", [{"a": "2", "b": "1"}], {"a": 600_00, "b": 0}),
    ],
)
def test_every_kind_of_ballot_is_counted(
    make_round: MakeRound, ballot_type: BallotType, rule: str, ballots: list[Any], expected: dict[str, int]
) -> None:
    round = make_round([600, 700], ballots, ballot_type=ballot_type, allocation_rule=rule, tie_break=TieBreak.REFERENCE)

    assert _amounts(allocate_round(round=round, by=None)) == expected


def test_extra_points_are_whole_and_extra_money_is_in_cents(make_round: MakeRound) -> None:
    points = make_round(
        [600, 700, 100],
        [{"a": "2", "b": "1.5"}, {"c": "2"}],
        ballot_type=BallotType.POINTS,
        allocation_rule="greedy_points",
        tie_break=TieBreak.REFERENCE,
    )
    pots = make_round(
        [600, 700],
        [{"a": "60000", "b": "1050"}],
        ballot_type=BallotType.POT,
        allocation_rule="average_pot",
        number=2,
    )

    by_points = _line(allocate_round(round=points, by=None), "b")
    by_pots = _line(allocate_round(round=pots, by=None), "b")

    assert (by_points.counted, by_points.extra_support) == ("points", 1)
    assert by_pots.counted == "money"


@pytest.mark.parametrize("partial", [True, False])
def test_the_first_that_does_not_fit_gets_a_part_where_that_is_possible(make_round: MakeRound, partial: bool) -> None:
    round = make_round([600, 700], ["ab", "a"], partial_funding=partial)
    Proposal.objects.filter(reference="b").update(minimum_amount=300_00)

    run = allocate_round(round=round, by=None)

    assert _line(run, "b").amount == (400_00 if partial else 0)


# --- threshold --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["greedy_votes", "mes_cost_add1u", "phragmen"])
def test_what_stays_under_the_least_number_of_votes_takes_no_part_in_any_rule(make_round: MakeRound, rule: str) -> None:
    round = make_round([100, 100], ["ab", "a", "a"], recused=["", "b", ""], allocation_rule=rule, threshold=2)

    run = allocate_round(round=round, by=None)

    assert _amounts(run) == {"a": 100_00, "b": 0}
    assert (_line(run, "b").reason, _line(run, "b").support) == ("below-threshold", 1)


@pytest.mark.parametrize(("ballot_type", "value", "threshold"), [("points", "3", 3), ("pot", "300", 3)])
def test_the_threshold_counts_points_and_euros_where_ballots_have_those(
    make_round: MakeRound, ballot_type: str, value: str, threshold: int
) -> None:
    round = make_round(
        [100, 100],
        [{"a": value, "b": "1"}],
        ballot_type=ballot_type,
        threshold=threshold,
        tie_break=TieBreak.NONE,
    )

    assert _amounts(allocate_round(round=round, by=None)) == {"a": 100_00, "b": 0}


def test_a_threshold_that_everybody_reaches_changes_nothing(make_round: MakeRound) -> None:
    run = allocate_round(round=make_round([100], ["a"], threshold=1), by=None)

    assert _amounts(run) == {"a": 100_00}


# --- comparing --------------------------------------------------------------------------------------------------------


def test_every_rule_that_can_count_the_ballots_is_compared(make_round: MakeRound, otto: Person) -> None:
    round = make_round([600, 500, 300], ["ab", "a", "ac"])

    runs = compare_rules(round=round, by=otto)

    assert {run.rule for run in runs} == {
        "greedy_votes",
        "greedy_votes_per_cost",
        "mes_cost",
        "mes_cardinality",
        "mes_cost_add1",
        "mes_cost_add1u",
        "mes_cardinality_add1u",
        "phragmen",
        "welfare_votes",
        "welfare_cost",
    }
    assert all(run.kind == RunKind.WHAT_IF and run.digest for run in runs)
    assert not AllocationLine.objects.exclude(counted="").exists()


def test_comparing_again_replaces_the_comparison_and_leaves_the_outcome(make_round: MakeRound) -> None:
    round = make_round([600], ["a"])
    published = allocate_round(round=round, by=None)

    first = compare_rules(round=round, by=None)
    second = compare_rules(round=round, by=None)

    assert len(first) == len(second) == AllocationRun.objects.filter(kind=RunKind.WHAT_IF).count()
    assert AllocationRun.objects.get(kind=RunKind.PUBLISHED) == published


def test_the_same_rule_gives_the_same_digest_in_the_comparison(make_round: MakeRound) -> None:
    round = make_round([600, 500], ["ab", "a"])

    published = allocate_round(round=round, by=None)
    compared = compare_rules(round=round, by=None)

    assert published.digest in {run.digest for run in compared if run.rule == AllocationRule.GREEDY_VOTES}


def test_in_a_large_election_only_the_next_in_row_learn_what_would_have_been_enough(
    make_round: MakeRound, monkeypatch: pytest.MonkeyPatch
) -> None:
    round: Round = make_round([900, 800, 700, 600, 500, 400], ["abcdef", "abcde", "abcd", "abc", "ab", "a"])
    monkeypatch.setattr("fund.queries.engine.counts.SMALL", 1)

    run = allocate_round(round=round, by=None)

    asked = run.lines.exclude(counted="").order_by("reserve_place").values_list("reserve_place", flat=True)
    assert list(asked) == [1, 2, 3]
