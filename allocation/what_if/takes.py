"""Asking a rule whether it takes a candidate."""

from __future__ import annotations

from collections.abc import Callable

from allocation.model import AllocationError, Instance
from allocation.rules import allocate

type Takes = Callable[[Instance, str, int], bool]
"""Whether a rule takes a candidate in an election."""


def takes(instance: Instance, rule: str, position: int) -> bool:
    """Whether the rule takes the candidate; a tie that nobody breaks is no promise."""
    try:
        return position in allocate(instance, rule).selected
    except AllocationError:
        return False
