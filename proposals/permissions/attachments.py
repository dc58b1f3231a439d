"""Who may open a file that came with a proposal, and who may take it away."""

from typing import Any

from proposals.models import Attachment
from proposals.permissions.proposals import is_initiator, may_see_proposal


def may_see_attachment(user: Any, attachment: Attachment) -> bool:
    """Whoever may see the proposal; before the virus scan only the one who sent the file; a refused file nobody."""
    if attachment.is_refused or not may_see_proposal(user, attachment.proposal):
        return False
    return attachment.is_ready or is_sender(user, attachment)


def is_sender(user: Any, attachment: Attachment) -> bool:
    """Who sent a file: the person, or of a file without a name whoever the proposal belongs to."""
    if attachment.added_by_id is not None:
        return bool(user.is_authenticated) and attachment.added_by_id == user.pk
    return is_initiator(user, attachment.proposal)


def may_delete_attachment(user: Any, attachment: Attachment) -> bool:
    """Whose idea it is; the page says so when it can no longer be changed."""
    return is_initiator(user, attachment.proposal)
