"""The allocation rules by name, and the one way to run them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from allocation.model import BallotKind, Instance, Outcome, UnknownRule, UnsuitableBallots
from allocation.rules.greedy import SKIPPING, Manner, Order, greedy

type Progress = Callable[[int, int | None], object]
"""Called now and then during long work with how far it is and, when that is known, how far it goes."""

ANY_KIND = frozenset(BallotKind)
WITH_VALUES = frozenset({BallotKind.POINTS, BallotKind.POT, BallotKind.SCORES, BallotKind.RANKING})


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as people choose it. ``kinds`` are the ballots it can count; ``summary`` is one plain English line."""

    name: str
    summary: str
    kinds: frozenset[BallotKind]
    run: Callable[[Instance, Progress | None], Outcome]


def _greedy(name: str, order: Order, manner: Manner, instance: Instance, _progress: Progress | None) -> Outcome:
    return greedy(instance, name, order, manner)


def _greedy_rule(
    name: str,
    summary: str,
    order: Order = Order.VOTES,
    manner: Manner = SKIPPING,
    kinds: frozenset[BallotKind] = ANY_KIND,
) -> Rule:
    return Rule(name, summary, kinds, partial(_greedy, name, order, manner))


_ALL = (
    _greedy_rule("greedy_votes", "most votes first; what does not fit is skipped"),
    _greedy_rule(
        "greedy_votes_per_cost", "most votes per euro first; what does not fit is skipped", Order.VOTES_PER_COST
    ),
    _greedy_rule("greedy_points", "most points first; what does not fit is skipped", Order.POINTS, kinds=WITH_VALUES),
)

RULES: Mapping[str, Rule] = {rule.name: rule for rule in _ALL}


def rule_named(name: str) -> Rule:
    """The rule with this name. Raises :class:`UnknownRule`, which lists the names there are."""
    try:
        return RULES[name]
    except KeyError:
        raise UnknownRule(f"there is no rule called {name!r}; choose one of {', '.join(RULES)}") from None


def allocate(instance: Instance, rule_name: str, progress: Progress | None = None) -> Outcome:
    """Divide the budget by the rule with this name.

    Raises :class:`UnknownRule`, :class:`UnsuitableBallots` when the rule cannot count this kind of ballot, and
    :class:`~allocation.model.UnbrokenTie` when two candidates are exactly equal and no tie order is given.
    """
    rule = rule_named(rule_name)
    if instance.kind not in rule.kinds:
        raise UnsuitableBallots(
            f"the rule {rule_name} cannot count ballots of the kind {instance.kind}; "
            f"it counts {', '.join(sorted(rule.kinds))}"
        )
    return rule.run(instance, progress)
