"""Completion: raise every endowment step by step, until just before what is taken costs more than the budget."""

from __future__ import annotations

from collections.abc import Callable

from allocation.rules.equal_shares.course import Course
from allocation.rules.equal_shares.electorate import Electorate
from allocation.rules.equal_shares.horizon import horizon
from allocation.rules.equal_shares.scout import Scout, what_is_taken

_LONGEST_WAIT = 15


def raise_endowments(
    electorate: Electorate, increment: int, progress: Callable[[int, int | None], object] | None = None
) -> Scout | Course:
    """The last course that fits in the budget, as if the endowment were raised by ``increment`` units at a time.

    Stops with the previous course when one breaks the budget, and with the current one when nothing that takes part,
    costs money and was not taken fits in what is left. Both depend only on what was taken, so endowments at
    which the course is certain to be the same (:func:`~allocation.rules.equal_shares.horizon.horizon`) can be
    jumped over. ``progress`` is told each time how often the endowment was raised.

    Where one run after another leaves no room to jump, which is what happens with many thousands of voters, looking for
    room is put off longer and longer, and meanwhile runs are made that only find what is taken.

    It ends: while something fits that was not taken, a high enough endowment lets its supporters take it, or take so
    much else that the budget breaks.
    """
    costs, budget = electorate.costs, electorate.instance.budget
    priced = [position for position in electorate.competing if costs[position]]
    raised = waiting = patience = scouts = doubts = 0
    found: Scout | Course = Course(electorate, electorate.endowment)
    while True:
        taken = set(found.selected)
        left = budget - sum(costs[position] for position in taken)
        if left < 0 and raised:
            return what_is_taken(electorate, electorate.endowment + (raised - 1) * increment)
        if not any(costs[position] <= left for position in priced if position not in taken):
            return found
        jump = 1
        if isinstance(found, Course):
            jump = horizon(found, increment)
            patience = min(2 * patience + 1, _LONGEST_WAIT) if jump == 1 else 0
            waiting = patience
        raised += jump
        waiting = max(waiting - 1, 0)
        if progress is not None:
            progress(raised, None)
        endowment = electorate.endowment + raised * increment
        if waiting and doubts <= 2 + scouts // 4:
            found = what_is_taken(electorate, endowment)
            scouts += 1
            doubts += isinstance(found, Course)
        else:
            found = Course(electorate, endowment)
