"""The small election with which the page "Choices explained" shows what each allocation rule does.

Whether the outcomes are right is proved by a test that lets the allocation engine count it.
"""

from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rounds.models import AllocationRule

POT = 9_500_00
MEMBERS = ("Ada", "Bo", "Cas", "Dina", "Eef")


class ExamplePlan(NamedTuple):
    """A plan of the example: its cost in cents, who ticked it, and how many points they give it elsewhere."""

    name: Any
    cost: int
    supporters: tuple[str, ...]
    points: tuple[int, ...]

    @property
    def total_points(self) -> int:
        """The points of all members together."""
        return sum(self.points)


PLANS = {
    "walk": ExamplePlan(gettext_lazy("Walking group"), 3_600_00, ("Ada", "Bo", "Cas", "Dina"), (5, 5, 4, 4, 0)),
    "garden": ExamplePlan(gettext_lazy("Vegetable garden"), 5_200_00, ("Ada", "Bo", "Cas"), (5, 5, 6, 0, 0)),
    "bike": ExamplePlan(gettext_lazy("Cycling lessons"), 2_000_00, ("Dina", "Eef"), (0, 0, 0, 6, 7)),
    "games": ExamplePlan(gettext_lazy("Games afternoon"), 1_500_00, ("Eef",), (0, 0, 0, 0, 3)),
    "soup": ExamplePlan(gettext_lazy("Soup on Friday"), 800_00, ("Dina",), (0, 0, 0, 0, 0)),
}

# By ticks, except the two rules that count points.
OUTCOMES: dict[AllocationRule, tuple[str, ...]] = {
    AllocationRule.GREEDY_VOTES: ("walk", "garden"),
    AllocationRule.GREEDY_VOTES_PER_COST: ("soup", "walk", "bike", "games"),
    AllocationRule.MES_COST: ("walk", "bike"),
    AllocationRule.MES_CARDINALITY: ("soup", "walk", "games"),
    AllocationRule.MES_COST_ADD1: ("walk", "bike", "games"),
    AllocationRule.MES_COST_ADD1U: ("walk", "bike", "games", "soup"),
    AllocationRule.MES_CARDINALITY_ADD1U: ("soup", "walk", "bike", "games"),
    AllocationRule.PHRAGMEN: ("soup", "walk", "games", "bike"),
    AllocationRule.WELFARE_VOTES: ("walk", "bike", "games", "soup"),
    AllocationRule.WELFARE_COST: ("walk", "garden"),
    AllocationRule.GREEDY_POINTS: ("walk", "garden"),
    AllocationRule.MES_POINTS: ("bike", "walk"),
}


class RuleExample(NamedTuple):
    """What a rule makes of the example: why, which plans, and what is left over in cents."""

    rule: AllocationRule
    why: str
    plans: list[str]
    spent: int
    left: int


def rule_examples() -> list[RuleExample]:
    """Return what each rule that counts ticks or points makes of the example, in the order of the rules."""
    why = {
        AllocationRule.GREEDY_VOTES: _("Walking has 4 votes, the garden 3. After these two only € 700 is left."),
        AllocationRule.GREEDY_VOTES_PER_COST: _(
            "Soup costs € 800 for 1 vote. The garden costs € 1,733 for each vote, so it comes last and does not fit."
        ),
        AllocationRule.MES_COST: _(
            "Each member has € 1,900. Four members pay € 900 each for walking. "
            "Dina and Eef pay € 1,000 each for cycling. For the garden € 3,000 is there, and it costs € 5,200."
        ),
        AllocationRule.MES_CARDINALITY: _(
            "Soup goes first: it costs Dina € 800. Walking is next, with € 900 each. Then Eef pays for the games."
        ),
        AllocationRule.MES_COST_ADD1: _(
            "At € 2,500 for each member Eef can also pay for the games. "
            "With a little more the garden would come in, and that breaks the pot. So here it stops."
        ),
        AllocationRule.MES_COST_ADD1U: _("First the same. Of the € 2,400 that is left, the soup can still be paid."),
        AllocationRule.MES_CARDINALITY_ADD1U: _("Small plans first, with larger parts. The garden still does not fit."),
        AllocationRule.PHRAGMEN: _(
            "When everybody has saved € 800, Dina buys the soup. At € 1,100 there is enough for walking. "
            "At € 1,500 Eef buys the games, and at € 2,300 there is enough for cycling. The garden no longer fits."
        ),
        AllocationRule.WELFARE_VOTES: _("These four have 8 votes in all. With the garden in it, it would be 7."),
        AllocationRule.WELFARE_COST: _("Dear plans with many votes weigh most: 4 × € 3,600 and 3 × € 5,200."),
        AllocationRule.GREEDY_POINTS: _("Walking gets 18 points, the garden 16, cycling 13. Cycling no longer fits."),
        AllocationRule.MES_POINTS: _(
            "Cycling costs € 154 for each point, walking € 200. Who gave more points pays more. "
            "For the garden too little is left."
        ),
    }
    examples = []
    for rule, keys in OUTCOMES.items():
        spent = sum(PLANS[key].cost for key in keys)
        names = [str(PLANS[key].name) for key in keys]
        examples.append(RuleExample(rule, why[rule], names, spent, POT - spent))
    return examples
