"""Elections with one thing changed, and the search for the smallest change that works."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from allocation.model import Instance


def at_cost(instance: Instance, position: int, cost: int) -> Instance:
    """The election as it would have been had the candidate asked for this much (and needed no more than that)."""
    candidate = instance.candidates[position]
    least = candidate.minimum
    cheaper = replace(candidate, cost=cost, minimum=None if least is None else min(least, cost))
    candidates = (*instance.candidates[:position], cheaper, *instance.candidates[position + 1 :])
    return replace(instance, candidates=candidates)


type Hints = Callable[[int], Iterable[int]]
"""Told a step that does not work: where the boundary may be."""


def smallest(
    works: Callable[[int], bool], *, most: int, guess: int, leap: int = 1, hints: Hints | None = None
) -> int | None:
    """The smallest step from 1 to ``most`` that works, given that 0 does not; None when none is found.

    Runs at the guess and beside it, then at the hints, then gallops (by at least ``leap``), and halves what is left.
    What is returned was run and worked; the step before it was run and did not (or is 0).
    """
    if most < 1:
        return None
    bounds = _Bounds(works, most)
    guess = min(max(guess, 1), most)
    bounds.run(guess if bounds.run(guess) else guess + 1)
    bounds.run(guess - 1)
    bounds.follow(hints)
    bounds.gallop(leap)
    if bounds.holds > most:
        return None
    bounds.follow(hints)
    while bounds.open:
        bounds.run((bounds.fails + bounds.holds) // 2)
    return bounds.holds


class _Bounds:
    """A step that does not work (0: what was) and one above it that does (``most`` + 1: none known yet)."""

    def __init__(self, works: Callable[[int], bool], most: int) -> None:
        self.works = works
        self.most = most
        self.fails = 0
        self.holds = most + 1

    @property
    def open(self) -> bool:
        """Whether there is anything between the two."""
        return self.holds - self.fails > 1

    def run(self, step: int) -> bool:
        """Whether it works, for a step between the two; others are not run."""
        if not self.fails < step < self.holds:
            return step >= self.holds
        if self.works(step):
            self.holds = step
            return True
        self.fails = step
        return False

    def follow(self, hints: Hints | None) -> None:
        """Run at the hints, and one short of those that work."""
        if hints is None or not self.open:
            return
        for step in hints(self.fails):
            if self.fails < step < self.holds and self.run(step):
                self.run(step - 1)

    def gallop(self, leap: int) -> None:
        """Find the bound that is not known yet, in larger and larger steps."""
        stride = leap
        while self.holds > self.most and self.open:
            self.run(min(self.fails + stride, self.most))
            stride *= 2
        while self.fails == 0 and self.open:
            self.run(max(self.holds - stride, 1))
            stride *= 2
