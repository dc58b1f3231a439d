"""What the site and the engine call by the same name must stay the same name."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation

from allocation import RULES, BallotKind, Reason
from fund.actions import allocate_round, compare_rules
from fund.models import AllocationRun
from fund.queries.amounts import amounts_of
from fund.queries.engine import Wording, rule_in_words, rules_for
from fund.queries.engine.counts import fraction_text
from fund.queries.engine.elections import KINDS, scale_of
from proposals.models import Proposal
from rounds.models import AllocationRule, BallotType, Round
from rounds.queries import SUITABLE_RULES
from tests.fund.conftest import MakeRound


def test_every_rule_of_the_site_is_a_rule_of_the_engine_and_has_words() -> None:
    assert {rule for rule in AllocationRule if rule != AllocationRule.DECLARED} <= set(RULES)
    for rule in AllocationRule:
        assert rule_in_words(rule).title


@pytest.mark.parametrize("ballot_type", BallotType)
def test_every_suitable_rule_can_count_its_ballots(ballot_type: BallotType) -> None:
    assert ballot_type in KINDS
    for rule in SUITABLE_RULES[ballot_type]:
        assert KINDS[ballot_type] in RULES[rule].kinds


def test_every_kind_of_ballot_has_its_type() -> None:
    assert set(KINDS.values()) == set(BallotKind)


def test_the_declared_rule_is_compared_only_where_an_election_declares_one(make_round: MakeRound) -> None:
    own = make_round([600], ["a"])
    declared = make_round([600], ["a"], allocation_rule="declared", declared_rule="greedy-no-skip", number=2)

    assert AllocationRule.DECLARED not in rules_for(own)
    assert AllocationRule.DECLARED in rules_for(declared)
    compare_rules(round=declared, by=None)
    assert AllocationRun.objects.get(rule="declared").counted_by == "greedy_votes_no_skip"


@pytest.mark.parametrize(("cents", "scale"), [([100, 4200], 1), ([100, 4250], 10), ([10, 4205], 100), ([], 1)])
def test_the_engine_counts_in_the_largest_unit_that_makes_all_amounts_whole(cents: list[int], scale: int) -> None:
    assert scale_of(cents) == scale


def test_a_score_is_kept_exactly_while_it_is_short() -> None:
    long = Fraction(10**40 + 1, 3 * 10**40)

    assert fraction_text(Fraction(7, 3)) == "7/3"
    assert fraction_text(long) == "333333/1000000"


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence_in_both_languages(make_round: MakeRound, reason: Reason, language: str) -> None:
    round = make_round([600, 500], ["ab", "a"])
    run = allocate_round(round=round, by=None)
    line = run.lines.select_related("proposal").first()
    assert line is not None
    line.reason, line.beaten_by, line.score = reason, Proposal.objects.get(reference="b"), "5/3"

    with translation.override(language):
        sentence = Wording(round, run, amounts_of(round)).explanation(line)

    assert sentence.endswith(".")
    assert "%(" not in sentence


def test_what_would_have_been_enough_is_a_sentence_of_its_own(make_round: MakeRound) -> None:
    round = make_round([600, 500, 450], ["ab", "a", "c"])
    run = allocate_round(round=round, by=None)
    wording = Wording(round, run, amounts_of(round))
    lines = {line.proposal.reference: line for line in run.lines.select_related("proposal", "beaten_by")}

    assert wording.change(lines["a"]) == ""
    change = wording.change(lines["b"])

    assert "400" in change
    assert change not in wording.explanation(lines["b"])


@pytest.mark.parametrize(
    ("currency", "cents", "written"),
    [("EUR", 4250_00, "€ 4.250"), ("PLN", 4250_00, "PLN 4.250"), ("HUF", 4250_05, "HUF 4.250,05")],
)
def test_amounts_are_written_with_their_currency(currency: str, cents: int, written: str) -> None:
    assert amounts_of(Round(currency=currency))(cents).replace("\N{NO-BREAK SPACE}", " ") == written


def test_a_line_and_a_run_can_be_read(make_round: MakeRound) -> None:
    run = allocate_round(round=make_round([600], ["a"]), by=None)

    assert str(run).startswith("Ronde 1")
    assert str(run.lines.get()) == "Plan 0: 60000"
    assert Decimal(run.lines.get().amount) == 60000
