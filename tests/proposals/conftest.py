"""An open round, and drafts in it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Person
from proposals.actions import save_answer, start_draft, submit_proposal
from proposals.models import Budget, Contact, Field, Proposal, ProposalVersion, Row
from proposals.queries import digest_of
from rounds.actions import advance
from rounds.lifecycle import Event
from rounds.models import Round

KEY = "the-key-in-the-cookie"

type Answer = Callable[..., None]


@pytest.fixture
def open_round(planned_round: Round, otto: Person) -> Round:
    return advance(planned_round, Event.OPEN, otto)


@pytest.fixture
def draft(open_round: Round, ines: Person) -> Proposal:
    """A draft of Ines in which nothing was written yet."""
    return start_draft(round=open_round, by=ines)


@pytest.fixture
def anonymous_draft(open_round: Round) -> Proposal:
    """A draft of whoever carries KEY."""
    return start_draft(round=open_round, by=None, draft_key=digest_of(KEY))


def answer(proposal: Proposal, field: Field, text: str, *, seen: int = 0, page_key: str = "page") -> None:
    save_answer(proposal=proposal, field=field, text=text, seen=seen, page_key=page_key, by=proposal.initiator)


def fill_in(proposal: Proposal) -> Proposal:
    """Answer what is needed to send."""
    answer(proposal, Field.TITLE, "Samen koken 🍲")
    answer(proposal, Field.SUMMARY, "Elke donderdag koken wij.")
    answer(proposal, Field.BUDGET, Budget((Row("Pannen", 150_00), Row("Eten", 900_50))).as_text())
    if not proposal.contact_address:
        answer(proposal, Field.CONTACT, Contact("Ines", "ines@test.example").as_text())
    return proposal


def send(proposal: Proposal, by: Person) -> ProposalVersion:
    return submit_proposal(proposal=proposal, submission_key=uuid4(), by=by)


@pytest.fixture
def finished_draft(draft: Proposal) -> Proposal:
    """A draft of Ines that can be sent."""
    return fill_in(draft)


def close_call(round: Round, *, minutes_ago: int) -> None:
    """Let the deadline have passed so many minutes ago."""
    round.closes_at = timezone.now() - timedelta(minutes=minutes_ago)
    Round.objects.filter(pk=round.pk).update(closes_at=round.closes_at)
