"""What a round is made of: the fund, the round with its rule, the seats around the table, the audit trail."""

from rounds.models.audit import AuditEntry, AuditHead
from rounds.models.funds import Fund, Seat
from rounds.models.rounds import (
    AllocationRule,
    BallotType,
    Criterion,
    Round,
    RuleVersion,
    Secrecy,
    TieBreak,
)

__all__ = [
    "AllocationRule",
    "AuditEntry",
    "AuditHead",
    "BallotType",
    "Criterion",
    "Fund",
    "Round",
    "RuleVersion",
    "Seat",
    "Secrecy",
    "TieBreak",
]
