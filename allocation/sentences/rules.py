"""Each rule in a title and two plain sentences, for people who have to choose one or live with one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from allocation.model import UnknownRule
from allocation.sentences.writing import ENGLISH, Translations


@dataclass(frozen=True, slots=True)
class RuleSummary:
    """``title`` in a few words; ``first`` says what the rule does, ``second`` what that means for people."""

    title: str
    first: str
    second: str


def rule_summary(rule: str, translations: Translations = ENGLISH) -> RuleSummary:
    """What a rule does, in plain words. Raises :class:`UnknownRule`."""
    try:
        return _SUMMARIES[rule](translations)
    except KeyError:
        raise UnknownRule(f"there is no summary of a rule called {rule!r}") from None


def _greedy_votes(t: Translations) -> RuleSummary:
    return RuleSummary(
        t.gettext("Most supporters first"),
        t.gettext("We start with what has the most supporters and go down the list as long as there is money."),
        t.gettext("What no longer fits is skipped. A large group of voters can decide about all of the money."),
    )


def _greedy_votes_threshold(t: Translations) -> RuleSummary:
    return RuleSummary(
        t.gettext("Most supporters first, with a minimum"),
        t.gettext("Plans with too few supporters do not take part. Of the others, the most supporters go first."),
        t.gettext("What no longer fits is skipped. A large group of voters can decide about all of the money."),
    )


def _greedy_votes_no_skip(t: Translations) -> RuleSummary:
    return RuleSummary(
        t.gettext("Most supporters first, and stop"),
        t.gettext("We start with what has the most supporters and go down the list as long as there is money."),
        t.gettext("At the first plan that does not fit we stop, even if a later one would have fitted."),
    )


def _greedy_votes_partial(t: Translations) -> RuleSummary:
    return RuleSummary(
        t.gettext("Most supporters first, the last one in part"),
        t.gettext("We start with what has the most supporters and go down the list as long as there is money."),
        t.gettext("The first plan that does not fit gets what is left, if it can go on with that. Then we stop."),
    )


def _greedy_votes_per_cost(t: Translations) -> RuleSummary:
    return RuleSummary(
        t.gettext("Most supporters for the money first"),
        t.gettext("We divide the number of supporters by the cost and start with the highest result."),
        t.gettext("What no longer fits is skipped. Small and cheap plans go before expensive ones."),
    )


def _greedy_points(t: Translations) -> RuleSummary:
    return RuleSummary(
        t.gettext("Highest score first"),
        t.gettext("We start with the highest score and go down the list as long as there is money."),
        t.gettext("What no longer fits is skipped. A large group of voters can decide about all of the money."),
    )


def _greedy_points_threshold(t: Translations) -> RuleSummary:
    return RuleSummary(
        t.gettext("Highest score first, with a minimum"),
        t.gettext("Plans with too low a score do not take part. Of the others, the highest scores go first."),
        t.gettext("What no longer fits is skipped. A large group of voters can decide about all of the money."),
    )


def _greedy_points_no_skip(t: Translations) -> RuleSummary:
    return RuleSummary(
        t.gettext("Highest score first, and stop"),
        t.gettext("We start with the highest score and go down the list as long as there is money."),
        t.gettext("At the first plan that does not fit we stop, even if a later one would have fitted."),
    )


def _greedy_points_partial(t: Translations) -> RuleSummary:
    return RuleSummary(
        t.gettext("Highest score first, the last one in part"),
        t.gettext("We start with the highest score and go down the list as long as there is money."),
        t.gettext("The first plan that does not fit gets what is left, if it can go on with that. Then we stop."),
    )


def _mes_cost(t: Translations) -> RuleSummary:
    return RuleSummary(
        t.gettext("Equal shares"),
        t.gettext("Every voter gets an equal part of the money, and pays with it for plans that they voted for."),
        t.gettext("So each group decides about its own part, and small groups count too. Money can be left over."),
    )


def _mes_cardinality(t: Translations) -> RuleSummary:
    return RuleSummary(
        t.gettext("Equal shares, small plans first"),
        t.gettext("Every voter gets an equal part of the money. Plans that ask the least of each supporter go first."),
        t.gettext("So more plans are funded, and they are smaller. Money can be left over."),
    )


def _mes_points(t: Translations) -> RuleSummary:
    return RuleSummary(
        t.gettext("Equal shares, by points"),
        t.gettext("Every voter gets an equal part of the money, and pays most for what they gave the most points."),
        t.gettext(
            "So each group decides about its own part, and strong wishes count for more. Money can be left over."
        ),
    )


def _mes_cost_add1(t: Translations) -> RuleSummary:
    return RuleSummary(
        t.gettext("Equal shares, with larger parts"),
        t.gettext("Equal shares, counted again with a little more for every voter until the budget is nearly used up."),
        t.gettext("So each group decides about its own part, and less money is left over."),
    )


def _mes_cost_add1u(t: Translations) -> RuleSummary:
    return RuleSummary(
        t.gettext("Equal shares, topped up"),
        t.gettext("Equal shares with larger parts; then what is left goes to the plans with the most supporters."),
        t.gettext("So each group decides about its own part, and almost all of the money is used."),
    )


def _mes_cardinality_add1u(t: Translations) -> RuleSummary:
    return RuleSummary(
        t.gettext("Equal shares, small plans first, topped up"),
        t.gettext("Equal shares for small plans; then what is left goes to the plans with the most supporters."),
        t.gettext("So more plans are funded, and almost all of the money is used."),
    )


def _mes_cost_compared(t: Translations) -> RuleSummary:
    return RuleSummary(
        t.gettext("Equal shares, unless most voters lose by it"),
        t.gettext("We count by equal shares and by most supporters first, and look who gets more of what they chose."),
        t.gettext("Equal shares decides, unless more voters are better off with most supporters first."),
    )


def _mes_cost_add1_compared(t: Translations) -> RuleSummary:
    return RuleSummary(
        t.gettext("Equal shares with larger parts, unless most voters lose by it"),
        t.gettext("We count by equal shares and by most supporters first, and look who gets more of what they chose."),
        t.gettext("Equal shares decides, unless more voters are better off with most supporters first."),
    )


def _phragmen(t: Translations) -> RuleSummary:
    return RuleSummary(
        t.gettext("Saving up together"),
        t.gettext("Every voter saves at the same speed. Supporters buy a plan as soon as they can pay it together."),
        t.gettext("So groups take turns, and small groups count too. We stop at the first plan that does not fit."),
    )


def _welfare_votes(t: Translations) -> RuleSummary:
    return RuleSummary(
        t.gettext("Most votes altogether"),
        t.gettext("We look at all possible sets of plans and take the one with the most votes within the budget."),
        t.gettext("So as many wishes as possible come true. Cheap plans have a better chance than expensive ones."),
    )


def _welfare_cost(t: Translations) -> RuleSummary:
    return RuleSummary(
        t.gettext("Most money to wanted plans"),
        t.gettext("We look at all possible sets of plans, and count each supporter for as much as the plan costs."),
        t.gettext("So as much money as possible goes to what many people want, and little is left over."),
    )


def _majority(t: Translations) -> RuleSummary:
    return RuleSummary(
        t.gettext("A majority for each plan"),
        t.gettext("A plan is funded when enough people vote and most of them say yes."),
        t.gettext("When there is not enough money for all of them, the plans with the most support go first."),
    )


def _average_pot(t: Translations) -> RuleSummary:
    return RuleSummary(
        t.gettext("Divide the pot"),
        t.gettext("Everyone divides the money over the plans, and each plan gets the average."),
        t.gettext("A plan that gets too little to go on with gets nothing; what that frees is divided again."),
    )


def _declared(t: Translations) -> RuleSummary:
    return RuleSummary(
        t.gettext("The rule of this election"),
        t.gettext("We count by the rule that the election itself announced."),
        t.gettext("The outcome is the one that people were promised."),
    )


_SUMMARIES: Mapping[str, Callable[[Translations], RuleSummary]] = {
    "greedy_votes": _greedy_votes,
    "greedy_votes_threshold": _greedy_votes_threshold,
    "greedy_votes_no_skip": _greedy_votes_no_skip,
    "greedy_votes_partial": _greedy_votes_partial,
    "greedy_votes_per_cost": _greedy_votes_per_cost,
    "greedy_points": _greedy_points,
    "greedy_points_threshold": _greedy_points_threshold,
    "greedy_points_no_skip": _greedy_points_no_skip,
    "greedy_points_partial": _greedy_points_partial,
    "mes_cost": _mes_cost,
    "mes_cardinality": _mes_cardinality,
    "mes_points": _mes_points,
    "mes_cost_add1": _mes_cost_add1,
    "mes_cost_add1u": _mes_cost_add1u,
    "mes_cardinality_add1u": _mes_cardinality_add1u,
    "mes_cost_compared": _mes_cost_compared,
    "mes_cost_add1_compared": _mes_cost_add1_compared,
    "phragmen": _phragmen,
    "welfare_votes": _welfare_votes,
    "welfare_cost": _welfare_cost,
    "majority": _majority,
    "average_pot": _average_pot,
    "declared": _declared,
}
