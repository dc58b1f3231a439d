"""Asking for more: what opens again, who is told, and what comes of it."""

import json
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Notice, Person
from proposals.actions import (
    NotComplete,
    answer_supplement,
    ask_supplement,
    extend_supplement,
    not_treat_proposal,
    remind_of_supplements,
    save_answer,
)
from proposals.actions.supplements import _remind
from proposals.lifecycle import State, TransitionRefused
from proposals.models import Field, Proposal, ProposalVersion, Supplement, question_for
from proposals.permissions import (
    may_admit,
    may_answer_supplement,
    may_ask_supplement,
    may_change_answer,
    may_extend_supplement,
    may_not_treat,
    may_read_dossier,
    may_set_points,
)
from proposals.queries import Writing, sent_last
from rounds.actions import StalePage
from rounds.lifecycle import DoorClosed, Stage
from rounds.models import AuditEntry, Round
from tests.proposals.conftest import answer, send

WHY = "Wij weten nog niet waar het is 🙂"


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def fresh(proposal: Proposal) -> Proposal:
    return Proposal.objects.select_related("round__fund", "initiator").get(pk=proposal.pk)


@pytest.fixture
def sent(finished_draft: Proposal, ines: Person) -> Proposal:
    send(finished_draft, ines)
    return fresh(finished_draft)


@pytest.fixture
def asked(sent: Proposal, otto: Person) -> Proposal:
    """A proposal about which Otto asked where it will be."""
    ask(sent, otto)
    return fresh(sent)


def ask(proposal: Proposal, by: Person, **changed: object) -> Supplement:
    wanted: dict[str, object] = {"fields": ["where_when"], "why": WHY, "due_date": in_days(14), "seen": 1}
    return ask_supplement(proposal=proposal, by=by, link="https://site.example/x", **(wanted | changed))  # type: ignore[arg-type]


def let_pass(proposal: Proposal) -> date:
    """Let the term of the supplement have passed yesterday; return its last day."""
    Supplement.objects.filter(proposal=proposal).update(due_date=in_days(-1))
    return in_days(-1)


def writing(proposal: Proposal, field: Field) -> Writing:
    return Writing(proposal, question_for(field), None)


def lines(action: str) -> int:
    return AuditEntry.objects.filter(action=action).count()


def test_asking_keeps_what_and_why_and_tells_neutrally(sent: Proposal, otto: Person, ines: Person) -> None:
    supplement = ask(sent, otto, fields=["budget", "where_when"])

    assert supplement.fields == ["where_when", "budget"]  # in the order of the questions
    assert (supplement.why, supplement.due_date, supplement.asked_by) == (WHY, in_days(14), otto)
    assert (sent.state, fresh(sent).state) == (State.SUPPLEMENT_ASKED, State.SUPPLEMENT_ASKED)
    notice = Notice.objects.filter(person=ines).latest("pk")
    assert "https://site.example/x" in notice.text
    assert not any(word in notice.subject + notice.text for word in ("Participatiefonds", "koken", WHY))
    assert lines("ask_supplement") == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"fields": []}, "fields"),
        ({"fields": ["nothing"]}, "fields"),
        ({"why": " \n"}, "why"),
        ({"due_date": timezone.localdate()}, "due_date"),
        ({"due_date": timezone.localdate() + timedelta(days=13)}, "due_date"),
    ],
)
def test_what_cannot_be_asked_is_refused(wrong: dict[str, object], field: str, sent: Proposal, otto: Person) -> None:
    with pytest.raises(ValidationError) as refused:
        ask(sent, otto, **wrong)

    assert set(refused.value.error_dict) == {field}
    assert (sent.state, Supplement.objects.count()) == (State.SUBMITTED, 0)


def test_of_two_officials_who_ask_one_is_refused(sent: Proposal, otto: Person, bea: Person) -> None:
    other_page = fresh(sent)
    ask(sent, otto)

    with pytest.raises(TransitionRefused):
        ask(other_page, bea)

    assert Supplement.objects.count() == 1


def test_an_old_page_and_a_closed_stage_are_refused(sent: Proposal, otto: Person) -> None:
    with pytest.raises(StalePage):
        ask(sent, otto, seen=7)
    Round.objects.filter(pk=sent.round_id).update(stage=Stage.SCORING)
    with pytest.raises(DoorClosed):
        ask(sent, otto)

    assert Supplement.objects.count() == 0


def test_exactly_what_was_asked_opens_again_for_the_initiator(asked: Proposal, ines: Person, omar: Person) -> None:
    open_now = [field for field in Field if may_change_answer(ines, writing(asked, field))]

    assert open_now == [Field.WHERE_WHEN]
    assert not may_change_answer(omar, writing(asked, Field.WHERE_WHEN))
    Supplement.objects.all().delete()
    assert not may_change_answer(ines, writing(asked, Field.WHERE_WHEN))


