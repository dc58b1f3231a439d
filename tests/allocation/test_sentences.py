from __future__ import annotations

import ast
from dataclasses import replace
from fractions import Fraction
from gettext import NullTranslations
from pathlib import Path

import pytest

from allocation import sentences
from allocation.model import BallotGroup, BallotKind, Candidate, Instance, Line, Outcome, Reason, UnknownRule
from allocation.rules import RULES, allocate
from allocation.sentences import explain, rule_summary
from allocation.what_if import Change, Counted, what_if

ELECTION = Instance(
    budget=1_000_000,
    candidates=(Candidate("1", 300_000, "Kookclub"), Candidate("2", 250_000, "Koor")),
    groups=(BallotGroup((0,), weight=9), BallotGroup((1,), weight=5)),
    scale=100,
    tie_order=(0, 1),
    threshold=3,
)
LEFT = Line(
    position=0,
    reason=Reason.SUPPORTERS_SHORT,
    amount=0,
    step=None,
    support=6,
    eligible=14,
    score=Fraction(6),
    needed=300_000,
    available=Fraction(642_001, 3),
)
TAKEN = replace(LEFT, reason=Reason.TAKEN, amount=300_000, step=2)


def said(line: Line, rule: str = "greedy_votes", change: Change | None = None, instance: Instance = ELECTION) -> str:
    other = replace(TAKEN, position=1, step=1)
    return explain(instance, Outcome(rule, (), (), (line, other)), 0, change)


def change(
    extra_support: int | None, largest_cost: int | None, counted: Counted = Counted.SUPPORTERS, position: int = 0
) -> Change:
    return Change(position, extra_support, counted, largest_cost)


def test_a_candidate_whose_supporters_came_short_reads_as_promised() -> None:
    assert said(LEFT, "mes_cost", change(2, 210_000)) == (
        "Not funded: 6 supporters had EUR 2,140 left together; EUR 3,000 is needed. "
        "With EUR 2,100 or with 2 more supporters it would have been funded."
    )


