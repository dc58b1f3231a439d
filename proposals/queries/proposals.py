"""Reading proposals."""

from typing import Any

from django.db.models import QuerySet

from proposals.lifecycle import State
from proposals.models import Proposal
from rounds.models import Round

# Sent in and not taken back: what a round may say it received. A draft is nobody else's business.
SENT_IN = frozenset({State.SUBMITTED, State.SUPPLEMENT_ASKED, State.ELIGIBLE, State.NOT_TREATED})


def eligible_proposals(round: Round) -> QuerySet[Proposal]:
    """Return the proposals of a round that can be voted on and funded."""
    return Proposal.objects.filter(round=round, state=State.ELIGIBLE)


def number_sent_in(round: Round) -> int:
    """Return how many proposals a round has received."""
    return Proposal.objects.filter(round=round, state__in=SENT_IN).count()


def sent_in_from(rounds: QuerySet[Round]) -> QuerySet[Any]:
    """Return the keys of what was sent in to some rounds, for their trail. That somebody has a draft is not in it."""
    return Proposal.objects.filter(round__in=rounds, submitted_at__isnull=False).values("pk")