def test_of_what_was_sent_nothing_is_open_and_of_a_draft_everything(
    draft: Proposal, sent: Proposal, ines: Person
) -> None:
    assert not any(may_change_answer(ines, writing(sent, field)) for field in Field)
    draft.state = State.DRAFT
    assert all(may_change_answer(ines, writing(draft, field)) for field in Field)


def test_an_answer_is_a_new_version_and_the_officials_read_it(asked: Proposal, ines: Person) -> None:
    answer(asked, Field.WHERE_WHEN, "In De Linde 🌳")
    assert sent_last(asked).texts[Field.WHERE_WHEN] == ""  # not before it is sent

    version = answer_supplement(proposal=asked, by=ines)

    kept = fresh(asked)
    assert (version.number, kept.state, asked.state) == (2, State.SUBMITTED, State.SUBMITTED)
    assert json.loads(version.document)["where_when"] == "In De Linde 🌳"
    assert sent_last(kept).texts[Field.WHERE_WHEN] == "In De Linde 🌳"
    assert Supplement.objects.get().answered_at is not None
    assert lines("answer_supplement") == 1


def test_a_second_press_sends_nothing(asked: Proposal, ines: Person) -> None:
    other_tab = fresh(asked)
    answer_supplement(proposal=asked, by=ines)

    with pytest.raises(TransitionRefused):
        answer_supplement(proposal=other_tab, by=ines)

    assert ProposalVersion.objects.count() == 2


def test_an_answer_without_what_is_needed_is_not_sent(sent: Proposal, otto: Person, ines: Person) -> None:
    ask(sent, otto, fields=["summary"])
    save_answer(proposal=sent, field=Field.SUMMARY, text="", seen=1, page_key="page", by=ines)

    with pytest.raises(NotComplete):
        answer_supplement(proposal=fresh(sent), by=ines)

    assert (fresh(sent).state, ProposalVersion.objects.count()) == (State.SUPPLEMENT_ASKED, 1)


def test_an_answer_after_the_checking_is_refused(asked: Proposal, ines: Person) -> None:
    Round.objects.filter(pk=asked.round_id).update(stage=Stage.SCORING)

    with pytest.raises(DoorClosed):
        answer_supplement(proposal=asked, by=ines)


def test_a_supplement_that_is_nowhere_is_answered_all_the_same(asked: Proposal, ines: Person) -> None:
    Supplement.objects.all().delete()

    assert answer_supplement(proposal=asked, by=ines).number == 2


def test_more_time_is_given_once_and_told(asked: Proposal, otto: Person, bea: Person) -> None:
    Supplement.objects.update(reminded_at=timezone.now())

    extend_supplement(proposal=asked, due_date=in_days(30), by=otto, seen_due_date=in_days(14))
    with pytest.raises(StalePage):
        extend_supplement(proposal=asked, due_date=in_days(40), by=bea, seen_due_date=in_days(14))
    extend_supplement(proposal=asked, due_date=in_days(35), by=bea, seen_due_date=in_days(30))

    supplement = Supplement.objects.get()
    assert (supplement.due_date, supplement.first_due_date) == (in_days(35), in_days(14))
    assert supplement.reminded_at is None
    assert lines("extend_supplement") == 2


@pytest.mark.parametrize("days", [14, 3, -5])
def test_more_time_is_later_than_before_and_later_than_today(days: int, asked: Proposal, otto: Person) -> None:
    with pytest.raises(ValidationError):
        extend_supplement(proposal=asked, due_date=in_days(days), by=otto, seen_due_date=in_days(14))

    assert Supplement.objects.get().due_date == in_days(14)


def test_only_after_its_last_day_a_proposal_is_left_untreated(asked: Proposal, otto: Person) -> None:
    with pytest.raises(ValidationError):
        not_treat_proposal(proposal=asked, reasons="Er kwam niets.", by=otto, seen_due_date=in_days(14))
    due = let_pass(asked)
    with pytest.raises(ValidationError):
        not_treat_proposal(proposal=asked, reasons=" ", by=otto, seen_due_date=due)
    with pytest.raises(StalePage):
        not_treat_proposal(proposal=asked, reasons="Er kwam niets.", by=otto, seen_due_date=in_days(3))
    assert fresh(asked).state == State.SUPPLEMENT_ASKED

    not_treat_proposal(proposal=asked, reasons=" Er kwam niets. ", by=otto, seen_due_date=due)

    kept = fresh(asked)
    assert (kept.state, kept.not_treated_reason) == (State.NOT_TREATED, "Er kwam niets.")
    assert Supplement.objects.get().expired_at is not None
    assert lines("not_treat_proposal") == 1