@pytest.mark.parametrize(
    ("line", "rule", "sentence"),
    [
        (
            replace(TAKEN, available=Fraction(500_000)),
            "greedy_votes",
            "Funded as number 2: 6 supporters, and EUR 3,000 fitted in the EUR 5,000 that was left.",
        ),
        (
            replace(TAKEN, available=Fraction(500_000), support=1),
            "greedy_votes",
            "Funded as number 2: 1 supporter, and EUR 3,000 fitted in the EUR 5,000 that was left.",
        ),
        (
            replace(TAKEN, available=Fraction(500_000)),
            "greedy_votes_per_cost",
            "Funded as number 2: 6 supporters for a cost of EUR 3,000, and EUR 5,000 was left.",
        ),
        (
            replace(TAKEN, available=Fraction(500_050), score=Fraction(13, 4)),
            "greedy_points",
            "Funded as number 2: its score was 3.25, and EUR 3,000 fitted in the EUR 5,000.50 that was left.",
        ),
        (
            replace(TAKEN, payments=((0, Fraction(100_000, 3)), (1, Fraction(1)))),
            "mes_cost",
            "Funded as number 2: its 6 supporters paid EUR 3,000 together, at most EUR 333.34 each.",
        ),
        (TAKEN, "mes_cost", "Funded as number 2: 6 supporters, and it costs nothing."),
        (
            TAKEN,
            "phragmen",
            "Funded as number 2: its 6 supporters were the first to have EUR 3,000 together.",
        ),
        (
            replace(TAKEN, support=0),
            "phragmen",
            "Funded as number 2: nobody voted for it, but EUR 3,000 was still left.",
        ),
        (TAKEN, "welfare_cost", "Funded: it belongs to the set that gives the voters most for EUR 10,000."),
        (TAKEN, "majority", "Funded as number 2: 6 of the 14 voters who could vote on it said yes."),
        (TAKEN, "average_pot", "Funded: it gets the EUR 3,000 that all pots together gave it on average."),
        (
            replace(TAKEN, reason=Reason.TAKEN_IN_COMPLETION, available=Fraction(400_000)),
            "mes_cost_add1u",
            "Funded afterwards, from what was left: 6 supporters, and EUR 3,000 fitted in EUR 4,000.",
        ),
        (
            replace(TAKEN, reason=Reason.TAKEN_IN_PART, amount=120_000),
            "average_pot",
            "Funded in part: all pots together gave it EUR 1,200 of EUR 3,000 on average.",
        ),
        (
            replace(TAKEN, reason=Reason.TAKEN_IN_PART, amount=120_000),
            "greedy_votes_partial",
            "Funded in part: EUR 1,200 was left of the EUR 3,000 that it costs.",
        ),
        (
            replace(LEFT, reason=Reason.DEARER_THAN_BUDGET),
            "greedy_votes",
            "Not funded: it costs EUR 3,000, and there was EUR 10,000 for everything together.",
        ),
        (
            replace(LEFT, reason=Reason.DOES_NOT_FIT, available=Fraction(0)),
            "greedy_votes",
            "Not funded: EUR 0 was left when its turn came; EUR 3,000 is needed.",
        ),
        (
            replace(LEFT, reason=Reason.STOPPED),
            "greedy_votes_no_skip",
            "Not funded: its turn did not come. The money stopped at something before it that did not fit.",
        ),
        (replace(LEFT, reason=Reason.NO_SUPPORT), "mes_cost", "Not funded: nobody voted for it."),
        (
            replace(LEFT, reason=Reason.BELOW_THRESHOLD, score=Fraction(2)),
            "greedy_votes_threshold",
            "Not funded: its score was 2; at least 3 is needed to take part.",
        ),
        (
            replace(LEFT, support=1),
            "mes_cost",
            "Not funded: 1 supporter had EUR 2,140 left; EUR 3,000 is needed.",
        ),
        (
            replace(LEFT, reason=Reason.NO_MAJORITY),
            "majority",
            "Not funded: 6 voters said yes; that is no majority.",
        ),
        (
            replace(LEFT, reason=Reason.NO_QUORUM),
            "majority",
            "Not funded: too few people voted on it to decide.",
        ),
        (
            replace(LEFT, reason=Reason.BELOW_MINIMUM),
            "average_pot",
            "Not funded: all pots together gave it EUR 2,140 on average; it cannot go on with less than EUR 3,000.",
        ),
        (
            replace(LEFT, reason=Reason.NOT_IN_BEST_SET),
            "welfare_votes",
            "Not funded: no set with this in it gives the voters more than what was funded.",
        ),
        (
            replace(LEFT, reason=Reason.EXCLUDED, beaten_by=1),
            "greedy_votes",
            "Not funded: only one of the two could be, and “Koor” came first.",
        ),
        (
            replace(LEFT, reason=Reason.DOES_NOT_FIT, beaten_by=1, available=Fraction(100)),
            "greedy_votes",
            (
                "Not funded: EUR 1 was left when its turn came; EUR 3,000 is needed. "
                "It was exactly equal to “Koor”, which goes first in the order for ties."
            ),
        ),
        (
            replace(LEFT, reason=Reason.NO_SUPPORT, eligible=1),
            "mes_cost",
            "Not funded: nobody voted for it. 1 of the 14 voters was allowed to vote on it.",
        ),
        (
            replace(LEFT, reason=Reason.NO_SUPPORT, eligible=12),
            "mes_cost",
            "Not funded: nobody voted for it. 12 of the 14 voters were allowed to vote on it.",
        ),
    ],
)
def test_every_reason_has_its_own_plain_sentence(line: Line, rule: str, sentence: str) -> None:
    assert said(line, rule) == sentence


@pytest.mark.parametrize(
    ("would_do", "sentence"),
    [
        (change(1, 210_000), "With EUR 2,100 or with 1 more supporter it would have been funded."),
        (change(1, None), "With 1 more supporter it would have been funded."),
        (change(3, None), "With 3 more supporters it would have been funded."),
        (change(None, 210_050), "With EUR 2,100.50 it would have been funded."),
        (change(None, None), "No lower cost and no extra support would have changed that."),
        (change(12, 100, Counted.POINTS), "With EUR 1 or with 12 more points it would have been funded."),
        (change(1, None, Counted.POINTS), "With 1 more point it would have been funded."),
        (change(1200, 100, Counted.MONEY), "With EUR 1 or with EUR 12 more in the pots it would have been funded."),
        (change(1200, None, Counted.MONEY), "With EUR 12 more in the pots it would have been funded."),
    ],
)
def test_every_sort_of_change_has_its_own_sentence(would_do: Change, sentence: str) -> None:
    assert said(LEFT, "mes_cost", would_do).partition("needed. ")[2] == sentence


