"""The photos and files with a proposal."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from proposals.models import Attachment, AttachmentState, Proposal
from proposals.queries.drafts import own_proposals, visitor
from rounds.queries import funds_managed_by


def attachments_of(proposal: Proposal) -> list[Attachment]:
    """Return the attachments of a proposal in the order in which they came in, refused ones too. One query."""
    return list(Attachment.objects.filter(proposal=proposal).order_by("added_at", "pk"))


def waiting_attachments() -> QuerySet[Attachment]:
    """Return what the virus scanner still has to look at, longest waiting first."""
    return Attachment.objects.filter(state=AttachmentState.WAITING_FOR_SCAN).order_by("added_at", "pk")


def number_of_attachments(proposal: Proposal) -> int:
    """Return how many files go along when a proposal is sent. One query."""
    return Attachment.objects.filter(proposal=proposal).exclude(state=AttachmentState.REFUSED).count()


def own_attachment_for(user: Any, pk: int, attachment: int, *, request: HttpRequest) -> Attachment:
    """Loader of an attachment of the visitor's own proposal, or Http404. One query."""
    own = own_proposals(visitor(request)).filter(pk=pk).values("pk")
    return _found(Attachment.objects.filter(pk=attachment, proposal__in=own))


def attachment_for(user: Any, pk: int, attachment: int, *, request: HttpRequest) -> Attachment:
    """Loader of a file: of the visitor's own proposal, or of one that officials of its fund can know. Or Http404.

    Officials know what was sent in, and the drafts that one of them entered.
    """
    own = own_proposals(visitor(request)).filter(pk=pk).values("pk")
    managed = Q(proposal__round__fund__in=funds_managed_by(user))
    sent_or_entered = Q(proposal__submitted_at__isnull=False) | Q(proposal__entered_by__isnull=False)
    found = Attachment.objects.filter(Q(proposal__in=own) | managed & sent_or_entered)
    return _found(found.filter(pk=attachment, proposal=pk))


def _found(attachments: QuerySet[Attachment]) -> Attachment:
    attachment = attachments.select_related("proposal__round__fund").first()
    if attachment is None:
        raise Http404
    return attachment
