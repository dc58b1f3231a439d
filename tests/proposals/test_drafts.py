from datetime import date

import pytest

from accounts.models import Person
from proposals.actions import adopt_draft, count_step, start_draft
from proposals.lifecycle import State
from proposals.models import Contact, Field, FunnelCount, FunnelStep, Proposal, Route
from proposals.queries import digest_of
from rounds.lifecycle import DoorClosed
from rounds.models import AuditEntry, Round
from tests.proposals.conftest import KEY, answer, close_call


def test_a_draft_of_somebody_with_an_account_knows_how_to_reach_them(open_round: Round, ines: Person) -> None:
    draft = start_draft(round=open_round, by=ines, draft_key=digest_of(KEY))

    assert (draft.initiator, draft.draft_key, draft.state) == (ines, None, State.DRAFT)
    assert (draft.contact_name, draft.contact_address) == ("Ines", "ines@test.example")
    assert AuditEntry.objects.latest("sequence").action == "start_draft"


def test_an_anonymous_draft_keeps_only_the_digest_of_its_key(anonymous_draft: Proposal) -> None:
    assert anonymous_draft.draft_key == digest_of(KEY)
    assert len(digest_of(KEY)) == 64
    assert KEY not in str(vars(anonymous_draft))


def test_a_draft_begins_only_while_the_call_is_open(planned_round: Round, ines: Person) -> None:
    with pytest.raises(DoorClosed):
        start_draft(round=planned_round, by=ines)


def test_no_draft_begins_after_the_deadline_also_not_in_the_grace_period(open_round: Round, ines: Person) -> None:
    close_call(open_round, minutes_ago=1)

    with pytest.raises(DoorClosed):
        start_draft(round=open_round, by=ines)


def test_a_draft_moves_to_the_person_and_its_key_opens_nothing_any_more(
    anonymous_draft: Proposal, ines: Person
) -> None:
    moved = adopt_draft(proposal=anonymous_draft, person=ines)

    kept = Proposal.objects.get(pk=anonymous_draft.pk)
    assert moved is True
    assert (kept.initiator, kept.draft_key) == (ines, None)
    assert (kept.contact_name, kept.contact_address) == ("Ines", "ines@test.example")


def test_the_contact_that_was_typed_stays_and_gives_a_new_person_their_name(
    anonymous_draft: Proposal, db: None
) -> None:
    answer(anonymous_draft, Field.CONTACT, Contact("Oma Bep", "bep@test.example").as_text())
    person = Person.objects.create_user("bep@test.example")

    adopt_draft(proposal=anonymous_draft, person=person)

    assert Person.objects.get(pk=person.pk).name == "Oma Bep"
    assert Contact.of(anonymous_draft) == Contact("Oma Bep", "bep@test.example")


def test_a_draft_that_is_somebodys_already_does_not_move(draft: Proposal, omar: Person) -> None:
    assert adopt_draft(proposal=draft, person=omar) is False
    assert Proposal.objects.get(pk=draft.pk).initiator == draft.initiator


def test_a_step_is_counted_once_per_draft_and_together_per_day(open_round: Round, ines: Person, omar: Person) -> None:
    first, second = (start_draft(round=open_round, by=person) for person in (ines, omar))
    for draft in (first, first, second):
        count_step(proposal=draft, step=FunnelStep.TITLE)

    assert dict(FunnelCount.objects.values_list("step", "count")) == {"started": 2, "title": 2}
    assert set(FunnelCount.objects.values_list("route", flat=True)) == {Route.ALONE}


def test_each_route_and_each_day_has_its_own_count(open_round: Round, ines: Person) -> None:
    draft = start_draft(round=open_round, by=ines, route=Route.WITH_HELPER)
    FunnelCount.objects.update(on_date=date(2026, 1, 1))

    start_draft(round=open_round, by=ines, route=Route.WITH_HELPER)

    assert list(FunnelCount.objects.values_list("route", "count")) == [(Route.WITH_HELPER, 1)] * 2
    assert draft.steps_counted == ["started"]
