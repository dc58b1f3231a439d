"""What was sent, as it was sent: the canonical document of a version, and the receipt that shows it."""

import json
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from proposals.models import QUESTIONS, TEXT_FIELDS, Budget, Proposal, ProposalVersion, canonical
from proposals.queries.attachments import attachments_of
from proposals.queries.drafts import own_proposals, visitor

FORMAT = 2  # raised when the document gets other keys; 2 brought the attachments


def document_of(proposal: Proposal, budget: Budget, *, submitted_at: datetime) -> str:
    """Return the canonical text of a proposal: everything somebody wrote and added, and when it was sent. One query.

    Of the attachments it holds name, size in bytes and SHA-256; not those that the virus scanner refused.
    """
    return canonical(
        {
            "format": FORMAT,
            "round": proposal.round.slug,
            "reference": proposal.reference,
            "submitted_at": submitted_at.isoformat(timespec="seconds"),
            "route": proposal.route,
            **{str(key): getattr(proposal, key) for key in TEXT_FIELDS},
            "budget": budget._asdict(),
            "contact": {"name": proposal.contact_name, "address": proposal.contact_address},
            "attachments": [
                {"name": one.name, "size": one.size, "sha256": one.sha256}
                for one in attachments_of(proposal)
                if not one.is_refused
            ],
        }
    )


def digest_of_document(document: str) -> str:
    """Return the SHA-256 of a document in UTF-8, 64 hex digits."""
    return sha256(document.encode()).hexdigest()


class Receipt(NamedTuple):
    """The proof that something was received: the version that was sent first, and what it said."""

    proposal: Proposal
    version: ProposalVersion
    content: dict[str, Any]

    @property
    def budget(self) -> Budget:
        """The budget as it was sent."""
        return Budget.from_text(canonical(self.content["budget"]))

    @property
    def texts(self) -> list[tuple[Any, str]]:
        """The questions that are one text, with what was answered, and the names of the files, as it was sent."""
        texts: list[tuple[Any, str]] = [
            (one.key.label, self.content[one.key]) for one in QUESTIONS if one.key in TEXT_FIELDS
        ]
        if names := [attachment["name"] for attachment in self.content.get("attachments", [])]:
            texts.append((gettext("Photos and attachments"), "\n".join(names)))
        return texts


def receipt_of(proposal: Proposal) -> Receipt:
    """Return the receipt of a proposal. One query. Raises ProposalVersion.DoesNotExist when nothing was sent."""
    version = ProposalVersion.objects.get(proposal=proposal, number=1)
    return Receipt(proposal, version, json.loads(version.document))


def receipt_for(user: Any, pk: int, *, request: HttpRequest) -> Receipt:
    """Loader of a receipt: the initiator's own, or Http404. Two queries."""
    proposal = own_proposals(visitor(request)).filter(pk=pk).first()
    if proposal is None:
        raise Http404
    try:
        return receipt_of(proposal)
    except ProposalVersion.DoesNotExist:
        raise Http404 from None


def year_of(proposal: Proposal) -> int:
    """Return the year in a reference: that in which the round closes, or else opens, or else of today."""
    moment = proposal.round.closes_at or proposal.round.opens_at or timezone.now()
    return timezone.localtime(moment).year
