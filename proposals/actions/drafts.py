"""Beginning a draft, and taking one along to an account."""

from django.db import transaction
from django.utils import timezone

from accounts.actions import change_profile
from accounts.addresses import Address
from accounts.models import Person
from proposals.actions.funnel import count_step
from proposals.lifecycle import State, call_is_open
from proposals.models import Contact, FunnelStep, Proposal, Route
from rounds.actions import record
from rounds.lifecycle import DoorClosed
from rounds.models import Round


@transaction.atomic
def start_draft(
    *, round: Round, by: Person | None, draft_key: str | None = None, route: Route = Route.ALONE
) -> Proposal:
    """Begin a draft: of a person, or of whoever holds the key of which `draft_key` is the SHA-256 (64 hex digits).

    Raises DoorClosed when the call is not open, or its deadline has passed.
    """
    if not call_is_open(round.stage, closes_at=round.closes_at, now=timezone.now()):
        raise DoorClosed
    draft = Proposal(round=round, initiator=by, draft_key=None if by else draft_key, route=route)
    if by is not None:
        contact = contact_of(by)
        draft.contact_name, draft.contact_address = contact.name, contact.address
        draft.contact_channel = contact.channel
    draft.save(force_insert=True)
    # First the funnel, then the trail, as everywhere: two people never wait for each other.
    count_step(proposal=draft, step=FunnelStep.STARTED)
    record(action="start_draft", subject=draft, by=by)
    return draft


def contact_of(person: Person) -> Contact:
    """Return how to reach somebody with an account."""
    return Contact(person.name, person.email or person.phone or "")


@transaction.atomic
def adopt_draft(*, proposal: Proposal, person: Person) -> bool:
    """Give an anonymous draft to the person who proved who they are; False when it was somebody's already.

    From then on the key in the browser opens nothing: on a shared computer signing out is enough.
    """
    contact = Contact.of(proposal)
    own = contact_of(person)
    columns = {
        "initiator": person,
        "draft_key": None,
        "contact_name": contact.name or own.name,
        "contact_address": contact.address or own.address,
        "contact_channel": (contact if contact.address else own).channel,
    }
    free = Proposal.objects.filter(pk=proposal.pk, initiator__isnull=True, state=State.DRAFT)
    if not free.update(**columns):
        return False
    for name, value in columns.items():
        setattr(proposal, name, value)
    if contact.name and not person.name:
        change_profile(person=person, name=contact.name, language=person.language)
    record(action="adopt_draft", subject=proposal, by=person)
    return True


def readable_address(text: str) -> str:
    """Return a mail address or a number (E.164) as people write it."""
    return Address("phone", text).shown if text.startswith("+") else text
