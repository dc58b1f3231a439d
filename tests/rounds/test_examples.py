"""The examples on the page "Choices explained" are counted by the allocation engine itself."""

import pytest

from allocation import RULES, BallotGroup, BallotKind, Candidate, Instance, allocate
from rounds.models import AllocationRule
from rounds.queries.examples import MEMBERS, OUTCOMES, PLANS, POT, rule_examples

KEYS = list(PLANS)
BY_POINTS = {AllocationRule.GREEDY_POINTS, AllocationRule.MES_POINTS}


def election(rule: AllocationRule) -> Instance:
    """The example as the engine reads it: ticks, or for two rules points; the cheaper one wins a tie."""
    groups = []
    for number, member in enumerate(MEMBERS):
        if rule in BY_POINTS:
            given = {place: plan.points[number] for place, plan in enumerate(PLANS.values()) if plan.points[number]}
            groups.append(BallotGroup(tuple(given), tuple(given.values())))
        else:
            ticked = [place for place, plan in enumerate(PLANS.values()) if member in plan.supporters]
            groups.append(BallotGroup(tuple(ticked)))
    return Instance(
        budget=POT,
        candidates=tuple(Candidate(key, plan.cost) for key, plan in PLANS.items()),
        groups=tuple(groups),
        kind=BallotKind.POINTS if rule in BY_POINTS else BallotKind.APPROVAL,
        scale=100,
        tie_order=tuple(sorted(range(len(KEYS)), key=lambda place: PLANS[KEYS[place]].cost)),
    )


@pytest.mark.parametrize("rule", OUTCOMES)
def test_the_example_is_what_the_rule_really_does(rule: AllocationRule) -> None:
    outcome = allocate(election(rule), rule.value)

    assert {KEYS[place] for place in outcome.selected} == set(OUTCOMES[rule])


def test_every_rule_that_can_be_chosen_has_an_example() -> None:
    apart = {AllocationRule.MAJORITY, AllocationRule.AVERAGE_POT, AllocationRule.DECLARED}

    assert set(OUTCOMES) == set(AllocationRule) - apart
    assert {rule.value for rule in OUTCOMES} <= set(RULES)


def test_an_example_adds_up() -> None:
    for example in rule_examples():
        assert example.spent + example.left == POT
        assert example.left >= 0
        assert len(example.plans) <= 5


def test_everybody_divides_ten_points() -> None:
    assert [sum(plan.points[number] for plan in PLANS.values()) for number in range(len(MEMBERS))] == [10] * 5
    assert PLANS["walk"].total_points == 18
