"""The method of equal shares, with additive utilities.

Every voter gets an equal share of the budget, and only spends it on candidates they support. Again and again the
candidate is taken whose supporters get the most for their money, until no candidate's supporters have its cost
together.

Peters, Pierczyński and Skowron, "Proportional Participatory Budgeting with Additive Utilities", NeurIPS 2021;
completion by raising the endowments: Peters and Skowron, https://equalshares.net/implementation/completion.

Exact on every input, whatever floats are used on the way: see :class:`~allocation.rules.equal_shares.course.Course`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from allocation.model import AllocationError, Instance, Outcome
from allocation.rules.equal_shares.electorate import Electorate, Utility
from allocation.rules.equal_shares.leftover import Turn, greedily
from allocation.rules.equal_shares.raising import raise_endowments
from allocation.rules.equal_shares.scout import what_is_taken
from allocation.rules.equal_shares.trace import Account, Lazy

__all__ = ["Completion", "Utility", "equal_shares"]


class Completion(StrEnum):
    """What is done with the money that equal shares leaves."""

    NONE = "none"
    ADD1 = "add1"  # raise the endowments until just before the budget breaks
    ADD1U = "add1u"  # and after that, greedy by votes with what is left


def equal_shares(
    instance: Instance,
    *,
    utility: Utility = Utility.COST,
    completion: Completion = Completion.NONE,
    increment: int | None = None,
    progress: Callable[[int, int | None], object] | None = None,
) -> Outcome:
    """Run the method of equal shares.

    A supporter's use of a candidate is its cost, 1, or the points they gave it (``utility``). Each round the
    candidate with the lowest rate is taken, where the rate is the smallest number at which the supporters, each
    paying rate × use or all they have, together pay the cost.

    * The endowment is budget / voters: someone who casts a blank ballot or steps back still has a share, and someone
      who stepped back from one candidate keeps the whole of it for the others. ``increment`` is by how many units
      completion raises the endowment at a time; one of the currency unless given.
    * A candidate that costs nothing is taken at once if it has any support. One without support is never taken,
      except by greedy completion. One that costs more than the budget takes part like any other, but can only be
      afforded at raised endowments, where it breaks the budget and so ends the raising.
    * ``instance.threshold``, if there is one, is the least number of supporters with which a candidate takes part.
      Exclusions are only looked at in greedy completion.
    * ``score`` in the trace is the use that the supporters get for each unit of money: 1 / rate. With cost utilities
      that is the *effective vote count*, cost / highest payment. It is 0 for what was left; the number of supporters
      for what was free, taken in completion, or passed over in completion.
    * ``available`` is what the supporters had together just before the candidate was taken, or still had at the end; in
      greedy completion, what was left of the budget when its turn came.
    * ``progress`` is told now and then, during completion, how many times the endowments were raised; how many times
      that will be in all is never known.

    Raises :class:`~allocation.model.UnbrokenTie` when a tie for the lowest rate (or for the most votes, in greedy
    completion) is not broken by the instance, and :class:`~allocation.model.UnsuitableBallots` for points utilities on
    ballots without values.
    """
    if instance.budget < 0 or any(candidate.cost < 0 for candidate in instance.candidates):
        raise AllocationError("a budget or a cost is less than zero")
    electorate = Electorate(instance, utility)
    if completion is Completion.NONE:
        found = what_is_taken(electorate, electorate.endowment)
    else:
        step = instance.scale if increment is None else increment
        if step <= 0:
            raise AllocationError("the endowments must be raised by more than nothing")
        found = raise_endowments(electorate, step, progress)
    order = found.selected
    turns: dict[int, Turn] = {}
    if completion is Completion.ADD1U:
        turns = greedily(electorate, order)
        order = order + [position for position, turn in turns.items() if turn.taken]
    amounts = [0] * len(instance.candidates)
    for position in order:
        amounts[position] = instance.candidates[position].cost
    suffix = "" if completion is Completion.NONE else f"_{completion}"
    return Outcome(
        rule=f"mes_{utility}{suffix}",
        selected=tuple(order),
        amounts=tuple(amounts),
        trace=Lazy(Account(found, order, turns).lines),
        endowment=found.endowment,
    )
