"""The smallest change with which a candidate that was left would have been taken, found by running the rule again.

Both numbers are *verified*: the rule was run with them and took the candidate, and was run one step short of them and
did not. Where a rule never punishes a candidate for more support or a lower cost this makes them the smallest and
the largest there are: greedy rules, equal shares and Phragmén without completion (until the candidate is taken
everything goes as it went before, and it can only be taken earlier), welfare by votes, majority. Raised endowments,
moved ticks and welfare by cost have no such guarantee: there the numbers are a boundary, found from the side of
the outcome that was.

The search starts from a guess read off the trace (:mod:`allocation.what_if.guess`). When the guess is right, which it
nearly always is, two runs are all it takes.
"""

from __future__ import annotations

from dataclasses import dataclass

from allocation.model import Instance, Outcome
from allocation.rules import allocate
from allocation.what_if.guess import Guess, guess_for
from allocation.what_if.guess.raised import Raised
from allocation.what_if.search import at_cost, smallest
from allocation.what_if.support import Counted, MoreSupport
from allocation.what_if.takes import takes


@dataclass(frozen=True, slots=True)
class Change:
    """What would have been enough for one candidate; each of the two on its own.

    ``extra_support`` is counted in ``counted`` (who gives it: :mod:`allocation.what_if.support`); None when even all of
    it would not have been enough. ``largest_cost`` is in units; None when no cost of at least one unit would have been.
    """

    position: int
    extra_support: int | None
    counted: Counted
    largest_cost: int | None


def what_if(instance: Instance, rule: str, position: int, outcome: Outcome | None = None) -> Change:
    """What would have been enough for this candidate to be taken; ``outcome`` saves a run when it is there already.

    Raises :class:`ValueError` for a candidate that was taken, and what :func:`allocation.rules.allocate` raises.
    """
    outcome = outcome or allocate(instance, rule)
    if outcome.trace[position].taken:
        raise ValueError(f"{instance.candidates[position].id} was taken")
    return _change(instance, rule, position, outcome, guess_for(instance, outcome, takes))


def what_ifs(instance: Instance, rule: str, outcome: Outcome | None = None) -> dict[int, Change]:
    """:func:`what_if` for every candidate that was left, by position. For large elections ask them one by one."""
    outcome = outcome or allocate(instance, rule)
    guess = guess_for(instance, outcome, takes)
    return {
        line.position: _change(instance, rule, line.position, outcome, guess)
        for line in outcome.trace
        if not line.taken
    }


def _change(instance: Instance, rule: str, position: int, outcome: Outcome, guess: Guess) -> Change:
    more = MoreSupport.after(instance, position, outcome)
    extra = smallest(
        lambda steps: takes(more.with_extra(steps), rule, position), most=more.most, guess=guess.support(more)
    )
    largest_cost = _largest_cost(instance, rule, position, guess)
    return Change(position, extra, more.counted, largest_cost)


def _largest_cost(instance: Instance, rule: str, position: int, guess: Guess) -> int | None:
    cost = instance.candidates[position].cost
    start = cost - guess.cost(position)
    if isinstance(guess, Raised):
        raised = guess

        def works(less: int) -> bool:
            return raised.takes_at(position, cost - less)

        def hints(less: int) -> list[int]:
            return sorted(cost - hint for hint in raised.hints(position, cost - less))

        cut = smallest(works, most=cost - 1, guess=start, leap=max(cost // 32, 1), hints=hints)
    else:
        cut = smallest(
            lambda less: takes(at_cost(instance, position, cost - less), rule, position), most=cost - 1, guess=start
        )
    return None if cut is None else cost - cut
