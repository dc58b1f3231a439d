"""Rules by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from allocation.declared import declared, knows
from allocation.model import BallotKind, Instance, Outcome, UnknownRule, UnsuitableBallots
from allocation.rules.comparison import preferred
from allocation.rules.equal_shares import Completion, Utility, equal_shares
from allocation.rules.greedy import SKIPPING, Manner, Order, greedy
from allocation.rules.majority import KINDS as WITH_NO
from allocation.rules.majority import majority
from allocation.rules.phragmen import phragmen
from allocation.rules.pots import average_pot
from allocation.rules.welfare import welfare_cost, welfare_votes

type Progress = Callable[[int, int | None], object]
"""Called now and then during long work with how far it is and, when that is known, how far it goes."""

ANY_KIND = frozenset(BallotKind)
WITH_POINTS = frozenset({BallotKind.POINTS, BallotKind.POT, BallotKind.SCORES, BallotKind.RANKING})


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as people choose it. ``kinds`` are the ballots it can count; ``summary`` is one plain English line."""

    name: str
    summary: str
    kinds: frozenset[BallotKind]
    run: Callable[[Instance, Progress | None], Outcome]


def _greedy(name: str, order: Order, manner: Manner, instance: Instance, _progress: Progress | None) -> Outcome:
    return greedy(instance, name, order, manner)


def _by_votes(name: str, summary: str, manner: Manner = SKIPPING, order: Order = Order.VOTES) -> Rule:
    return Rule(name, summary, ANY_KIND, partial(_greedy, name, order, manner))


def _by_points(name: str, summary: str, manner: Manner = SKIPPING) -> Rule:
    return Rule(name, summary, WITH_POINTS, partial(_greedy, name, Order.POINTS, manner))


def _quick(run: Callable[[Instance], Outcome], instance: Instance, _progress: Progress | None) -> Outcome:
    """For rules that are done before anyone could ask how far they are."""
    return run(instance)


def _shares(utility: Utility, completion: Completion, instance: Instance, progress: Progress | None) -> Outcome:
    """Equal shares among all candidates: only the rules with `threshold` or `no_skip` in their name drop some first."""
    return equal_shares(replace(instance, threshold=None), utility=utility, completion=completion, progress=progress)


def _phragmen(instance: Instance, _progress: Progress | None) -> Outcome:
    return phragmen(replace(instance, threshold=None))


def _compared(name: str, completion: Completion, instance: Instance, progress: Progress | None) -> Outcome:
    return preferred(instance, _shares(Utility.COST, completion, instance, progress), name)


def _equal(name: str, summary: str, utility: Utility, completion: Completion = Completion.NONE) -> Rule:
    kinds = WITH_POINTS if utility is Utility.POINTS else ANY_KIND
    return Rule(name, summary, kinds, partial(_shares, utility, completion))


def _equal_unless_worse(name: str, summary: str, completion: Completion) -> Rule:
    return Rule(name, summary, ANY_KIND, partial(_compared, name, completion))


THRESHOLD = Manner(threshold=True)
NO_SKIP = Manner(threshold=True, stop=True)
PARTIAL = Manner(partial=True)

_ALL = (
    _by_votes("greedy_votes", "most votes first; what does not fit is skipped"),
    _by_votes("greedy_votes_threshold", "the same, without what has fewer votes than the threshold", THRESHOLD),
    _by_votes("greedy_votes_no_skip", "the same, and stop at the first that does not fit", NO_SKIP),
    _by_votes("greedy_votes_partial", "most votes first; the first that does not fit gets what is left", PARTIAL),
    _by_votes("greedy_votes_per_cost", "most votes for the money first", order=Order.VOTES_PER_COST),
    _by_points("greedy_points", "most points first; what does not fit is skipped"),
    _by_points("greedy_points_threshold", "the same, without what has fewer points than the threshold", THRESHOLD),
    _by_points("greedy_points_no_skip", "the same, and stop at the first that does not fit", NO_SKIP),
    _by_points("greedy_points_partial", "most points first; the first that does not fit gets what is left", PARTIAL),
    _equal("mes_cost", "equal shares, by what projects cost", Utility.COST),
    _equal("mes_cardinality", "equal shares, by the number of projects", Utility.CARDINALITY),
    _equal("mes_points", "equal shares, by points", Utility.POINTS),
    _equal("mes_cost_add1", "equal shares with larger shares until the budget is full", Utility.COST, Completion.ADD1),
    _equal("mes_cost_add1u", "the same, and the rest to what has most votes", Utility.COST, Completion.ADD1U),
    _equal(
        "mes_cardinality_add1u",
        "the same, by the number of projects",
        Utility.CARDINALITY,
        Completion.ADD1U,
    ),
    Rule("phragmen", "supporters save up together", ANY_KIND, _phragmen),
    Rule("welfare_votes", "the set with the most votes together", ANY_KIND, partial(_quick, welfare_votes)),
    Rule("welfare_cost", "the set with the most money behind its votes", ANY_KIND, partial(_quick, welfare_cost)),
    Rule("majority", "what more people want than not", WITH_NO, partial(_quick, majority)),
    Rule(
        "average_pot",
        "the average of what voters would give",
        frozenset({BallotKind.POT}),
        partial(_quick, average_pot),
    ),
)

_ONLY_DECLARED = (
    _equal_unless_worse("mes_cost_compared", "mes_cost, unless more voters prefer greedy_votes", Completion.NONE),
    _equal_unless_worse(
        "mes_cost_add1_compared", "mes_cost_add1, unless more voters prefer greedy_votes", Completion.ADD1
    ),
)
"""Rules that elections declared and that nobody is offered."""

RULES: Mapping[str, Rule] = {rule.name: rule for rule in _ALL}
"""Every rule by its name, but for ``declared``, which is whichever of these an election declares."""


def rule_named(name: str) -> Rule:
    """The rule with this name. Raises :class:`UnknownRule`, which lists the names there are."""
    for rule in (*RULES.values(), *_ONLY_DECLARED):
        if rule.name == name:
            return rule
    raise UnknownRule(f"there is no rule called {name!r}; choose one of {', '.join(RULES)}, declared")


def resolve(instance: Instance, rule_name: str) -> tuple[Rule, Instance]:
    """The rule with this name and the instance it is to be run on; for ``declared`` what the election declares.

    Raises :class:`UnknownRule`.
    """
    if rule_name != "declared":
        return rule_named(rule_name), instance
    found = declared(instance, frozenset(RULES))
    return rule_named(found.rule), found.instance


def can_repeat(instance: Instance) -> bool:
    """Whether the election declares a rule that ``declared`` can run."""
    return knows(instance, frozenset(RULES))


def allocate(instance: Instance, rule_name: str, progress: Progress | None = None) -> Outcome:
    """Divide the budget by the rule with this name, or by ``declared``. The outcome says which rule was run.

    Raises :class:`UnknownRule`, :class:`UnsuitableBallots` when the rule cannot count this kind of ballot, and
    :class:`~allocation.model.UnbrokenTie` when two candidates are exactly equal and no tie order is given.
    """
    rule, meant = resolve(instance, rule_name)
    if meant.kind not in rule.kinds:
        raise UnsuitableBallots(
            f"the rule {rule.name} cannot count ballots of the kind {meant.kind}; "
            f"it counts {', '.join(sorted(rule.kinds))}"
        )
    return rule.run(meant, progress)
