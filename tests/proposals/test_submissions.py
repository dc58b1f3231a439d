import json
from hashlib import sha256
from uuid import uuid4

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import ContactChannel, Notice, Person
from proposals.actions import NotComplete, TooLate, send_receipt, start_draft, submit_proposal
from proposals.lifecycle import State, TransitionRefused
from proposals.models import Field, FunnelCount, Proposal, ProposalVersion
from proposals.queries import digest_of, receipt_of, year_of
from rounds.actions import advance
from rounds.lifecycle import Event
from rounds.models import AuditEntry, Round
from tests.proposals.conftest import KEY, close_call, fill_in, send


def test_sending_gives_a_reference_a_version_and_one_line(finished_draft: Proposal, ines: Person) -> None:
    version = send(finished_draft, ines)

    kept = Proposal.objects.get(pk=finished_draft.pk)
    assert kept.state == State.SUBMITTED
    assert kept.reference == f"{year_of(kept)}-001"
    assert version.number == 1
    assert version.digest == sha256(version.document.encode()).hexdigest()
    line = AuditEntry.objects.latest("sequence")
    assert (line.action, line.actor) == ("submit_proposal", ines)
    assert json.loads(line.data) == {"digest": version.digest, "reference": kept.reference}
    assert FunnelCount.objects.get(step="sent").count == FunnelCount.objects.get(step="check").count == 1


def test_the_document_holds_everything_that_was_written_and_is_canonical(
    finished_draft: Proposal, ines: Person
) -> None:
    version = send(finished_draft, ines)

    content = json.loads(version.document)
    assert content["title"] == "Samen koken 🍲"
    assert content["budget"]["rows"] == [["Pannen", 150_00], ["Eten", 900_50]]
    assert content["contact"] == {"name": "Ines", "address": "ines@test.example"}
    assert version.document == json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert receipt_of(finished_draft).budget.total == 1050_50


def test_a_second_press_gives_the_same_receipt(finished_draft: Proposal, ines: Person) -> None:
    key = uuid4()

    first = submit_proposal(proposal=finished_draft, submission_key=key, by=ines)
    again = submit_proposal(proposal=finished_draft, submission_key=key, by=ines)
    elsewhere = submit_proposal(proposal=Proposal.objects.get(pk=finished_draft.pk), submission_key=uuid4(), by=ines)

    assert first == again == elsewhere
    assert ProposalVersion.objects.count() == 1
    assert Proposal.objects.get(pk=finished_draft.pk).submission_key == key


def test_references_count_on_and_step_over_those_that_came_from_elsewhere(
    open_round: Round, ines: Person, omar: Person
) -> None:
    first = fill_in(start_draft(round=open_round, by=ines))
    send(first, ines)
    taken = first.reference.replace("001", "002")
    Proposal.objects.create(round=open_round, reference=taken, state=State.ELIGIBLE)
    second = fill_in(start_draft(round=open_round, by=omar))

    send(second, omar)

    assert (second.number, second.reference) == (3, first.reference.replace("001", "003"))


def test_what_is_missing_stops_the_sending_and_keeps_the_draft(draft: Proposal, ines: Person) -> None:
    with pytest.raises(NotComplete) as refusal:
        send(draft, ines)

    assert [gap.field for gap in refusal.value.gaps] == [Field.TITLE, Field.SUMMARY, Field.BUDGET]
    kept = Proposal.objects.get(pk=draft.pk)
    assert (kept.state, kept.reference) == (State.DRAFT, "")


def test_within_the_grace_hour_a_draft_begun_before_the_deadline_is_sent(
    finished_draft: Proposal, ines: Person, otto: Person
) -> None:
    close_call(finished_draft.round, minutes_ago=59)
    Proposal.objects.update(started_at=finished_draft.round.opens_at)
    advance(Round.objects.get(), Event.CLOSE_CALL, otto)  # an official on the dot does not cut the hour short

    send(finished_draft, ines)

    assert finished_draft.state == State.SUBMITTED


def test_after_the_grace_hour_it_is_too_late_and_the_draft_is_kept(finished_draft: Proposal, ines: Person) -> None:
    close_call(finished_draft.round, minutes_ago=61)
    Proposal.objects.update(started_at=finished_draft.round.opens_at)

    with pytest.raises(TooLate):
        send(finished_draft, ines)

    assert Proposal.objects.get(pk=finished_draft.pk).title == "Samen koken 🍲"


def test_what_was_withdrawn_is_not_sent(finished_draft: Proposal, ines: Person) -> None:
    Proposal.objects.update(state=State.WITHDRAWN)

    with pytest.raises(TransitionRefused):
        send(finished_draft, ines)


def test_an_anonymous_draft_becomes_that_of_whoever_sends_it(
    anonymous_draft: Proposal, open_round: Round, ines: Person
) -> None:
    fill_in(anonymous_draft)
    Proposal.objects.update(contact_address="", contact_name="")

    send(anonymous_draft, ines)

    kept = Proposal.objects.get(pk=anonymous_draft.pk)
    assert (kept.initiator, kept.draft_key, kept.contact_address) == (ines, None, "ines@test.example")
    assert kept.draft_key != digest_of(KEY)


def test_an_official_sends_for_somebody_else(finished_draft: Proposal, ines: Person, otto: Person) -> None:
    version = submit_proposal(proposal=finished_draft, submission_key=uuid4(), by=otto, on_behalf_of=ines)

    line = AuditEntry.objects.latest("sequence")
    assert (line.actor, line.on_behalf_of, version.submitted_by) == (otto, ines, otto)


def test_the_receipt_goes_out_by_mail_after_the_commit_and_its_subject_tells_nothing(
    finished_draft: Proposal,
    ines: Person,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        submit_proposal(proposal=finished_draft, submission_key=uuid4(), by=ines, link="https://example.org/r/")

    (mail,) = mailoutbox
    assert mail.to == ["ines@test.example"]
    assert finished_draft.reference in str(mail.body)
    assert "https://example.org/r/" in str(mail.body)
    assert "Samen koken 🍲" in str(mail.body)
    assert "fonds" not in mail.subject.lower()


def test_somebody_who_chose_text_messages_gets_a_short_one(finished_draft: Proposal, ines: Person) -> None:
    ines.phone, ines.channel = "+31612345678", ContactChannel.SMS
    ines.save()

    send(Proposal.objects.get(pk=finished_draft.pk), ines)

    notice = Notice.objects.get(person=ines)
    assert notice.channel == ContactChannel.SMS
    assert "Samen koken" not in notice.text


def test_without_anybody_there_is_no_message(finished_draft: Proposal, ines: Person) -> None:
    send(finished_draft, ines)
    finished_draft.initiator = None

    assert send_receipt(proposal=finished_draft, link="") is None


def test_a_round_without_dates_counts_by_the_year_of_today(finished_draft: Proposal) -> None:
    finished_draft.round.closes_at = finished_draft.round.opens_at = None

    assert year_of(finished_draft) == timezone.localdate().year
