"""Divide a budget by the ballots of a group: an election in, amounts and an explanation out. Plain Python, exact."""

from allocation.model import (
    AllocationError,
    BallotGroup,
    BallotKind,
    Candidate,
    Instance,
    Line,
    Outcome,
    Reason,
    UnbrokenTie,
    UnknownRule,
    UnsuitableBallots,
)
from allocation.pabulib import PabulibError, read_pabulib, write_pabulib
from allocation.rules import RULES, Rule, allocate

__all__ = [
    "RULES",
    "AllocationError",
    "BallotGroup",
    "BallotKind",
    "Candidate",
    "Instance",
    "Line",
    "Outcome",
    "PabulibError",
    "Reason",
    "Rule",
    "UnbrokenTie",
    "UnknownRule",
    "UnsuitableBallots",
    "allocate",
    "read_pabulib",
    "write_pabulib",
]
