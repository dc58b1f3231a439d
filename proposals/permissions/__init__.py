"""Who may do what with a proposal. Each answer is a plain yes or no, one file per noun."""

from proposals.permissions.attachments import may_delete_attachment, may_see_attachment
from proposals.permissions.mine import (
    may_answer_message,
    may_change_after_sending,
    may_compare_versions,
    may_delete_draft,
    may_open_change,
    may_see_my_proposal,
    may_see_my_versions,
    may_see_threads,
    may_see_threads_of,
    may_withdraw_own,
    may_write_message,
)
from proposals.permissions.proposals import (
    is_initiator,
    is_official_of,
    may_edit_proposal,
    may_screen,
    may_see_proposal,
    may_see_receipt,
    may_submit,
    may_withdraw,
    may_write_answer,
)

__all__ = [
    "is_initiator",
    "is_official_of",
    "may_answer_message",
    "may_change_after_sending",
    "may_compare_versions",
    "may_delete_attachment",
    "may_delete_draft",
    "may_edit_proposal",
    "may_open_change",
    "may_screen",
    "may_see_attachment",
    "may_see_my_proposal",
    "may_see_my_versions",
    "may_see_proposal",
    "may_see_receipt",
    "may_see_threads",
    "may_see_threads_of",
    "may_submit",
    "may_withdraw",
    "may_withdraw_own",
    "may_write_answer",
    "may_write_message",
]
