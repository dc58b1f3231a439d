"""Who may do what with a proposal. Each answer is a plain yes or no, one file per noun."""

from proposals.permissions.attachments import may_delete_attachment, may_see_attachment
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
    "may_delete_attachment",
    "is_initiator",
    "may_see_attachment",
    "is_official_of",
    "may_edit_proposal",
    "may_screen",
    "may_see_proposal",
    "may_see_receipt",
    "may_submit",
    "may_withdraw",
    "may_write_answer",
]
