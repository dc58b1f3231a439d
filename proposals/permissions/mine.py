"""What an initiator may do after sending, and what officials may do about it."""

from typing import Any

from django.utils import timezone

from proposals.lifecycle import State, call_is_open
from proposals.models import Proposal
from proposals.permissions.proposals import is_initiator, is_official_of, may_edit_proposal, may_withdraw
from proposals.queries import MyProposal, Thread, Threads, Versions, Writing
from rounds.lifecycle import Role
from rounds.queries import roles_of


def may_see_my_proposal(user: Any, found: MyProposal) -> bool:
    """Only whose idea it is."""
    return is_initiator(user, found.proposal)


def may_see_my_versions(user: Any, found: Versions) -> bool:
    """Only whose idea it is."""
    return is_initiator(user, found.proposal)


def may_compare_versions(user: Any, found: Versions) -> bool:
    """Officials of the fund."""
    return is_official_of(user, found.proposal)


def may_change_after_sending(user: Any, proposal: Proposal) -> bool:
    """The initiator, for what was sent in, as long as the call is open. What was asked to add goes another way."""
    closes_at = proposal.round.closes_at
    return (
        proposal.state == State.SUBMITTED
        and may_edit_proposal(user, proposal)
        and call_is_open(proposal.round.stage, closes_at=closes_at, now=timezone.now())
    )


def may_open_change(user: Any, writing: Writing) -> bool:
    """Whose idea it is may open each of its questions; the page says so when it can no longer be changed."""
    return is_initiator(user, writing.proposal)


def may_withdraw_own(user: Any, proposal: Proposal) -> bool:
    """The initiator, for what was sent in. A draft is not withdrawn but deleted."""
    return proposal.state != State.DRAFT and is_initiator(user, proposal) and may_withdraw(user, proposal)


def may_delete_draft(user: Any, proposal: Proposal) -> bool:
    """The initiator, as long as it was never sent."""
    return proposal.state == State.DRAFT and proposal.submitted_at is None and is_initiator(user, proposal)


def may_write_message(user: Any, thread: Thread) -> bool:
    """The initiator, about what was sent in."""
    return thread.proposal.submitted_at is not None and is_initiator(user, thread.proposal)


def may_answer_message(user: Any, thread: Thread) -> bool:
    """Officials of the fund, about what was sent in."""
    return thread.proposal.submitted_at is not None and is_official_of(user, thread.proposal)


def may_see_threads(user: Any, found: Threads) -> bool:
    """Officials of the fund of the round."""
    return may_see_threads_of(user, found.round)


def may_see_threads_of(user: Any, round: Any) -> bool:
    """Officials of the fund of the round."""
    return Role.OFFICIAL in roles_of(user, round.fund_id)
