"""The page of photos and attachments, through the whole stack of middleware: bad files, strangers, hard days."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Person
from proposals.actions import add_attachment, start_draft
from proposals.forms import AttachmentForm
from proposals.lifecycle import State
from proposals.models import Attachment, AttachmentState, Field, Proposal
from proposals.permissions import may_delete_attachment, may_see_attachment
from rounds.models import Round
from tests.proposals.conftest import answer, send
from tests.proposals.files import files_in, judged, pdf, pdf_bytes, photo, private_folder

type AsPerson = Callable[[Person | None], Client]

BY_SCRIPT = {"X-Upload": "yes"}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PROGRAM = b"MZ\x90\x00" + b"\x00" * 200


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The private storage, empty at the start of each test."""
    return private_folder(tmp_path / "private", settings, monkeypatch)


def bomb() -> bytes:
    """Return a PNG of a few hundred bytes that would unpack to 2.5 billion pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack("!L", len(content)) + name + content + struct.pack("!L", zlib.crc32(name + content))

    header = struct.pack("!LLBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def url(name: str, proposal: Proposal, *more: object) -> str:
    return reverse(f"proposals:{name}", args=[proposal.pk, *more])


def post(client: Client, proposal: Proposal, content: bytes, name: str = "foto.jpg", **more: Any) -> Any:
    sent = {more.pop("field", "file"): SimpleUploadedFile(name, content, "image/jpeg")}
    return client.post(url("attachments", proposal), sent, **more)


def status(response: Any) -> int:
    """Read an answer to its end, so that its file is closed, and return how it went."""
    list(response)
    return int(response.status_code)


def text(response: Any) -> str:
    return str(response.content.decode())


def add(proposal: Proposal, note: object = "note") -> Attachment:
    return add_attachment(proposal=proposal, upload=pdf(note), by=proposal.initiator)


# --- adding -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["photo", "file"])
def test_a_photo_comes_in_from_the_camera_and_as_a_file(
    as_person: AsPerson, draft: Proposal, ines: Person, field: str
) -> None:
    client = as_person(ines)

    response = post(client, draft, photo(), field=field)

    attachment = Attachment.objects.get()
    assert response.headers["Location"] == url("attachments", draft)
    content = text(client.get(response.headers["Location"]))
    assert f'src="{url("attachment_preview", draft, attachment.pk)}" width="480" height="240"' in content
    assert "foto.jpg" in content


def test_a_visitor_without_an_account_adds_a_file_to_their_own_draft(client: Client, open_round: Round) -> None:
    client.post(reverse("proposals:start", args=[open_round.slug]))
    draft = Proposal.objects.get()

    response = post(client, draft, pdf_bytes(), "plan.pdf")

    assert response.status_code == 302
    attachment = Attachment.objects.get()
    assert attachment.added_by is None
    assert status(client.get(url("attachment", draft, attachment.pk))) == 200
    assert status(Client().get(url("attachment", draft, attachment.pk))) == 302


def test_the_script_gets_a_short_answer(as_person: AsPerson, draft: Proposal, ines: Person) -> None:
    response = post(as_person(ines), draft, photo(), headers=BY_SCRIPT)

    assert response.json() == {"added": True, "url": url("attachments", draft)}


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PROGRAM, "factuur.pdf.exe"),
        (PROGRAM, "foto.jpg"),
        (SVG, "logo.svg"),
        (SVG, "logo.jpg"),
        (b"", "leeg.pdf"),
        (bomb(), "klein.png"),
        (b"PK\x03\x04", "plan.docx"),
        (b"Zomaar wat", "notitie.txt"),
    ],
)
@pytest.mark.parametrize("headers", [{}, BY_SCRIPT])
def test_a_bad_file_is_refused_with_a_way_on_and_nothing_else_is_lost(
    as_person: AsPerson,
    draft: Proposal,
    ines: Person,
    folder: Path,
    content: bytes,
    name: str,
    headers: dict[str, str],
) -> None:
    answer(draft, Field.TITLE, "Samen koken")
    add(draft)

    response = post(as_person(ines), draft, content, name, headers=headers)

    assert response.status_code == 200
    if headers:
        message = response.json()["message"]
        assert (response.json()["added"], message.count(".") >= 2) == (False, True)
    else:
        assert 'aria-invalid="true"' in text(response)
        assert "plan note.pdf" in text(response)
    assert (Attachment.objects.count(), len(files_in(folder))) == (1, 1)
    assert Proposal.objects.get(pk=draft.pk).title == "Samen koken"


def test_a_file_that_is_too_big_is_refused_with_the_limit(
    as_person: AsPerson, draft: Proposal, ines: Person, settings: Settings
) -> None:
    settings.UPLOAD_MAX_BYTES = 1024 * 1024

    response = post(as_person(ines), draft, b"%PDF-" + b"x" * 1024 * 1024, "groot.pdf")

    assert "1 MB" in text(response)
    assert Attachment.objects.count() == 0


def test_of_a_file_of_200_mb_not_a_byte_is_read() -> None:
    huge = SimpleUploadedFile("film.pdf", b"%PDF-")
    huge.size = 200 * 1024 * 1024

    form = AttachmentForm({}, {"file": huge})

    assert not form.is_valid()
    assert "10 MB" in str(form.errors["file"])
    assert huge.tell() == 0


def test_a_ninth_file_is_refused_and_the_page_says_what_to_do(
    as_person: AsPerson, draft: Proposal, ines: Person
) -> None:
    client = as_person(ines)
    for number in range(8):
        add(draft, number)

    response = post(client, draft, photo())
    by_script = post(client, draft, photo(), headers=BY_SCRIPT)

    assert Attachment.objects.count() == 8
    assert 'type="file"' not in text(response)
    assert (by_script.json()["added"], "8" in by_script.json()["message"]) == (False, True)


def test_without_a_file_the_page_asks_for_one(as_person: AsPerson, draft: Proposal, ines: Person) -> None:
    response = as_person(ines).post(url("attachments", draft), {})

    assert response.status_code == 200
    assert 'aria-invalid="true"' in text(response)


def test_the_same_file_twice_is_there_once(as_person: AsPerson, draft: Proposal, ines: Person) -> None:
    client = as_person(ines)

    responses = [post(client, draft, photo()).status_code for _time in range(2)]

    assert (responses, Attachment.objects.count()) == ([302, 302], 1)


def test_a_stale_token_costs_no_more_than_choosing_again(draft: Proposal, ines: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ines, backend="allauth.account.auth_backends.AuthenticationBackend")
    here = {"Origin": "http://testserver"}

    response = post(client, draft, photo(), headers=here)
    by_script = post(client, draft, photo(), headers=here | BY_SCRIPT)
    token = by_script.json()["token"]
    again = post(client, draft, photo(), headers=here | BY_SCRIPT | {"X-CSRFToken": token})

    assert (response.status_code, 'type="file"' in text(response)) == (403, True)
    assert by_script.status_code == 403
    assert again.json()["added"] is True


def test_whose_session_ended_hears_it_and_is_sent_to_sign_in(draft: Proposal, client: Client) -> None:
    response = post(client, draft, photo())
    by_script = post(client, draft, photo(), headers=BY_SCRIPT)

    assert (response.status_code, "login" in response.headers["Location"]) == (302, True)
    assert by_script.json()["added"] is False
    assert Attachment.objects.count() == 0


def test_what_was_sent_takes_no_more_files(as_person: AsPerson, finished_draft: Proposal, ines: Person) -> None:
    attachment = add(finished_draft)
    send(finished_draft, ines)
    client, receipt = as_person(ines), url("receipt", finished_draft)

    answers = [
        client.get(url("attachments", finished_draft)),
        post(client, finished_draft, photo()),
        client.get(url("delete_attachment", finished_draft, attachment.pk)),
        client.post(url("delete_attachment", finished_draft, attachment.pk)),
    ]
    by_script = post(client, finished_draft, photo(), headers=BY_SCRIPT)

    assert [response.headers["Location"] for response in answers] == [receipt] * 4
    assert by_script.json()["added"] is False
    assert Attachment.objects.count() == 1
    assert "plan note.pdf" in text(client.get(receipt))


# --- who may look -----------------------------------------------------------------------------------------------------


def test_a_file_goes_out_safely(as_person: AsPerson, draft: Proposal, ines: Person) -> None:
    attachment = add_attachment(proposal=draft, upload=judged(photo(), "foto.jpg"), by=ines)
    client = as_person(ines)

    response = client.get(url("attachment", draft, attachment.pk))
    small = client.get(url("attachment_preview", draft, attachment.pk))

    assert response.headers["Content-Type"] == small.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    content, little = (b"".join(one) for one in (response, small))
    assert (len(content), len(little) < len(content)) == (attachment.size, True)


@pytest.mark.parametrize("name", ["attachments", "attachment", "attachment_preview", "delete_attachment"])
def test_what_is_not_mine_does_not_exist(
    as_person: AsPerson, draft: Proposal, omar: Person, otto: Person, vera: Person, name: str
) -> None:
    attachment = add(draft)
    page = url(name, draft, *([] if name == "attachments" else [attachment.pk]))

    seen = [status(as_person(person).get(page)) for person in (omar, otto, vera, None)]
    posted = [as_person(person).post(page).status_code for person in (omar, otto)]

    assert seen == [404, 404, 404, 302]
    assert set(posted) <= {404, 405}
    assert Attachment.objects.count() == 1


def test_a_file_is_found_only_under_its_own_proposal(
    as_person: AsPerson, draft: Proposal, ines: Person, open_round: Round
) -> None:
    attachment = add(draft)
    other = start_draft(round=open_round, by=ines)

    assert status(as_person(ines).get(url("attachment", other, attachment.pk))) == 404
    assert as_person(ines).post(url("delete_attachment", other, attachment.pk)).status_code == 404


def test_officials_open_the_files_of_what_was_sent_and_not_before(
    as_person: AsPerson, finished_draft: Proposal, ines: Person, otto: Person, vera: Person, omar: Person
) -> None:
    page = url("attachment", finished_draft, add(finished_draft).pk)
    before = status(as_person(otto).get(page))

    send(finished_draft, ines)

    after = [status(as_person(person).get(page)) for person in (otto, ines, vera, omar)]
    assert (before, after) == (404, [200, 200, 404, 404])


def test_a_file_that_waits_is_for_the_sender_alone_and_a_refused_one_for_nobody(
    as_person: AsPerson, finished_draft: Proposal, ines: Person, otto: Person
) -> None:
    page = url("attachment", finished_draft, add(finished_draft).pk)
    send(finished_draft, ines)
    statuses = {}
    for state in AttachmentState:
        Attachment.objects.update(state=state)
        statuses[state] = [status(as_person(person).get(page)) for person in (ines, otto)]

    assert statuses == {
        AttachmentState.WAITING_FOR_SCAN: [200, 403],
        AttachmentState.READY: [200, 200],
        AttachmentState.REFUSED: [403, 403],
    }


def test_a_file_without_a_sender_belongs_to_whose_idea_it_is(draft: Proposal, ines: Person, omar: Person) -> None:
    attachment = Attachment(proposal=draft, state=AttachmentState.WAITING_FOR_SCAN)

    assert [may_see_attachment(user, attachment) for user in (ines, omar, AnonymousUser())] == [True, False, False]
    assert [may_delete_attachment(user, attachment) for user in (ines, omar)] == [True, False]


@pytest.mark.parametrize("state", list(AttachmentState))
def test_each_state_of_a_file_is_told_in_words(
    as_person: AsPerson, draft: Proposal, ines: Person, state: AttachmentState
) -> None:
    add(draft)
    columns = {"file": ""} if state == AttachmentState.REFUSED else {}
    Attachment.objects.update(state=state, **columns)
    client = as_person(ines)

    content, check = text(client.get(url("attachments", draft))), text(client.get(url("check", draft)))

    badges = {"waiting_for_scan": "pf-badge--info", "refused": "pf-badge--danger"}
    assert [badge for badge in badges.values() if badge in content] == [
        badges[state] for _one in [state] if state in badges
    ]
    assert ("<bdi>plan note.pdf</bdi></a>" in check) == (state != AttachmentState.REFUSED)


def test_a_file_that_is_lost_is_not_found(as_person: AsPerson, draft: Proposal, ines: Person, folder: Path) -> None:
    attachment = add(draft)
    files_in(folder)[0].unlink()

    assert status(as_person(ines).get(url("attachment", draft, attachment.pk))) == 404
    assert status(as_person(ines).get(url("attachment_preview", draft, attachment.pk))) == 404


# --- deleting ---------------------------------------------------------------------------------------------------------


def test_deleting_asks_first(as_person: AsPerson, draft: Proposal, ines: Person) -> None:
    attachment = add_attachment(proposal=draft, upload=judged(photo(), "foto.jpg"), by=ines)
    client, page = as_person(ines), url("delete_attachment", draft, attachment.pk)

    asked = client.get(page)
    before = Attachment.objects.count()
    done = client.post(page)
    again = client.post(page)

    assert (asked.status_code, "foto.jpg" in text(asked), before) == (200, True, 1)
    assert (done.headers["Location"], again.status_code) == (url("attachments", draft), 404)
    assert Attachment.objects.count() == 0


def test_a_stranger_deletes_nothing(client: Client, draft: Proposal) -> None:
    attachment = add(draft)

    assert client.post(url("delete_attachment", draft, attachment.pk)).status_code == 302
    assert Attachment.objects.count() == 1


def test_a_withdrawn_draft_is_left_alone(as_person: AsPerson, draft: Proposal, ines: Person) -> None:
    Proposal.objects.update(state=State.WITHDRAWN)

    assert post(as_person(ines), draft, photo()).status_code == 302
    assert Attachment.objects.count() == 0


# --- around it --------------------------------------------------------------------------------------------------------


def test_the_list_of_tasks_and_the_check_page_lead_to_the_files(
    as_person: AsPerson, draft: Proposal, ines: Person
) -> None:
    add(draft)
    client = as_person(ines)

    tasks, check = text(client.get(url("tasks", draft))), text(client.get(url("check", draft)))

    assert f'href="{url("attachments", draft)}"' in tasks
    assert f'href="{url("attachments", draft)}"' in check
    assert "plan note.pdf" in check


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_ask_little(
    as_person: AsPerson,
    draft: Proposal,
    ines: Person,
    django_assert_num_queries: DjangoAssertNumQueries,
    number: int,
) -> None:
    attachments = [add(draft, one) for one in range(number)]
    client = as_person(ines)

    for page, queries in [
        (url("attachments", draft), 5),
        (url("attachment", draft, attachments[0].pk), 4),
        (url("delete_attachment", draft, attachments[0].pk), 4),
        (url("tasks", draft), 6),
        (url("check", draft), 6),
    ]:
        with django_assert_num_queries(queries):
            assert status(client.get(page)) == 200
