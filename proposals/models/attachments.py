"""Photos and files with a proposal."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from proposals.models.proposals import Proposal


class AttachmentKind(models.TextChoices):
    """What a file is, by its content and not by its name."""

    IMAGE = "image", _("Picture")
    PDF = "pdf", _("PDF")
    OFFICE = "office", _("Document")


class AttachmentState(models.TextChoices):
    """Whether a file can be opened already."""

    WAITING_FOR_SCAN = "waiting_for_scan", _("We check this file for viruses")
    READY = "ready", _("Added")
    REFUSED = "refused", _("Not safe: we took this file away")


def place_of_file(attachment: "Attachment", filename: str) -> str:
    """Return where a file is kept: under a name that tells nothing and that nobody can guess."""
    return f"proposals/{attachment.proposal_id}/{uuid4().hex}"


class Attachment(models.Model):
    """One file with a proposal: stored privately, served only through a locked view. `size` in bytes."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(max_length=8, choices=AttachmentKind)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    # Empty when the file was refused and taken away.
    file = models.FileField(upload_to=place_of_file, max_length=200, blank=True)
    preview = models.FileField(upload_to=place_of_file, max_length=200, blank=True)
    state = models.CharField(max_length=16, choices=AttachmentState, default=AttachmentState.WAITING_FOR_SCAN)
    added_by = models.ForeignKey(Person, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("proposal", "pk")
        verbose_name = _("attachment")
        constraints = (
            models.UniqueConstraint(fields=["proposal", "sha256"], name="one_attachment_per_content"),
            models.CheckConstraint(condition=Q(kind__in=AttachmentKind.values), name="attachment_kind_known"),
            models.CheckConstraint(condition=Q(state__in=AttachmentState.values), name="attachment_state_known"),
        )

    def __str__(self) -> str:
        return self.name
