import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Person
from proposals.actions import Entry, enter_proposals
from proposals.lifecycle import State
from proposals.models import BudgetLine, Proposal
from proposals.queries import eligible_proposals, number_sent_in
from rounds.models import AuditEntry, Round


def _entry(reference: str, state: State = State.ELIGIBLE, **fields: object) -> Entry:
    return Entry(Proposal(reference=reference, title="Samen koken 🍲", state=state, **fields))


def test_entering_proposals_keeps_their_budget_in_order_and_writes_one_line(planned_round: Round, otto: Person) -> None:
    entry = Entry(
        Proposal(reference="1", title="Samen koken 🍲", amount_applied_for=500_00, state=State.ELIGIBLE),
        [BudgetLine(what="Pannen", amount=300_00), BudgetLine(what="Uien", amount=200_00)],
    )

    (proposal,) = enter_proposals(round=planned_round, entries=[entry], by=otto)

    assert list(proposal.budget_lines.values_list("what", "amount", "place")) == [
        ("Pannen", 300_00, 0),
        ("Uien", 200_00, 1),
    ]
    assert Proposal.objects.get().title == "Samen koken 🍲"
    line = AuditEntry.objects.order_by("sequence").last()
    assert line is not None
    assert (line.action, line.actor, line.data) == ("enter_proposals", otto, '{"proposals":1}')


def test_a_name_that_is_too_long_stops_all_of_them(planned_round: Round) -> None:
    entries = [_entry("1"), Entry(Proposal(reference="2", title="x" * 301, state=State.ELIGIBLE))]

    with pytest.raises(ValidationError):
        enter_proposals(round=planned_round, entries=entries, by=None)

    assert Proposal.objects.count() == 0


def test_a_budget_line_without_words_stops_all_of_them(planned_round: Round) -> None:
    entries = [Entry(Proposal(reference="1", title="Koken"), [BudgetLine(what="", amount=1)])]

    with pytest.raises(ValidationError):
        enter_proposals(round=planned_round, entries=entries, by=None)


def test_the_same_reference_twice_is_refused(planned_round: Round) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        enter_proposals(round=planned_round, entries=[_entry("1"), _entry("1")], by=None)


def test_the_least_amount_cannot_be_more_than_what_is_asked(planned_round: Round) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        enter_proposals(round=planned_round, entries=[_entry("1", amount_applied_for=100, minimum_amount=101)], by=None)


def test_only_eligible_proposals_are_voted_on_and_drafts_are_not_counted(planned_round: Round) -> None:
    entries = [_entry(str(place), state) for place, state in enumerate(State)]

    enter_proposals(round=planned_round, entries=entries, by=None)

    assert [proposal.state for proposal in eligible_proposals(planned_round)] == [State.ELIGIBLE]
    assert number_sent_in(planned_round) == 4
