"""Elections with one thing changed, and the search for the smallest change that works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from allocation.model import Instance


def at_cost(instance: Instance, position: int, cost: int) -> Instance:
    """The election as it would have been had the candidate asked for this much (and needed no more than that)."""
    candidate = instance.candidates[position]
    least = candidate.minimum
    cheaper = replace(candidate, cost=cost, minimum=None if least is None else min(least, cost))
    candidates = (*instance.candidates[:position], cheaper, *instance.candidates[position + 1 :])
    return replace(instance, candidates=candidates)


def smallest(works: Callable[[int], bool], *, most: int, guess: int) -> int | None:
    """The smallest step from 1 to ``most`` that works, given that 0 does not; None when none is found.

    Runs at the guess, gallops away from it, and halves what is left. What it returns was run and worked; the step
    before it was run and did not (or is 0).
    """
    if most < 1:
        return None
    guess = min(max(guess, 1), most)
    fails, holds = 0, 0
    stride = 1
    if works(guess):
        holds = guess
        while holds - fails > 1:
            trial = max(holds - stride, fails + 1)
            if not works(trial):
                fails = trial
                break
            holds = trial
            stride *= 2
    else:
        fails = guess
        while not holds:
            if fails == most:
                return None
            trial = min(fails + stride, most)
            if works(trial):
                holds = trial
            else:
                fails = trial
                stride *= 2
    while holds - fails > 1:
        middle = (holds + fails) // 2
        if works(middle):
            holds = middle
        else:
            fails = middle
    return holds
