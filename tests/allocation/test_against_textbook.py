"""Every rule against its slow textbook version, on random elections full of exact ties.

``HYPOTHESIS_PROFILE=thorough`` tries ten thousand elections of each sort.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, note

from allocation.model import Instance, Outcome, UnbrokenTie
from allocation.rules import RULES, allocate, rule_named
from tests.allocation import textbook
from tests.allocation.instances import CHEAP_COMMITTEES, SMALL_COMMITTEES, SPARSE_ELECTIONS
from tests.allocation.textbook import Answer

#: Raised one by one, which takes too long unless everything is cheap.
RAISED = ("mes_cost_add1", "mes_cost_add1u", "mes_cardinality_add1u", "mes_cost_add1_compared")
OVER_ALL_SETS = ("welfare_votes", "welfare_cost")
AT_ONCE = tuple(name for name in textbook.RULES if name not in RAISED)


def payments(instance: Instance, outcome: Outcome) -> dict[int, tuple[Fraction, ...]]:
    """Position -> what every single voter paid, from the trace of an outcome."""
    paid = {}
    for line in outcome.trace:
        if line.payments:
            shares = dict(line.payments)
            paid[line.position] = tuple(
                shares.get(number, Fraction(0))
                for number, group in enumerate(instance.groups)
                for _ in range(group.weight)
            )
    return paid


def found(instance: Instance, rule: str) -> Answer | str:
    """What the engine finds, in the words of the textbook."""
    try:
        outcome = allocate(instance, rule)
    except UnbrokenTie:
        return "tie"
    paid = {position: shares for position, shares in payments(instance, outcome).items() if any(shares)}
    return Answer(outcome.selected, outcome.amounts, paid)


def expected(instance: Instance, rule: str) -> Answer | str:
    """What the textbook finds."""
    try:
        answer = textbook.RULES[rule](instance)
    except UnbrokenTie:
        return "tie"
    return Answer(
        answer.selected, answer.amounts, {position: paid for position, paid in answer.paid.items() if any(paid)}
    )


def agree(instance: Instance, rules: tuple[str, ...]) -> None:
    for rule in rules:
        if instance.kind in rule_named(rule).kinds:
            if rule in OVER_ALL_SETS and len(instance.candidates) > 10:
                continue  # a thousand sets is enough for a textbook
            note(rule)
            assert found(instance, rule) == expected(instance, rule)


@given(SMALL_COMMITTEES)
def test_on_small_committees_the_engine_and_the_textbook_agree(instance: Instance) -> None:
    agree(instance, AT_ONCE)


@given(SPARSE_ELECTIONS)
def test_on_sparse_elections_the_engine_and_the_textbook_agree(instance: Instance) -> None:
    agree(instance, AT_ONCE)


@given(CHEAP_COMMITTEES)
def test_with_raised_endowments_the_engine_and_the_textbook_agree(instance: Instance) -> None:
    agree(instance, RAISED)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_has_a_textbook_version(rule: str) -> None:
    assert rule in textbook.RULES
