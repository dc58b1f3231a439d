"""Files with a draft: adding, deleting, and having them looked at by the virus scanner."""

import logging
from collections.abc import Collection
from functools import partial

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.images import get_image_dimensions
from django.db import transaction
from django.tasks import task
from django.utils import timezone

from accounts.models import Person
from proposals.lifecycle import State
from proposals.models import MOST_ATTACHMENTS, Attachment, AttachmentKind, AttachmentState, Proposal
from proposals.models.attachments import private_storage
from rounds.actions import record
from rounds.lifecycle import DoorClosed
from web.uploads import Kind, ScanResult, Upload, scan, small_picture

log = logging.getLogger(__name__)


class TooManyAttachments(Exception):
    """All places are taken: one file has to go before another can come."""


def add_attachment(*, proposal: Proposal, upload: Upload, by: Person | None) -> Attachment:
    """Keep a file with a draft, and return it. The same content again is the same file: then nothing changes.

    `upload` was judged and cleaned by ``web.uploads.inspect_upload``. The file is written when its row is safe, and
    is gone again when the transaction fails after all; for that this must be the outermost one. With a virus scanner
    the file waits, else it is ready. Raises TooManyAttachments, and DoorClosed for what is no draft any more.
    """
    small = small_picture(upload.content, upload.kind) if upload.kind.is_picture else b""
    written: list[str] = []
    try:
        with transaction.atomic(durable=True):
            _hold_draft(proposal)
            kept = {one.place: one for one in proposal.attachments.all()}
            if (same := next((one for one in kept.values() if one.sha256 == upload.sha256), None)) is not None:
                return same
            attachment = _new_row(proposal, upload, small, _free_place(kept), by)
            for field, content in ((attachment.file, upload.content), (attachment.preview, small)):
                if content:
                    field.save(upload.name, ContentFile(content), save=False)
                    written.append(field.name or "")
            attachment.save(update_fields=["file", "preview"])
            record(
                action="add_attachment",
                subject=proposal,
                by=by,
                attachment=attachment.pk,
                kind=str(upload.kind),
                sha256=upload.sha256,
            )
            if attachment.is_waiting:
                # Should this fail, then the file waits for `manage.py scan_waiting`.
                transaction.on_commit(partial(scan_attachment.enqueue, attachment.pk), robust=True)
    except BaseException:
        for name in written:
            _remove_file(name)
        raise
    return attachment


def _hold_draft(proposal: Proposal) -> None:
    """Let nobody send it, or add another file, until this transaction ends. Raises DoorClosed when it is no draft."""
    drafts = Proposal.objects.select_for_update().filter(pk=proposal.pk, state=State.DRAFT)
    if drafts.values_list("pk", flat=True).first() is None:
        raise DoorClosed


def _free_place(taken: Collection[int]) -> int:
    for place in range(1, MOST_ATTACHMENTS + 1):
        if place not in taken:
            return place
    raise TooManyAttachments


def _new_row(proposal: Proposal, upload: Upload, small: bytes, place: int, by: Person | None) -> Attachment:
    kind = AttachmentKind.PDF if upload.kind is Kind.PDF else AttachmentKind.OFFICE
    width = height = None
    if upload.kind.is_picture:
        kind = AttachmentKind.IMAGE
        width, height = get_image_dimensions(ContentFile(small))
    return Attachment.objects.create(
        proposal=proposal,
        place=place,
        name=upload.name,
        kind=kind,
        size=upload.size,
        sha256=upload.sha256,
        width=width,
        height=height,
        state=AttachmentState.WAITING_FOR_SCAN if settings.CLAMD_URL else AttachmentState.READY,
        added_by=by,
        added_at=timezone.now(),
    )


@transaction.atomic
def delete_attachment(*, attachment: Attachment, by: Person | None) -> None:
    """Take a file off a draft; the file itself goes when that is certain. Twice is once.

    Raises DoorClosed for what is no draft any more: what was sent stays as it was sent.
    """
    _hold_draft(attachment.proposal)
    kept = Attachment.objects.filter(pk=attachment.pk).first()
    if kept is None:
        return
    number = kept.pk
    kept.delete()
    record(action="delete_attachment", subject=attachment.proposal, by=by, attachment=number)
    _remove_on_commit(kept)


@transaction.atomic
def delete_files_of(*, proposal: Proposal) -> int:
    """Take all files off a proposal that is about to be deleted, and return how many; they go when that is certain.

    Call it in the transaction that deletes the proposal: a row that goes by itself leaves its file behind.
    """
    kept = list(Attachment.objects.select_for_update().filter(proposal=proposal))
    for attachment in kept:
        _remove_on_commit(attachment)
    Attachment.objects.filter(pk__in=[attachment.pk for attachment in kept]).delete()
    return len(kept)


def rescan(*, attachment: Attachment) -> AttachmentState:
    """Have the virus scanner look at a file that waits, and return the state in which it is now.

    Without an answer it goes on waiting. A file in which something was found is taken away; its line stays, to say so.
    """
    if not attachment.is_waiting:
        return AttachmentState(attachment.state)
    try:
        with attachment.file.open("rb") as file:
            result = scan(file.read())
    except OSError as mistake:
        log.warning("A file that waits for the virus scanner cannot be read: %s", type(mistake).__name__)
        return AttachmentState.WAITING_FOR_SCAN
    if result is ScanResult.UNAVAILABLE:
        return AttachmentState.WAITING_FOR_SCAN
    if result is ScanResult.FOUND:
        _refuse(attachment)
    else:
        _settle(attachment, AttachmentState.READY)
    return AttachmentState(attachment.state)


@task
def scan_attachment(pk: int) -> None:
    """The background work after a file came in: one look by the virus scanner. Gone meanwhile: nothing to do."""
    attachment = Attachment.objects.filter(pk=pk).first()
    if attachment is not None:
        rescan(attachment=attachment)


@transaction.atomic
def _refuse(attachment: Attachment) -> None:
    kept = Attachment(file=attachment.file.name, preview=attachment.preview.name)
    if _settle(attachment, AttachmentState.REFUSED, file="", preview=""):
        record(action="refuse_attachment", subject=attachment.proposal, by=None, attachment=attachment.pk)
        _remove_on_commit(kept)


def _settle(attachment: Attachment, state: AttachmentState, **columns: str) -> bool:
    """Write the outcome for a file that still waits; False when it is gone, or somebody else was before."""
    waiting = Attachment.objects.filter(pk=attachment.pk, state=AttachmentState.WAITING_FOR_SCAN)
    if not waiting.update(state=state, **columns):
        return False
    attachment.state = state
    for name, value in columns.items():
        setattr(attachment, name, value)
    return True


def _remove_on_commit(attachment: Attachment) -> None:
    for name in (attachment.file.name, attachment.preview.name):
        if name:
            transaction.on_commit(partial(_remove_file, name))


def _remove_file(name: str) -> None:
    """Remove a file; when the storage does not answer, say so in the log and go on: the row is gone already."""
    try:
        private_storage().delete(name)
    except Exception:  # every storage has errors of its own
        log.exception("A file could not be removed from the private storage: %s", name)
