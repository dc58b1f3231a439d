"""The initiator's side and the officials' side of a proposal."""

from typing import Any

from django.conf import settings
from django.utils import timezone

from proposals.lifecycle import DOORS, Event, State, TransitionRefused, can_edit, can_send, row_for
from proposals.models import Proposal
from proposals.queries import Receipt, Writing
from rounds.lifecycle import Door, Role, is_open
from rounds.queries import roles_of


def is_initiator(user: Any, proposal: Proposal) -> bool:
    """Whose idea it is: the person, or the visitor whose browser carries the key of an anonymous draft.

    The loader of a page puts the digests of the keys on the user object (``queries.visitor``).
    """
    if proposal.initiator_id is not None:
        return bool(user.is_authenticated) and proposal.initiator_id == user.pk
    return proposal.draft_key is not None and proposal.draft_key in getattr(user, "draft_keys", frozenset())


def is_official_of(user: Any, proposal: Proposal) -> bool:
    """Whether this person is an official of the fund of this proposal's round."""
    return Role.OFFICIAL in roles_of(user, proposal.round.fund_id)


def may_see_proposal(user: Any, proposal: Proposal) -> bool:
    """The initiator always; officials once it is sent in, and before that what they entered themselves."""
    if is_initiator(user, proposal):
        return True
    sent = proposal.state != State.DRAFT and proposal.submitted_at is not None
    return is_official_of(user, proposal) and (sent or proposal.entered_by_id is not None)


def may_edit_proposal(user: Any, proposal: Proposal) -> bool:
    """The initiator, as long as state and round allow it."""
    return is_initiator(user, proposal) and can_edit(proposal.state, proposal.round.stage)


def may_write_answer(user: Any, writing: Writing) -> bool:
    """Whose idea it is may open each of its questions; the page says so when it can no longer be changed."""
    return is_initiator(user, writing.proposal)


def may_see_receipt(user: Any, receipt: Receipt) -> bool:
    """A receipt is for whoever may see the proposal."""
    return may_see_proposal(user, receipt.proposal)


def may_submit(user: Any, proposal: Proposal) -> bool:
    """The initiator of a draft, before the deadline or within the grace period."""
    return (
        is_initiator(user, proposal)
        and proposal.state == State.DRAFT
        and can_send(
            proposal.round.stage,
            started_at=proposal.started_at,
            closes_at=proposal.round.closes_at,
            now=timezone.now(),
            grace_minutes=settings.GRACE_MINUTES,
        )
    )


def may_withdraw(user: Any, proposal: Proposal) -> bool:
    """The initiator, or an official who was asked to, as long as nothing was decided."""
    try:
        row_for(Event.WITHDRAW, proposal.state)
    except TransitionRefused:
        return False
    if proposal.state == State.DRAFT:
        return is_initiator(user, proposal)
    either = is_initiator(user, proposal) or is_official_of(user, proposal)
    return either and is_open(DOORS[Event.WITHDRAW], proposal.round.stage)


def may_screen(user: Any, proposal: Proposal) -> bool:
    """Officials of the fund, for what was sent in, as long as the round is being screened."""
    sent = proposal.state in {State.SUBMITTED, State.SUPPLEMENT_ASKED, State.ELIGIBLE, State.NOT_TREATED}
    return sent and is_official_of(user, proposal) and is_open(Door.SCREEN, proposal.round.stage)
