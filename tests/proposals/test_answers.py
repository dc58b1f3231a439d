import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Person
from proposals.actions import AnsweredMeanwhile, Entry, enter_proposals, save_answer
from proposals.actions.answers import _is_first_of_its_edition
from proposals.lifecycle import State
from proposals.models import AnswerEdit, Budget, Contact, Field, FunnelStep, Proposal, Row
from proposals.queries import gaps_in, text_of
from rounds.lifecycle import DoorClosed
from rounds.models import AuditEntry, Round
from tests.proposals.conftest import answer, fill_in


def test_an_answer_is_kept_with_its_edition_and_writes_no_line_in_the_trail(draft: Proposal, ines: Person) -> None:
    lines = AuditEntry.objects.count()

    edit = save_answer(proposal=draft, field=Field.TITLE, text="Samen koken", seen=0, page_key="a", by=ines)

    assert edit is not None
    assert (edit.edition, edit.text, edit.saved_by) == (1, "Samen koken", ines)
    assert Proposal.objects.get(pk=draft.pk).title == draft.title == "Samen koken"
    assert AuditEntry.objects.count() == lines


def test_an_empty_answer_to_an_empty_question_keeps_nothing(draft: Proposal, ines: Person) -> None:
    edit = save_answer(proposal=draft, field=Field.TITLE, text="", seen=0, page_key="a", by=ines)

    assert edit is None
    assert AnswerEdit.objects.count() == 0


def test_going_on_without_an_answer_still_counts_the_page_that_comes_next(draft: Proposal, ines: Person) -> None:
    save_answer(proposal=draft, field=Field.TITLE, text="", seen=0, page_key="a", by=ines, leads_to=FunnelStep.SUMMARY)

    assert draft.steps_counted == ["started", "summary"]


def test_saving_the_same_text_again_changes_nothing(draft: Proposal, ines: Person) -> None:
    answer(draft, Field.TITLE, "Samen koken", page_key="a")

    edit = save_answer(proposal=draft, field=Field.TITLE, text="Samen koken", seen=0, page_key="b", by=ines)

    assert edit is not None
    assert edit.edition == AnswerEdit.objects.count() == 1


def test_the_later_save_never_wipes_the_earlier_one(draft: Proposal, ines: Person) -> None:
    answer(draft, Field.SUMMARY, "Op mijn telefoon getypt", page_key="phone")

    with pytest.raises(AnsweredMeanwhile) as meanwhile:
        save_answer(proposal=draft, field=Field.SUMMARY, text="Op de laptop", seen=0, page_key="laptop", by=ines)

    assert meanwhile.value.edit.text == "Op mijn telefoon getypt"
    assert Proposal.objects.get(pk=draft.pk).summary == "Op mijn telefoon getypt"


def test_whoever_saw_both_texts_can_go_on(draft: Proposal) -> None:
    answer(draft, Field.SUMMARY, "eerste", page_key="phone")

    answer(draft, Field.SUMMARY, "beide", seen=1, page_key="laptop")

    assert list(AnswerEdit.objects.values_list("edition", "text")) == [(1, "eerste"), (2, "beide")]


def test_a_page_that_heard_no_answer_does_not_come_into_conflict_with_itself(draft: Proposal) -> None:
    answer(draft, Field.SUMMARY, "Elke don", page_key="phone")
    answer(draft, Field.SUMMARY, "Elke donderdag", seen=0, page_key="phone")

    assert Proposal.objects.get(pk=draft.pk).summary == "Elke donderdag"


def test_a_page_without_a_key_of_its_own_is_never_taken_for_the_same_page(draft: Proposal) -> None:
    answer(draft, Field.SUMMARY, "een", page_key="")

    with pytest.raises(AnsweredMeanwhile):
        answer(draft, Field.SUMMARY, "twee", page_key="")


def test_the_database_refuses_the_same_edition_twice(draft: Proposal) -> None:
    answer(draft, Field.TITLE, "een")

    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerEdit.objects.create(proposal=draft, field=Field.TITLE, edition=1, text="twee", saved_at=timezone.now())


