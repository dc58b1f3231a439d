"""The verbs of funds and rounds. Every one of them writes a line in the audit trail."""

from rounds.actions.audit import record
from rounds.actions.funds import change_fund, create_fund, end_seat, give_seat
from rounds.actions.rounds import StalePage, change_round, change_rule, copy_round, create_round, set_criteria
from rounds.actions.stages import advance

__all__ = [
    "StalePage",
    "advance",
    "change_fund",
    "change_round",
    "change_rule",
    "copy_round",
    "create_fund",
    "create_round",
    "end_seat",
    "give_seat",
    "record",
    "set_criteria",
]
