"""Photos and files with a proposal."""

from uuid import uuid4

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from proposals.models.proposals import Proposal
from web.uploads import Kind

MOST_ATTACHMENTS = 8  # per proposal


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


def private_storage() -> Storage:
    """Return where files are kept that have no address of their own."""
    return storages["private"]


def place_of_file(attachment: "Attachment", filename: str) -> str:
    """Return where a file is kept: under a name that tells nothing and that nobody can guess."""
    return f"proposals/{attachment.proposal_id}/{uuid4().hex}"


class Attachment(models.Model):
    """One file with a proposal: stored privately, served only through a locked view. `size` in bytes."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="attachments")
    # Which of the eight places it takes: of two that come in at once for the last place, the database lets in one.
    place = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(max_length=8, choices=AttachmentKind)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    # Empty when the file was refused and taken away.
    file = models.FileField(storage=private_storage, upload_to=place_of_file, max_length=200, blank=True)
    # Of a picture: the same, small enough for a phone with a bad connection.
    preview = models.FileField(storage=private_storage, upload_to=place_of_file, max_length=200, blank=True)
    # Of the preview, in pixels, so that the page does not jump when it comes in.
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=16, choices=AttachmentState, default=AttachmentState.WAITING_FOR_SCAN)
    added_by = models.ForeignKey(Person, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("proposal", "pk")
        verbose_name = _("attachment")
        constraints = (
            models.UniqueConstraint(fields=["proposal", "sha256"], name="one_attachment_per_content"),
            models.UniqueConstraint(fields=["proposal", "place"], name="one_attachment_per_place"),
            models.CheckConstraint(
                condition=Q(place__gte=1, place__lte=MOST_ATTACHMENTS), name="at_most_eight_attachments"
            ),
            models.CheckConstraint(condition=Q(kind__in=AttachmentKind.values), name="attachment_kind_known"),
            models.CheckConstraint(condition=Q(state__in=AttachmentState.values), name="attachment_state_known"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def content_kind(self) -> Kind:
        """What the file is: the name was given the extension of its content when it came in."""
        return Kind(self.name.rsplit(".", 1)[-1])

    @property
    def is_ready(self) -> bool:
        """Whether everybody who may see the proposal may open it."""
        return self.state == AttachmentState.READY

    @property
    def is_waiting(self) -> bool:
        """Whether the virus scanner still has to look."""
        return self.state == AttachmentState.WAITING_FOR_SCAN

    @property
    def is_refused(self) -> bool:
        """Whether the virus scanner found something: the file is gone, the line says so."""
        return self.state == AttachmentState.REFUSED
