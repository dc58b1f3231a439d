"""The rule that an election itself declares, run as that election meant it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from allocation.model import BallotKind, Instance, UnknownRule

BY_POINTS = frozenset({BallotKind.POINTS, BallotKind.RANKING, BallotKind.SCORES, BallotKind.POT})

_GREEDY = {
    "greedy": "",
    "greedy-exclusive": "",  # which candidates rule each other out is in the instance, when the file says it
    "greedy-threshold": "_threshold",
    "greedy-no-skip": "_no_skip",
    "greedy-custom": "_no_skip",
}
_EQUAL_SHARES = {
    "equalshares": "mes_cost",
    "equalshares/add1": "mes_cost_add1",
    "equalshares-comparison": "mes_cost_compared",
    "equalshares/add1-comparison": "mes_cost_add1_compared",
}


UNAPPLIED = {
    "budget_per_category": "a budget for each category",
    "budget_per_neighborhood": "a budget for each neighbourhood",
    "leftover_budget": "what was done with the money that was left",
}
"""META keys that some cities filled in and that no rule here applies, with what they say."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared rule by our own name, and the instance to run it on."""

    rule: str
    instance: Instance


def knows(instance: Instance, names: frozenset[str]) -> bool:
    """Whether the election declares a rule that is known here."""
    rule = instance.declared_rule
    return rule in _GREEDY or rule in _EQUAL_SHARES or rule in names


def declared(instance: Instance, names: frozenset[str]) -> Declared:
    """What the election declares. ``names`` are the rules that can be run, which it may declare by name as well.

    The words of Pabulib mean: `greedy` takes what fits and skips what does not; `greedy-threshold` first drops what
    scores below ``min_project_score_threshold``; `greedy-no-skip` and `greedy-custom` stop at the first that does not
    fit; `equalshares` is the method of equal shares with cost utilities, `/add1` with raised endowments and no further
    completion, `-comparison` with a vote between it and greedy afterwards. The score is the number of votes, or the sum
    of the points where ballots have points or ranks.

    A Pabulib file does not say how ties were broken, but it lists projects in the order of the result, the winner of a
    tie first. So ties go by the order of the file here, unless it says ``tie_order`` itself.

    Raises :class:`UnknownRule` when the election declares none of these.
    """
    rule = instance.declared_rule
    if instance.meta and "tie_order" not in instance.meta:
        instance = replace(instance, tie_order=tuple(range(len(instance.candidates))))
    if rule in _GREEDY:
        score = "points" if instance.kind in BY_POINTS else "votes"
        return Declared(f"greedy_{score}{_GREEDY[rule]}", instance)
    if rule in _EQUAL_SHARES:
        return Declared(_EQUAL_SHARES[rule], instance)
    if rule in names:
        return Declared(rule, instance)
    said = f"this election declares the rule {rule!r}" if rule else "this election declares no rule"
    raise UnknownRule(f"{said}, which cannot be repeated; choose one of {', '.join(sorted(names))}")