def test_the_budget_becomes_lines_and_amounts(draft: Proposal) -> None:
    budget = Budget((Row("Pannen", 150_00), Row("", 20_00), Row("Huur", 0)), 100_00, 25_00, 10_00, "De buren")

    answer(draft, Field.BUDGET, budget.as_text())

    kept = Proposal.objects.get(pk=draft.pk)
    assert (kept.amount_applied_for, kept.minimum_amount, kept.own_contribution) == (170_00, 100_00, 25_00)
    assert (kept.other_contribution, kept.other_funders) == (10_00, "De buren")
    assert Budget.of(kept) == budget == Budget.from_text(text_of(kept, Field.BUDGET))


def test_a_smaller_budget_replaces_the_larger_one(draft: Proposal) -> None:
    answer(draft, Field.BUDGET, Budget((Row("Pannen", 150_00), Row("Eten", 20_00))).as_text())

    answer(draft, Field.BUDGET, Budget((Row("Eten", 20_00),)).as_text(), seen=1)

    assert list(draft.budget_lines.values_list("what", "amount", "place")) == [("Eten", 20_00, 0)]


def test_a_number_is_reached_by_text_message_and_a_mail_address_by_mail(draft: Proposal) -> None:
    answer(draft, Field.CONTACT, Contact("Ines", "+31612345678").as_text())

    kept = Proposal.objects.get(pk=draft.pk)
    assert (kept.contact_name, kept.contact_address, kept.contact_channel) == ("Ines", "+31612345678", "sms")
    assert Contact("", "ines@test.example").channel == "mail"


def test_what_came_in_elsewhere_has_no_edition_yet_and_can_be_changed(planned_round: Round) -> None:
    entry = Entry(Proposal(reference="1", title="Van papier", state=State.DRAFT))
    (proposal,) = enter_proposals(round=planned_round, entries=[entry], by=None)

    answer(proposal, Field.TITLE, "Van papier")
    answer(proposal, Field.TITLE, "Verbeterd")

    assert AnswerEdit.objects.get().edition == 1
    assert Proposal.objects.get(pk=proposal.pk).title == "Verbeterd"


def test_an_answer_to_what_was_sent_meanwhile_is_refused(draft: Proposal, ines: Person) -> None:
    Proposal.objects.filter(pk=draft.pk).update(state=State.WITHDRAWN)

    with pytest.raises(DoorClosed):
        answer(draft, Field.TITLE, "Te laat")

    assert AnswerEdit.objects.count() == 0


def test_what_is_missing_is_named_kindly_and_only_four_things_are_needed(draft: Proposal) -> None:
    Proposal.objects.filter(pk=draft.pk).update(contact_address="")
    draft.refresh_from_db()

    gaps = gaps_in(draft, Budget())

    assert [gap.field for gap in gaps if gap.blocks] == [Field.TITLE, Field.SUMMARY, Field.BUDGET, Field.CONTACT]
    assert [gap.field for gap in gaps if not gap.blocks] == [
        Field.IMPROVEMENT,
        Field.PARTICIPANTS,
        Field.WHERE_WHEN,
        Field.OWN_PART,
    ]


def test_more_than_there_is_in_the_round_blocks_and_half_a_row_is_only_mentioned(draft: Proposal) -> None:
    budget = Budget((Row("", 90_000_00), Row("Huur", 0), Row("Goud", 10_000_01)))
    fill_in(draft)
    answer(draft, Field.BUDGET, budget.as_text(), seen=1)

    gaps = [gap for gap in gaps_in(draft, budget) if gap.field == Field.BUDGET]

    assert [gap.blocks for gap in gaps] == [True, False, False]
    assert "100" in gaps[0].sentence
    assert "Huur" in gaps[2].sentence


def test_whoever_comes_second_with_an_edition_does_not_break_the_transaction(draft: Proposal, ines: Person) -> None:
    answer(draft, Field.TITLE, "een")
    second = AnswerEdit(proposal=draft, field=Field.TITLE, edition=1, text="twee", saved_at=timezone.now())

    assert _is_first_of_its_edition(second) is False
    assert AnswerEdit.objects.get().text == "een"
