"""The verbs of funds and rounds. Every one of them writes a line in the audit trail."""

from rounds.actions.audit import record
from rounds.actions.funds import change_fund, create_fund
from rounds.actions.rounds import StalePage, change_round, copy_round, create_round, set_criteria
from rounds.actions.rules import NothingChanged, change_rule
from rounds.actions.seats import end_seat, extend_seat, give_seat, give_seat_by_mail
from rounds.actions.stages import advance, hand_over, perform

__all__ = [
    "NothingChanged",
    "StalePage",
    "advance",
    "change_fund",
    "change_round",
    "change_rule",
    "copy_round",
    "create_fund",
    "create_round",
    "end_seat",
    "extend_seat",
    "give_seat",
    "give_seat_by_mail",
    "hand_over",
    "perform",
    "record",
    "set_criteria",
]