def test_what_was_never_asked_is_never_left_untreated(sent: Proposal, otto: Person) -> None:
    with pytest.raises(TransitionRefused):
        not_treat_proposal(proposal=sent, reasons="Nee.", by=otto, seen_due_date=in_days(-1))


def test_an_answer_that_came_just_before_wins(asked: Proposal, otto: Person, ines: Person) -> None:
    due = let_pass(asked)
    old_page = fresh(asked)
    answer_supplement(proposal=asked, by=ines)

    with pytest.raises((TransitionRefused, StalePage)):
        not_treat_proposal(proposal=old_page, reasons="Niets.", by=otto, seen_due_date=due)

    assert fresh(asked).state == State.SUBMITTED


def test_somebody_is_reminded_once_three_days_before(asked: Proposal, ines: Person) -> None:
    before = Notice.objects.filter(person=ines).count()
    assert remind_of_supplements() == 0

    Supplement.objects.update(due_date=in_days(3))
    assert [remind_of_supplements(), remind_of_supplements()] == [1, 0]

    assert Notice.objects.filter(person=ines).count() == before + 1
    assert lines("remind_supplement") == 1


def test_of_two_jobs_at_the_same_moment_one_reminds(asked: Proposal) -> None:
    supplement = Supplement.objects.select_related("proposal").get()

    assert [_remind(supplement), _remind(supplement)] == [1, 0]


def test_the_job_says_how_many_it_reminded(asked: Proposal, capsys: pytest.CaptureFixture[str]) -> None:
    Supplement.objects.update(due_date=in_days(2))

    call_command("remind_supplements")

    assert capsys.readouterr().out == "1 reminded\n"


def test_what_was_typed_before_we_asked_is_sent_along(sent: Proposal, otto: Person, ines: Person) -> None:
    answer(sent, Field.WHERE_WHEN, "In de tuin")
    assert fresh(sent).where_when == ""
    ask(sent, otto)

    version = answer_supplement(proposal=fresh(sent), by=ines)

    assert json.loads(version.document)["where_when"] == "In de tuin"


def test_nobody_is_reminded_of_what_can_no_longer_be_answered(asked: Proposal) -> None:
    Supplement.objects.update(due_date=in_days(1))
    Round.objects.filter(pk=asked.round_id).update(stage=Stage.SCORING)

    assert remind_of_supplements() == 0


def test_nobody_to_tell_is_no_reason_to_stop(sent: Proposal, otto: Person) -> None:
    Proposal.objects.filter(pk=sent.pk).update(initiator=None)
    before = Notice.objects.count()

    ask(fresh(sent), otto)

    assert Notice.objects.count() == before


# --- permissions ------------------------------------------------------------------------------------------------------


def test_only_officials_check_and_only_what_was_sent(
    sent: Proposal, ines: Person, corrie: Person, vera: Person, otto: Person, bea: Person, raf: Person
) -> None:
    everybody = (ines, corrie, vera, bea, raf, otto, AnonymousUser())
    only_otto = [False, False, False, False, False, True, False]

    for predicate in (may_read_dossier, may_admit, may_ask_supplement):
        assert [predicate(user, sent) for user in everybody] == only_otto
    assert [may_set_points(user, sent.round) for user in everybody] == only_otto
    for state in (State.DRAFT, State.WITHDRAWN):
        sent.state = state
        assert may_read_dossier(otto, sent) is False


def test_while_an_answer_is_awaited_other_things_are_possible(asked: Proposal, otto: Person, ines: Person) -> None:
    assert [may_admit(otto, asked), may_ask_supplement(otto, asked)] == [False, False]
    assert [may_extend_supplement(otto, asked), may_extend_supplement(ines, asked)] == [True, False]
    assert [may_answer_supplement(ines, asked), may_answer_supplement(otto, asked)] == [True, False]
    assert may_not_treat(otto, asked) is False

    let_pass(asked)
    assert [may_not_treat(otto, fresh(asked)), may_not_treat(ines, fresh(asked))] == [True, False]
    Supplement.objects.all().delete()
    assert may_not_treat(otto, fresh(asked)) is False


def test_after_the_checking_officials_only_read(asked: Proposal, otto: Person, ines: Person) -> None:
    asked.round.stage = Stage.SCORING

    assert may_read_dossier(otto, asked) is True
    assert [may_extend_supplement(otto, asked), may_not_treat(otto, asked)] == [False, False]
    assert [may_answer_supplement(ines, asked), may_set_points(otto, asked.round)] == [False, False]
    asked.round.stage = Stage.PLANNED
    assert may_set_points(otto, asked.round) is True
