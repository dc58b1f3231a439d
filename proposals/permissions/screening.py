"""Who checks what was sent in, and who answers what was asked."""

from typing import Any

from django.utils import timezone

from proposals.lifecycle import State
from proposals.models import Proposal
from proposals.permissions.proposals import is_initiator, is_official_of, may_edit_proposal, may_screen
from proposals.queries import Writing, open_supplement_of
from rounds.lifecycle import Door, Role, Stage, is_open
from rounds.models import Round
from rounds.queries import roles_of


def may_read_dossier(user: Any, proposal: Proposal) -> bool:
    """Officials of the fund read what was sent in, also when the checking is over. Each reading is logged."""
    return proposal.state not in {State.DRAFT, State.WITHDRAWN} and is_official_of(user, proposal)


def may_admit(user: Any, proposal: Proposal) -> bool:
    """Officials, for what was sent in and about which nothing is asked."""
    return proposal.state == State.SUBMITTED and may_screen(user, proposal)


def may_ask_supplement(user: Any, proposal: Proposal) -> bool:
    """The same as for saying that it is complete: either is an answer to the same question."""
    return may_admit(user, proposal)


def may_extend_supplement(user: Any, proposal: Proposal) -> bool:
    """Officials, as long as an answer is awaited, also when its day has passed."""
    return proposal.state == State.SUPPLEMENT_ASKED and may_screen(user, proposal)


def may_not_treat(user: Any, proposal: Proposal) -> bool:
    """Officials, once the term of a supplement has passed without an answer (Awb 4:5). One query."""
    if not may_extend_supplement(user, proposal):
        return False
    awaited = open_supplement_of(proposal)
    return awaited is not None and awaited.due_date < timezone.localdate()


def may_set_points(user: Any, round: Round) -> bool:
    """Officials of the fund, until the checking is over."""
    changeable = round.stage == Stage.PLANNED or is_open(Door.SCREEN, round.stage)
    return changeable and Role.OFFICIAL in roles_of(user, round.fund_id)


def may_answer_supplement(user: Any, proposal: Proposal) -> bool:
    """The initiator, as long as something is asked; a late answer is an answer too."""
    return proposal.state == State.SUPPLEMENT_ASKED and may_edit_proposal(user, proposal)


def may_change_answer(user: Any, writing: Writing) -> bool:
    """Whether this one answer can change: in a draft every one, of a supplement what was asked. At most one query."""
    proposal = writing.proposal
    if proposal.state == State.DRAFT:
        return is_initiator(user, proposal)
    if not may_answer_supplement(user, proposal):
        return False
    awaited = open_supplement_of(proposal)
    return awaited is not None and writing.question.key in awaited.fields