def test_what_was_taken_needs_no_change() -> None:
    assert "would have" not in said(TAKEN, "greedy_votes", change(1, 1))


def test_parts_of_points_are_written_as_parts() -> None:
    tenths = replace(ELECTION, value_scale=10)

    assert said(LEFT, "mes_points", change(15, None, Counted.POINTS), tenths).endswith(
        "With 1.5 more points it would have been funded."
    )


def test_the_currency_is_the_one_the_file_names() -> None:
    zlotys = replace(ELECTION, meta={"currency": "PLN"}, scale=1)

    assert said(replace(LEFT, reason=Reason.DOES_NOT_FIT), instance=zlotys) == (
        "Not funded: PLN 214,000 was left when its turn came; PLN 300,000 is needed."
    )


def test_words_amounts_and_numbers_can_all_be_replaced() -> None:
    class Shouting(NullTranslations):
        def gettext(self, message: str) -> str:
            return message.replace("Not funded", "NO")

        def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
            return self.gettext(msgid1 if n == 1 else msgid2)

    outcome = Outcome("mes_cost", (), (), (LEFT, TAKEN))

    assert explain(ELECTION, outcome, 0, translations=Shouting(), money=lambda units: f"€ {units // 100}") == (
        "NO: 6 supporters had € 2140 left together; € 3000 is needed."
    )
    below = Outcome("greedy_votes_threshold", (), (), (replace(LEFT, reason=Reason.BELOW_THRESHOLD), TAKEN))
    assert explain(ELECTION, below, 0, number=lambda score: f"<{score}>") == (
        "Not funded: its score was <6>; at least <3> is needed to take part."
    )


@pytest.mark.parametrize("rule", [*sorted(RULES), "mes_cost_compared", "mes_cost_add1_compared", "declared"])
def test_every_rule_has_a_title_and_two_sentences(rule: str) -> None:
    summary = rule_summary(rule)

    assert summary.title
    assert summary.first.endswith(".")
    assert summary.second.endswith(".")


def test_a_rule_that_is_not_there_has_no_summary() -> None:
    with pytest.raises(UnknownRule, match="'nonsense'"):
        rule_summary("nonsense")


@pytest.mark.parametrize("rule", sorted(RULES))
@pytest.mark.parametrize("kind", list(BallotKind))
def test_every_line_of_every_rule_can_be_said(rule: str, kind: BallotKind) -> None:
    if kind not in RULES[rule].kinds:
        return
    values = () if kind in (BallotKind.APPROVAL, BallotKind.CHOOSE_ONE) else (1,)
    election = Instance(
        budget=100,
        candidates=tuple(Candidate(str(cost), cost) for cost in (0, 60, 50, 40, 150)),
        groups=(
            BallotGroup((1,), values, 3),
            BallotGroup((2,), values, 2),
            BallotGroup((3,), values),
            BallotGroup((0,), values, recused=frozenset({2})),
            BallotGroup(()),
        ),
        kind=kind,
        tie_order=(0, 1, 2, 3, 4),
    )
    outcome = allocate(election, rule)

    for line in outcome.trace:
        would_do = None if line.taken else what_if(election, rule, line.position, outcome)
        text = explain(election, outcome, line.position, would_do)
        assert text.startswith("Funded" if line.taken else "Not funded")
        assert "%(" not in text


def test_all_messages_stand_written_out_so_that_they_can_be_collected_for_translation() -> None:
    calls = [
        node
        for path in Path(sentences.__file__).parent.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("gettext", "ngettext")
    ]

    assert len(calls) > 50
    for call in calls:
        messages = call.args[: 1 if isinstance(call.func, ast.Attribute) and call.func.attr == "gettext" else 2]
        assert all(isinstance(message, ast.Constant) and isinstance(message.value, str) for message in messages)
