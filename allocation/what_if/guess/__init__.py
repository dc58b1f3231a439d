"""Where to start looking for what would have been enough: read off the trace, often in floats, never trusted.

The idea is the same for every rule: until the candidate is taken everything goes as it went. So for each step
of the outcome one can say what the candidate would have needed to be taken right there instead. Every guess is run
by the rule itself before anyone sees it; a bad one costs time and nothing else.
"""

from __future__ import annotations

from typing import Protocol

from allocation.model import Instance, Outcome
from allocation.what_if.guess.order import InOrder
from allocation.what_if.guess.pots import Pots
from allocation.what_if.guess.raised import Raised
from allocation.what_if.guess.sets import Sets
from allocation.what_if.guess.shares import EqualShares
from allocation.what_if.guess.time import InTime
from allocation.what_if.support import MoreSupport
from allocation.what_if.takes import Takes


class Guess(Protocol):
    """What to try first, for candidates that one outcome left."""

    def support(self, more: MoreSupport) -> int:
        """The number of steps of extra support to try first."""
        ...

    def cost(self, position: int) -> int:
        """The cost to try first."""
        ...


def guess_for(instance: Instance, outcome: Outcome, takes: Takes) -> Guess:
    """The guesses that suit the rule of an outcome. ``takes`` runs a rule, for guesses that need it."""
    rule = outcome.rule
    if rule == "average_pot":
        return Pots(instance, outcome)
    if rule.startswith("welfare_"):
        return Sets(instance, outcome, takes)
    if rule == "phragmen":
        return InTime(instance, outcome)
    if not rule.startswith("mes_"):
        return InOrder(instance, outcome)
    return Raised(instance, outcome, takes) if "_add1" in rule else EqualShares(instance, outcome)
