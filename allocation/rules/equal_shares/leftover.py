"""Completion, the last part: spend what equal shares left on what has the most votes."""

from __future__ import annotations

from typing import NamedTuple

from allocation.rules.equal_shares.electorate import Electorate
from allocation.rules.equal_shares.search import first_of


class Turn(NamedTuple):
    """What happened when it was a candidate's turn: ``left`` is the budget there was (units)."""

    taken: bool
    left: int
    excluded_by: int | None


def greedily(electorate: Electorate, taken: list[int]) -> dict[int, Turn]:
    """Go on after ``taken`` with the most votes first, skipping what does not fit or is excluded by what was taken.

    Votes count as they would had every voter been allowed to vote. Candidates without any take part too. Returns
    the turns in their order. Raises :class:`~allocation.model.UnbrokenTie`.
    """
    instance, costs, votes = electorate.instance, electorate.costs, electorate.votes
    left = instance.budget - sum(costs[position] for position in taken)
    least = instance.threshold or 0
    waiting = {position for position, support in enumerate(electorate.support) if support >= least}.difference(taken)
    selected = list(taken)
    turns: dict[int, Turn] = {}
    for score in sorted({votes[position] for position in waiting}, reverse=True):
        equals = [position for position in sorted(waiting) if votes[position] == score]
        while fitting := [
            position
            for position in equals
            if costs[position] <= left and _excluded_by(electorate, position, selected) is None
        ]:
            chosen = first_of(instance, fitting)
            equals.remove(chosen)
            turns[chosen] = Turn(taken=True, left=left, excluded_by=None)
            selected.append(chosen)
            left -= costs[chosen]
        for position in equals:
            turns[position] = Turn(taken=False, left=left, excluded_by=_excluded_by(electorate, position, selected))
    return turns


def _excluded_by(electorate: Electorate, position: int, selected: list[int]) -> int | None:
    """What was taken that rules this candidate out, if anything."""
    for exclusion in electorate.instance.exclusions:
        if position in exclusion:
            for other in selected:
                if other in exclusion:
                    return other
    return None
