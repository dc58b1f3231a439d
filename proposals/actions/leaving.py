"""Closing an account: what was not sent goes, what was sent stays."""

from django.db import transaction

from accounts.actions import anonymise_person
from accounts.models import Person
from proposals.actions.withdrawals import delete_draft
from proposals.models import Companion, Proposal
from rounds.actions import record
from rounds.models import Seat
from rounds.queries import active_seats


class SeatHeld(Exception):
    """Somebody who sits in a committee or office first gives up the seat."""


@transaction.atomic
def close_account(*, person: Person) -> None:
    """Close somebody's account: drafts go with their files, what was sent stays with the name that was written in it.

    The person becomes a number and can no longer sign in. It cannot be undone. Raises SeatHeld.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    if active_seats().filter(person=person).exists():
        raise SeatHeld
    for draft in Proposal.objects.filter(initiator=person, submitted_at__isnull=True):
        delete_draft(proposal=draft, by=person)
    Companion.objects.filter(person=person).delete()
    record(action="close_account", subject=person, by=person, seats_before=Seat.objects.filter(person=person).count())
    anonymise_person(person=person)
