"""Files with a draft: what is kept, what is not, and that no file ever stays behind."""

import json
import socketserver
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import IntegrityError, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import Person
from proposals.actions import (
    TooManyAttachments,
    add_attachment,
    delete_attachment,
    delete_files_of,
    rescan,
)
from proposals.actions.attachments import scan_attachment
from proposals.models import MOST_ATTACHMENTS, Attachment, AttachmentKind, AttachmentState, Proposal
from proposals.queries import attachments_of, number_of_attachments, receipt_of
from rounds.lifecycle import DoorClosed
from rounds.models import AuditEntry
from tests.proposals.conftest import send
from tests.proposals.files import files_in, judged, pdf, photo, private_folder
from web.uploads import Upload

READY, WAITING, REFUSED = AttachmentState.READY, AttachmentState.WAITING_FOR_SCAN, AttachmentState.REFUSED

type Run = DjangoCaptureOnCommitCallbacks


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The private storage, empty at the start of each test."""
    return private_folder(tmp_path / "private", settings, monkeypatch)


def add(proposal: Proposal, upload: Upload | None = None) -> Attachment:
    return add_attachment(proposal=proposal, upload=upload or pdf(), by=proposal.initiator)


# --- adding -----------------------------------------------------------------------------------------------------------


def test_a_photo_is_kept_privately_with_a_small_one_beside_it(draft: Proposal, ines: Person, folder: Path) -> None:
    upload = judged(photo(), "Mijn foto.HEIC.exe")

    attachment = add(draft, upload)

    kept = Attachment.objects.get()
    assert (kept.name, kept.kind, kept.state, kept.place) == ("Mijn foto.HEIC.jpg", AttachmentKind.IMAGE, READY, 1)
    assert (kept.size, kept.sha256, kept.added_by) == (upload.size, upload.sha256, ines)
    assert (kept.width, kept.height) == (480, 240)
    assert kept == attachment
    with kept.file.open("rb") as file:
        assert file.read() == upload.content
    assert kept.preview.size < kept.file.size
    assert all(path.is_relative_to(folder) and "foto" not in path.name for path in files_in(folder))
    assert len(files_in(folder)) == 2


def test_a_document_has_no_small_picture(draft: Proposal, folder: Path) -> None:
    attachment = add(draft)

    assert (attachment.kind, attachment.width, bool(attachment.preview)) == (AttachmentKind.PDF, None, False)
    assert len(files_in(folder)) == 1


def test_each_file_leaves_a_line_without_its_name(draft: Proposal, ines: Person) -> None:
    attachment = add(draft)

    line = AuditEntry.objects.latest("sequence")
    assert (line.action, line.actor, line.subject_id) == ("add_attachment", ines, draft.pk)
    assert json.loads(line.data) == {"attachment": attachment.pk, "kind": "pdf", "sha256": attachment.sha256}


def test_the_same_file_again_changes_nothing(draft: Proposal, folder: Path) -> None:
    assert add(draft) == add(draft)
    assert (Attachment.objects.count(), len(files_in(folder))) == (1, 1)


def test_a_ninth_file_is_refused_and_leaves_nothing_behind(draft: Proposal, folder: Path) -> None:
    for number in range(MOST_ATTACHMENTS):
        add(draft, pdf(number))

    with pytest.raises(TooManyAttachments):
        add(draft, pdf("nine"))

    assert [one.place for one in attachments_of(draft)] == list(range(1, 9))
    assert len(files_in(folder)) == MOST_ATTACHMENTS


def test_a_place_that_came_free_is_used_again(draft: Proposal) -> None:
    first, second = add(draft, pdf(1)), add(draft, pdf(2))
    delete_attachment(attachment=first, by=None)

    assert (add(draft, pdf(3)).place, second.place) == (1, 2)


@pytest.mark.parametrize("place", [0, 9])
def test_the_database_itself_has_eight_places(draft: Proposal, place: int) -> None:
    attachment = add(draft)

    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.filter(pk=attachment.pk).update(place=place)


def test_the_database_itself_keeps_two_files_out_of_one_place(draft: Proposal) -> None:
    add(draft, pdf(1))
    second = add(draft, pdf(2))

    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.filter(pk=second.pk).update(place=1)


def test_a_file_is_gone_again_when_the_transaction_fails(draft: Proposal, folder: Path) -> None:
    # The trail does not take an author who is not in the database: that fails after the files were written.
    stranger = Person(pk=None, email="nobody@test.example")
    upload = judged(photo(), "foto.jpg")

    with pytest.raises(ValueError, match="unsaved related object"):
        add_attachment(proposal=draft, upload=upload, by=stranger)

    assert (Attachment.objects.count(), files_in(folder)) == (0, [])


def test_a_file_is_gone_again_when_only_the_small_one_cannot_be_written(
    draft: Proposal, folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = judged(photo(), "foto.jpg")
    (folder / "blocked").parent.mkdir(parents=True, exist_ok=True)
    (folder / "blocked").write_bytes(b"")
    options = {**settings.STORAGES["private"]["OPTIONS"], "location": folder / "blocked"}
    blocked = storages.create_storage({**settings.STORAGES["private"], "OPTIONS": options})
    monkeypatch.setattr(Attachment._meta.get_field("preview"), "storage", blocked)

    with pytest.raises(OSError, match="blocked"):
        add(draft, upload)

    assert (Attachment.objects.count(), [path.name for path in files_in(folder)]) == (0, ["blocked"])


def test_what_was_sent_takes_no_more_files_and_loses_none(finished_draft: Proposal, ines: Person, folder: Path) -> None:
    attachment = add(finished_draft)
    opened_before = Proposal.objects.get(pk=finished_draft.pk)
    send(finished_draft, ines)

    with pytest.raises(DoorClosed):
        add(opened_before, pdf("late"))
    with pytest.raises(DoorClosed):
        delete_attachment(attachment=attachment, by=ines)

    assert (Attachment.objects.count(), len(files_in(folder))) == (1, 1)


def test_the_version_that_was_sent_holds_names_and_digests(finished_draft: Proposal, ines: Person) -> None:
    kept, bad = add(finished_draft, pdf(1)), add(finished_draft, pdf(2))
    Attachment.objects.filter(pk=bad.pk).update(state=REFUSED)

    version = send(finished_draft, ines)

    content = json.loads(version.document)
    assert content["attachments"] == [{"name": "plan 1.pdf", "size": kept.size, "sha256": kept.sha256}]
    assert receipt_of(finished_draft).texts[-1][1] == "plan 1.pdf"


# --- deleting ---------------------------------------------------------------------------------------------------------


def test_a_deleted_file_is_gone_when_that_is_certain(
    draft: Proposal, ines: Person, folder: Path, django_capture_on_commit_callbacks: Run
) -> None:
    attachment = add(draft, judged(photo(), "foto.jpg"))

    with django_capture_on_commit_callbacks() as callbacks:
        delete_attachment(attachment=attachment, by=ines)
    before = len(files_in(folder))
    for callback in callbacks:
        callback()

    assert (before, files_in(folder)) == (2, [])
    assert Attachment.objects.count() == 0
    assert AuditEntry.objects.latest("sequence").action == "delete_attachment"


def test_deleting_twice_is_deleting_once(draft: Proposal, ines: Person) -> None:
    attachment = add(draft)
    delete_attachment(attachment=attachment, by=ines)

    delete_attachment(attachment=attachment, by=ines)

    assert AuditEntry.objects.filter(action="delete_attachment").count() == 1


def test_a_draft_that_goes_takes_its_files_along(
    draft: Proposal, folder: Path, django_capture_on_commit_callbacks: Run
) -> None:
    add(draft, pdf(1))
    add(draft, judged(photo(), "foto.jpg"))

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        number = delete_files_of(proposal=draft)
        draft.delete()

    assert (number, files_in(folder)) == (2, [])


def test_a_draft_that_stays_after_all_keeps_its_files(draft: Proposal, folder: Path) -> None:
    add(draft)

    with transaction.atomic():
        delete_files_of(proposal=draft)
        transaction.set_rollback(True)

    assert (number_of_attachments(draft), len(files_in(folder))) == (1, 1)


# --- the virus scanner ------------------------------------------------------------------------------------------------


class Clam(socketserver.StreamRequestHandler):
    """As much of clamd as its INSTREAM command; it finds something in all that holds BAD."""

    def handle(self) -> None:
        self.rfile.read(10)
        content = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        self.wfile.write(b"stream: Test FOUND\0" if b"BAD" in content else b"stream: OK\0")


@pytest.fixture
def clam(settings: Settings) -> Iterator[None]:
    """A virus scanner that answers."""
    with socketserver.TCPServer(("127.0.0.1", 0), Clam) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        settings.CLAMD_URL = f"tcp://127.0.0.1:{server.server_address[1]}"
        yield
        server.shutdown()
        thread.join()


@pytest.fixture
def no_clam(settings: Settings, tmp_path: Path) -> None:
    """A virus scanner that should be there and does not answer."""
    settings.CLAMD_URL = f"unix://{tmp_path / 'gone'}"


def states() -> list[Any]:
    return list(Attachment.objects.order_by("pk").values_list("state", flat=True))


def test_with_a_scanner_a_file_waits_until_it_was_looked_at(
    draft: Proposal, clam: None, django_capture_on_commit_callbacks: Run
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        add(draft)
    before = states()
    for callback in callbacks:
        callback()

    assert (before, states()) == ([WAITING], [READY])


def test_a_file_in_which_something_is_found_is_taken_away_and_its_line_stays(
    draft: Proposal, clam: None, folder: Path, django_capture_on_commit_callbacks: Run
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        add(draft, pdf("BAD"))

    kept = Attachment.objects.get()
    assert (kept.state, kept.file.name, kept.name) == (REFUSED, "", "plan BAD.pdf")
    assert files_in(folder) == []
    line = AuditEntry.objects.latest("sequence")
    assert (line.action, line.actor) == ("refuse_attachment", None)
    assert number_of_attachments(draft) == 0


def test_without_an_answer_a_file_goes_on_waiting(
    draft: Proposal, no_clam: None, django_capture_on_commit_callbacks: Run
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        add(draft)

    assert states() == [WAITING]


def test_the_command_looks_again_at_everything_that_waits(
    draft: Proposal,
    no_clam: None,
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
    django_capture_on_commit_callbacks: Run,
) -> None:
    lost = [add(draft, pdf(name)) for name in ("good", "BAD", "lost")][2]
    lost.file.storage.delete(str(lost.file.name))
    request.getfixturevalue("clam")

    with django_capture_on_commit_callbacks(execute=True):
        call_command("scan_waiting")

    assert states() == [READY, REFUSED, WAITING]
    assert capsys.readouterr().out == "ready: 1, refused: 1, still waiting: 1\n"


def test_what_was_settled_is_not_looked_at_again(draft: Proposal, no_clam: None) -> None:
    attachment = add(draft)
    Attachment.objects.update(state=READY)

    assert rescan(attachment=Attachment.objects.get(pk=attachment.pk)) is READY


@pytest.mark.parametrize("note", ["good", "BAD"])
def test_a_file_that_is_deleted_while_the_scanner_looks_stays_deleted(
    draft: Proposal, no_clam: None, request: pytest.FixtureRequest, note: str
) -> None:
    attachment = add(draft, pdf(note))
    request.getfixturevalue("clam")
    Attachment.objects.all().delete()

    rescan(attachment=attachment)
    scan_attachment.enqueue(attachment.pk)

    assert Attachment.objects.count() == 0
    assert AuditEntry.objects.filter(action="refuse_attachment").count() == 0


def test_a_storage_that_does_not_answer_does_not_keep_the_row(
    draft: Proposal,
    ines: Person,
    folder: Path,
    django_capture_on_commit_callbacks: Run,
    caplog: pytest.LogCaptureFixture,
) -> None:
    attachment = add(draft)
    (path,) = files_in(folder)
    path.unlink()
    path.mkdir()
    (path / "in the way").write_bytes(b"")

    with django_capture_on_commit_callbacks(execute=True):
        delete_attachment(attachment=attachment, by=ines)

    assert Attachment.objects.count() == 0
    assert "could not be removed" in caplog.text
