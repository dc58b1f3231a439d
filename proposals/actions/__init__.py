"""The verbs of proposals, one file per noun."""

from proposals.actions.answers import AnsweredMeanwhile, save_answer, write_answer
from proposals.actions.attachments import (
    TooManyAttachments,
    add_attachment,
    delete_attachment,
    delete_files_of,
    rescan,
)
from proposals.actions.drafts import adopt_draft, contact_of, readable_address, start_draft
from proposals.actions.entering import Entry, enter_proposals
from proposals.actions.funnel import count_step
from proposals.actions.leaving import SeatHeld, close_account
from proposals.actions.messages import read_messages, tell_of_message, write_message
from proposals.actions.receipts import send_receipt
from proposals.actions.reminders import remind, send_reminders, stop_reminders
from proposals.actions.screening import admit_proposal, fill_in_checklist, log_reading, set_points
from proposals.actions.submissions import NotComplete, TooLate, submit_proposal
from proposals.actions.supplements import (
    answer_supplement,
    ask_supplement,
    extend_supplement,
    not_treat_proposal,
    remind_of_supplements,
)
from proposals.actions.versions import send_again
from proposals.actions.withdrawals import delete_draft, withdraw_proposal

__all__ = [
    "AnsweredMeanwhile",
    "Entry",
    "NotComplete",
    "SeatHeld",
    "TooLate",
    "TooManyAttachments",
    "add_attachment",
    "admit_proposal",
    "adopt_draft",
    "answer_supplement",
    "ask_supplement",
    "close_account",
    "contact_of",
    "count_step",
    "delete_attachment",
    "delete_draft",
    "delete_files_of",
    "enter_proposals",
    "extend_supplement",
    "fill_in_checklist",
    "log_reading",
    "not_treat_proposal",
    "read_messages",
    "readable_address",
    "remind",
    "remind_of_supplements",
    "rescan",
    "save_answer",
    "send_again",
    "send_receipt",
    "send_reminders",
    "set_points",
    "start_draft",
    "stop_reminders",
    "submit_proposal",
    "tell_of_message",
    "withdraw_proposal",
    "write_answer",
    "write_message",
]
