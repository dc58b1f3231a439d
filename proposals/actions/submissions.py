"""Sending a proposal in: once, with a reference and a receipt, however often the button is pressed."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import Person
from proposals.actions.drafts import contact_of
from proposals.actions.funnel import count_step
from proposals.actions.receipts import send_receipt
from proposals.lifecycle import Event, State, can_send, row_for
from proposals.models import Budget, FunnelStep, Proposal, ProposalVersion
from proposals.queries import Gap, digest_of_document, document_of, gaps_in, receipt_of, year_of
from rounds.actions import record
from rounds.models import Round


class NotComplete(Exception):
    """Something is missing without which nobody can judge the idea, or answer; `gaps` says what."""

    def __init__(self, gaps: list[Gap]) -> None:
        self.gaps = gaps
        super().__init__(" ".join(gap.sentence for gap in gaps))


class TooLate(Exception):
    """The call is closed, and the grace period is over or not meant for this draft. The draft is kept."""


@transaction.atomic
def submit_proposal(
    *, proposal: Proposal, submission_key: UUID, by: Person, on_behalf_of: Person | None = None, link: str = ""
) -> ProposalVersion:
    """Send a draft in and return its first version, which is the receipt.

    A second press (a double click, a retry after a lost connection, another tab) returns the same version and does
    nothing. `link` is the address of the receipt, for the message that goes out. Raises NotComplete, TooLate, and
    TransitionRefused for what was withdrawn. The object is up to date afterwards.
    """
    # One at a time per round: references have no gaps and no doubles.
    round = Round.objects.select_for_update().get(pk=proposal.round_id)
    # And nobody saves an answer in between, that this would then put back.
    proposal.refresh_from_db(from_queryset=Proposal.objects.select_for_update())
    proposal.round = round
    if proposal.submitted_at is not None and proposal.state != State.WITHDRAWN:
        return receipt_of(proposal).version
    row = row_for(Event.SUBMIT, proposal.state)
    now = timezone.now()
    if not can_send(
        round.stage,
        started_at=proposal.started_at,
        closes_at=round.closes_at,
        now=now,
        grace_minutes=settings.GRACE_MINUTES,
    ):
        raise TooLate
    if not proposal.contact_address:
        contact = contact_of(on_behalf_of or by)
        proposal.contact_address, proposal.contact_channel = contact.address, contact.channel
        proposal.contact_name = proposal.contact_name or contact.name
    budget = Budget.of(proposal)
    if blocking := [gap for gap in gaps_in(proposal, budget) if gap.blocks]:
        raise NotComplete(blocking)
    proposal.initiator = proposal.initiator or on_behalf_of or by
    proposal.draft_key = None
    proposal.submission_key = submission_key
    proposal.state, proposal.submitted_at = row.target, now
    proposal.number, proposal.reference = _next_reference(proposal)
    proposal.save()
    document = document_of(proposal, budget, submitted_at=now)
    version = ProposalVersion.objects.create(
        proposal=proposal,
        number=1,
        document=document,
        digest=digest_of_document(document),
        submitted_at=now,
        submitted_by=by,
    )
    count_step(proposal=proposal, step=FunnelStep.SENT)
    count_step(proposal=proposal, step=FunnelStep.CHECK)
    record(
        action="submit_proposal",
        subject=proposal,
        by=by,
        on_behalf_of=on_behalf_of,
        reference=proposal.reference,
        digest=version.digest,
    )
    send_receipt(proposal=proposal, link=link)
    return version


def _next_reference(proposal: Proposal) -> tuple[int, str]:
    """Return the next number of a round and its reference: 14 and 2027-014. The caller holds the round."""
    others = Proposal.objects.filter(round=proposal.round_id)
    number = (others.aggregate(last=Max("number"))["last"] or 0) + 1
    # What came in elsewhere brought references of its own.
    taken = set(others.filter(reference__startswith=f"{year_of(proposal)}-").values_list("reference", flat=True))
    while (reference := f"{year_of(proposal)}-{number:03d}") in taken:
        number += 1
    return number, reference
