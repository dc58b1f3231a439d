"""After sending: versions, messages, withdrawing, throwing a draft away."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.mail import EmailMessage
from django.http import Http404
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.actions import send_waiting
from accounts.models import Notice, Person
from proposals.actions import (
    NotComplete,
    TooLate,
    delete_draft,
    read_messages,
    send_again,
    withdraw_proposal,
    write_message,
)
from proposals.lifecycle import State, TransitionRefused
from proposals.models import Attachment, Budget, Contact, Field, Message, Proposal, ProposalVersion, Row
from proposals.permissions import (
    may_answer_message,
    may_change_after_sending,
    may_compare_versions,
    may_delete_draft,
    may_open_change,
    may_see_my_proposal,
    may_see_my_versions,
    may_see_threads,
    may_withdraw_own,
    may_write_message,
)
from proposals.queries import (
    Passage,
    Thread,
    Threads,
    changes_between,
    changing_for,
    my_proposal,
    my_thread,
    my_versions,
    next_step_of,
    officials_to_tell,
    passages_of,
    pending_edits,
    proposal_for_official,
    proposal_of,
    text_being_changed,
    thread_for_official,
    threads_of_round,
    versions_for_official,
    versions_of,
)
from rounds.lifecycle import DoorClosed, Role, Stage
from rounds.models import AuditEntry, Round, Seat
from tests.proposals.conftest import answer, close_call, fill_in, send


@pytest.fixture
def sent(finished_draft: Proposal, ines: Person) -> Proposal:
    """What Ines sent in."""
    send(finished_draft, ines)
    return finished_draft


def last_line() -> AuditEntry:
    return AuditEntry.objects.latest("sequence")


def fresh(proposal: Proposal) -> Proposal:
    return Proposal.objects.select_related("round__fund", "initiator").get(pk=proposal.pk)


def move_to(round: Round, stage: Stage) -> None:
    Round.objects.filter(pk=round.pk).update(stage=stage)


# --- versions ---------------------------------------------------------------------------------------------------------


def test_what_was_sent_stays_as_it_was_until_it_is_sent_again(sent: Proposal, ines: Person) -> None:
    answer(sent, Field.TITLE, "Samen eten", seen=1)
    answer(sent, Field.BUDGET, Budget((Row("Pannen", 200_00),)).as_text(), seen=1)
    assert (fresh(sent).title, fresh(sent).amount_applied_for) == ("Samen koken 🍲", 1050_50)
    assert set(pending_edits(sent)) == {Field.TITLE, Field.BUDGET}

    version = send_again(proposal=sent, by=ines, link="https://site.example/versions/")

    assert version is not None
    assert (version.number, fresh(sent).title, fresh(sent).amount_applied_for) == (2, "Samen eten", 200_00)
    assert pending_edits(fresh(sent)) == {}
    assert (last_line().action, last_line().actor) == ("send_again", ines)
    notice = Notice.objects.filter(person=ines).latest("pk")
    assert "https://site.example/versions/" in notice.text
    assert "Participatiefonds" not in notice.subject + notice.text


def test_pressing_twice_makes_one_version(sent: Proposal, ines: Person) -> None:
    answer(sent, Field.TITLE, "Samen eten", seen=1)

    first, second = send_again(proposal=sent, by=ines), send_again(proposal=sent, by=ines)

    assert first == second
    assert ProposalVersion.objects.filter(proposal=sent).count() == 2


def test_sending_again_is_refused_when_the_call_is_closed_and_nothing_is_lost(sent: Proposal, ines: Person) -> None:
    answer(sent, Field.TITLE, "Samen eten", seen=1)
    close_call(sent.round, minutes_ago=1)

    with pytest.raises(TooLate):
        send_again(proposal=sent, by=ines)

    assert fresh(sent).title == "Samen koken 🍲"
    assert pending_edits(sent)[Field.TITLE].text == "Samen eten"


def test_sending_again_is_refused_when_the_round_is_being_screened(sent: Proposal, ines: Person) -> None:
    answer(sent, Field.TITLE, "Samen eten", seen=1)
    move_to(sent.round, Stage.SCREENING)

    with pytest.raises(TooLate):
        send_again(proposal=sent, by=ines)


def test_a_change_that_leaves_out_what_is_needed_is_not_sent(sent: Proposal, ines: Person) -> None:
    answer(sent, Field.TITLE, "", seen=1)

    with pytest.raises(NotComplete):
        send_again(proposal=sent, by=ines)

    assert fresh(sent).title == "Samen koken 🍲"


def test_nothing_is_pending_once_officials_went_on_with_it(sent: Proposal, ines: Person) -> None:
    answer(sent, Field.TITLE, "Samen eten", seen=1)
    Proposal.objects.filter(pk=sent.pk).update(state=State.ELIGIBLE)

    version = send_again(proposal=sent, by=ines)

    assert version is not None
    assert (version.number, fresh(sent).title) == (1, "Samen koken 🍲")


def test_what_was_never_sent_here_gets_its_first_version(sent: Proposal, ines: Person) -> None:
    ProposalVersion.objects.filter(proposal=sent).delete()
    assert send_again(proposal=sent, by=ines) is None
    answer(sent, Field.TITLE, "Samen eten", seen=1)
    Proposal.objects.filter(pk=sent.pk).update(initiator=None)

    version = send_again(proposal=sent, by=ines)

    assert version is not None
    assert version.number == 1


def test_an_answer_being_changed_is_shown_as_it_was_left(sent: Proposal, ines: Person) -> None:
    assert text_being_changed(changing_for(ines, sent.pk, "title")) == "Samen koken 🍲"

    answer(sent, Field.TITLE, "Samen eten", seen=1)

    assert text_being_changed(changing_for(ines, sent.pk, "title")) == "Samen eten"
    with pytest.raises(Http404):
        changing_for(ines, sent.pk, "colour")


def test_changes_are_told_in_words(sent: Proposal, ines: Person) -> None:
    rows = (Row("Pannen", 100_00), Row("Zaal", 50_00))
    answer(sent, Field.SUMMARY, "Elke dinsdag koken wij samen.", seen=1)
    answer(sent, Field.OWN_PART, "Ik kook.")
    answer(sent, Field.BUDGET, Budget(rows, 80_00, 5_00, 6_00, "De kerk").as_text(), seen=1)
    answer(sent, Field.CONTACT, Contact("Ines B.", "ines@nieuw.example").as_text())
    send_again(proposal=sent, by=ines)
    answer(sent, Field.OWN_PART, "", seen=1)
    send_again(proposal=sent, by=ines)

    third, second, first = versions_of(sent).sent

    assert first.changes == []
    assert [change.label for change in third.changes] == [str(Field.OWN_PART.label)]
    assert third.changes[0].passages == [Passage("removed", "Ik kook.")]
    assert [change.label for change in second.changes] == [
        str(field.label) for field in Field if field in {"summary", "budget", "own_part", "contact"}
    ]
    summary, budget, own_part, contact = second.changes
    assert [passage.kind for passage in summary.passages] == ["same", "removed", "added", "same", "removed", "added"]
    assert own_part.passages == [Passage("added", "Ik kook.")]
    assert len(budget.sentences) == 8
    assert len(contact.sentences) == 2
    assert second.budget.total == 150_00
    assert dict(second.texts)[Field.OWN_PART.label] == "Ik kook."


def test_texts_that_stay_the_same_have_no_changes(sent: Proposal) -> None:
    content = versions_of(sent).sent[0].content

    assert list(changes_between(content, content)) == []
    assert passages_of("een twee", "een twee") == [Passage("same", "een twee")]
    assert passages_of("een twee", "een") == [Passage("same", "een"), Passage("removed", " twee")]


def test_only_whose_it_is_and_the_officials_of_the_fund_find_versions(
    sent: Proposal, ines: Person, omar: Person, otto: Person, draft: Proposal
) -> None:
    other = Proposal.objects.create(round=sent.round, initiator=ines)

    assert len(my_versions(ines, sent.pk).sent) == 1
    assert len(versions_for_official(otto, sent.pk).sent) == 1
    for load, person, pk in [
        (my_versions, omar, sent.pk),
        (my_versions, ines, other.pk),
        (versions_for_official, ines, sent.pk),
        (versions_for_official, otto, other.pk),
        (my_proposal, omar, sent.pk),
        (my_thread, ines, other.pk),
        (proposal_of, omar, sent.pk),
    ]:
        with pytest.raises(Http404):
            load(person, pk)


# --- messages ---------------------------------------------------------------------------------------------------------


def test_a_message_tells_the_officials_without_its_words(
    sent: Proposal, ines: Person, otto: Person, mailoutbox: list[EmailMessage]
) -> None:
    Notice.objects.all().delete()

    message = write_message(
        proposal=sent, text="Mag ik ook een oven kopen?", by=ines, from_official=False, link="https://site.example/t/"
    )
    send_waiting()

    assert (message.from_official, message.read_at, last_line().action) == (False, None, "write_message")
    (mail,) = mailoutbox
    assert (mail.to, "oven" in mail.body, "https://site.example/t/" in mail.body) == (
        ["otto@test.example"],
        False,
        True,
    )
    assert "Participatiefonds" not in mail.subject + str(mail.body)


def test_an_answer_tells_the_initiator_and_later_only_the_official_who_answered(
    sent: Proposal, ines: Person, otto: Person, bea: Person
) -> None:
    Seat.objects.create(fund=sent.round.fund, person=bea, role=Role.OFFICIAL, from_date="2020-01-01")
    assert officials_to_tell(sent) == sorted([otto, bea], key=lambda person: person.pk)
    Notice.objects.all().delete()

    write_message(proposal=sent, text="Ja, dat mag.", by=otto, from_official=True, link="")

    assert [notice.person for notice in Notice.objects.all()] == [ines]
    assert last_line().action == "answer_message"
    assert officials_to_tell(sent) == [otto]


def test_nobody_is_told_who_closed_the_account_or_never_had_one(sent: Proposal, ines: Person, otto: Person) -> None:
    Notice.objects.all().delete()
    ines.is_active = False
    ines.save()
    write_message(proposal=fresh(sent), text="Ja, dat mag.", by=otto, from_official=True, link="")
    Proposal.objects.filter(pk=sent.pk).update(initiator=None)
    write_message(proposal=fresh(sent), text="Nog iets.", by=otto, from_official=True, link="")

    assert Notice.objects.count() == 0


def test_pressing_twice_sends_one_message_and_the_same_words_later_are_another(sent: Proposal, ines: Person) -> None:
    def write(text: str) -> Message:
        return write_message(proposal=sent, text=text, by=ines, from_official=False, link="")

    assert write("Hallo") == write("Hallo")
    write("Iets anders")
    Message.objects.update(sent_at=timezone.now() - timedelta(minutes=5))
    write("Hallo")

    assert Message.objects.count() == 3


def test_reading_is_noted_once_and_for_officials_in_the_trail(sent: Proposal, ines: Person, otto: Person) -> None:
    write_message(proposal=sent, text="Hallo", by=ines, from_official=False, link="")

    assert read_messages(proposal=sent, by=ines, as_official=False) == 0
    assert read_messages(proposal=sent, by=otto, as_official=True) == 1
    assert (last_line().action, last_line().actor) == ("read_messages", otto)
    assert read_messages(proposal=sent, by=otto, as_official=True) == 0

    write_message(proposal=sent, text="Dag Ines", by=otto, from_official=True, link="")
    assert my_proposal(ines, sent.pk).unread == 1
    assert read_messages(proposal=sent, by=ines, as_official=False) == 1
    assert last_line().action == "answer_message"


def test_the_threads_of_a_round_show_what_was_not_read_first(
    sent: Proposal, ines: Person, omar: Person, otto: Person
) -> None:
    other = fill_in(Proposal.objects.create(round=sent.round, initiator=omar))
    send(other, omar)
    write_message(proposal=sent, text="Hallo", by=ines, from_official=False, link="")
    write_message(proposal=other, text="Hallo", by=omar, from_official=False, link="")
    read_messages(proposal=other, by=otto, as_official=True)

    found = threads_of_round(otto, sent.round.slug)

    rows = [(row.pk, row.unread, row.number_of_messages) for row in found.proposals]
    assert rows == [(sent.pk, 1, 1), (other.pk, 0, 1)]
    assert [message.text for message in thread_for_official(otto, sent.pk).messages] == ["Hallo"]


# --- withdrawing and throwing away ------------------------------------------------------------------------------------


def test_withdrawing_keeps_the_words_out_of_the_trail(sent: Proposal, ines: Person) -> None:
    withdraw_proposal(proposal=sent, reason_code="too_much", reason="Ik ben ziek.", by=ines)

    assert (fresh(sent).state, fresh(sent).withdrawal_reason) == (State.WITHDRAWN, "Ik ben ziek.")
    assert fresh(sent).withdrawn_at is not None
    line = last_line()
    assert (line.action, line.actor, "ziek" in line.data + line.reason) == ("withdraw_proposal", ines, False)
    assert Notice.objects.filter(person=ines).latest("pk").about == f"proposal:{sent.pk}"


def test_withdrawing_what_is_nobodys_tells_nobody(sent: Proposal, otto: Person) -> None:
    Notice.objects.all().delete()
    Proposal.objects.filter(pk=sent.pk).update(initiator=None)

    withdraw_proposal(proposal=fresh(sent), reason_code="other", reason="Gebeld.", by=otto)

    assert Notice.objects.count() == 0


def test_withdrawing_twice_or_at_the_same_moment_is_refused(sent: Proposal, ines: Person) -> None:
    stale = fresh(sent)
    withdraw_proposal(proposal=sent, reason_code="plans", reason="", by=ines)

    for late in (sent, stale):
        with pytest.raises(TransitionRefused):
            withdraw_proposal(proposal=late, reason_code="plans", reason="", by=ines)


def test_withdrawing_is_refused_once_the_decision_is_there(sent: Proposal, ines: Person) -> None:
    move_to(sent.round, Stage.DECIDED)

    with pytest.raises(DoorClosed):
        withdraw_proposal(proposal=sent, reason_code="plans", reason="", by=ines)


def test_a_deleted_draft_is_really_gone_with_its_files(
    finished_draft: Proposal, ines: Person, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    attachment = Attachment(
        proposal=finished_draft, name="foto.jpg", kind="image", size=1, added_at=timezone.now(), place=1
    )
    attachment.file.save("foto.jpg", ContentFile(b"x"), save=False)
    attachment.save()
    assert storages["private"].exists(str(attachment.file.name))

    with django_capture_on_commit_callbacks(execute=True):
        delete_draft(proposal=finished_draft, by=ines)

    assert not storages["private"].exists(str(attachment.file.name))
    assert not Proposal.objects.filter(pk=finished_draft.pk).exists()
    assert last_line().action == "delete_draft"


def test_what_was_sent_in_is_never_deleted(sent: Proposal, ines: Person) -> None:
    with pytest.raises(TransitionRefused):
        delete_draft(proposal=sent, by=ines)

    assert Proposal.objects.filter(pk=sent.pk).exists()


# --- who may ----------------------------------------------------------------------------------------------------------


def test_the_initiator_changes_and_withdraws_and_the_others_do_not(
    sent: Proposal, ines: Person, omar: Person, otto: Person
) -> None:
    people = (ines, omar, otto)

    assert [may_change_after_sending(person, fresh(sent)) for person in people] == [True, False, False]
    assert [may_withdraw_own(person, fresh(sent)) for person in people] == [True, False, False]
    assert [may_see_my_proposal(person, my_proposal(ines, sent.pk)) for person in people] == [True, False, False]
    assert [may_see_my_versions(person, versions_of(sent)) for person in people] == [True, False, False]
    assert [may_compare_versions(person, versions_of(sent)) for person in people] == [False, False, True]
    assert [may_open_change(person, changing_for(ines, sent.pk, "title")) for person in people] == [True, False, False]
    assert [may_delete_draft(person, fresh(sent)) for person in people] == [False, False, False]
    assert [may_write_message(person, Thread(sent, [])) for person in people] == [True, False, False]
    assert [may_answer_message(person, Thread(sent, [])) for person in people] == [False, False, True]
    threads = Threads(sent.round, Proposal.objects.none())
    assert [may_see_threads(person, threads) for person in people] == [False, False, True]


def test_a_draft_is_deleted_but_not_withdrawn_changed_or_written_about(
    draft: Proposal, ines: Person, omar: Person, otto: Person
) -> None:
    assert [may_delete_draft(person, draft) for person in (ines, omar, otto)] == [True, False, False]
    assert (may_withdraw_own(ines, draft), may_change_after_sending(ines, draft)) == (False, False)
    assert (may_write_message(ines, Thread(draft, [])), may_answer_message(otto, Thread(draft, []))) == (False, False)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("stage", Stage)
def test_what_was_sent_changes_only_while_the_call_is_open(
    sent: Proposal, ines: Person, state: State, stage: Stage
) -> None:
    sent.state, sent.round.stage = state, stage

    assert may_change_after_sending(ines, sent) is (state == State.SUBMITTED and stage == Stage.OPEN)


def test_after_the_deadline_nothing_changes_although_the_round_is_open_still(sent: Proposal, ines: Person) -> None:
    close_call(sent.round, minutes_ago=1)

    assert may_change_after_sending(ines, fresh(sent)) is False


# --- what comes next --------------------------------------------------------------------------------------------------


def test_the_next_step_is_told_for_every_state_and_stage(sent: Proposal) -> None:
    for state in State:
        for stage in Stage:
            sent.state, sent.round.stage = state, stage
            over = state in {State.WITHDRAWN, State.NOT_TREATED}
            words = next_step_of(sent, timezone.localdate())
            assert (words == "") is (over or (state != State.DRAFT and words == "")), (state, stage)
    sent.state, sent.round.stage = State.SUPPLEMENT_ASKED, Stage.SCREENING
    assert next_step_of(sent, None) != next_step_of(sent, timezone.localdate())
    sent.state, sent.round.stage = State.ELIGIBLE, Stage.CLOSED
    assert next_step_of(sent) == ""


def test_a_draft_says_until_when_it_can_be_sent(draft: Proposal) -> None:
    open_words = next_step_of(draft)
    draft.round.closes_at = None
    without_end = next_step_of(draft)
    now = timezone.now()
    draft.started_at, draft.round.closes_at = now - timedelta(days=1), now - timedelta(minutes=5)
    in_grace = next_step_of(draft)
    draft.round.closes_at = now - timedelta(days=1)
    too_late = next_step_of(draft)

    assert len({open_words, without_end, in_grace, too_late}) == 4


def test_officials_find_what_was_sent_in_to_a_fund_of_theirs(sent: Proposal, otto: Person) -> None:
    assert proposal_for_official(otto, sent.pk) == sent
