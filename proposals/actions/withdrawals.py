"""Taking back what was sent in, and throwing away what was not."""

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.actions import notify
from accounts.models import Person
from proposals.actions.attachments import delete_files_of
from proposals.lifecycle import DOORS, Event, State, TransitionRefused, row_for
from proposals.models import Proposal
from rounds.actions import record
from rounds.lifecycle import DoorClosed, is_open
from rounds.models import Round


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, reason_code: str, reason: str, by: Person) -> None:
    """Take back what was sent in. `reason_code` goes into the trail, the words of `reason` only to the proposal.

    Raises TransitionRefused when it was withdrawn already or cannot be any more, DoorClosed when the round has moved
    on. The object is up to date afterwards.
    """
    # The round first, as everywhere: it cannot move on in between.
    round = Round.objects.select_for_update().get(pk=proposal.round_id)
    row = row_for(Event.WITHDRAW, proposal.state)
    if not is_open(DOORS[Event.WITHDRAW], round.stage):
        raise DoorClosed
    columns = {"state": row.target, "withdrawn_at": timezone.now(), "withdrawal_reason": reason}
    if not Proposal.objects.filter(pk=proposal.pk, state=row.source).update(**columns):
        raise TransitionRefused(_("This was withdrawn or changed already."))
    for name, value in columns.items():
        setattr(proposal, name, value)
    record(action="withdraw_proposal", subject=proposal, by=by, reference=proposal.reference, why=reason_code)
    if proposal.initiator is not None:
        _confirm(proposal, proposal.initiator)


def _confirm(proposal: Proposal, person: Person) -> None:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        context = {
            "reference": proposal.reference,
            "municipality": settings.MUNICIPALITY_NAME,
            "phone": settings.HELP_PHONE,
        }
        text = render_to_string("proposals/withdrawal_mail.txt", context)
        notify(person=person, subject=_("We received your message"), text=text, about=proposal)


@transaction.atomic
def delete_draft(*, proposal: Proposal, by: Person) -> None:
    """Throw a draft away with everything that belongs to it, its files included. Nothing is left of it.

    Raises TransitionRefused for what was sent in since.
    """
    draft = Proposal.objects.select_for_update().filter(pk=proposal.pk, state=State.DRAFT, submitted_at__isnull=True)
    if draft.first() is None:
        raise TransitionRefused(_("This was sent in already. You can still withdraw it."))
    delete_files_of(proposal=proposal)
    record(action="delete_draft", subject=proposal, by=by)
    Proposal.objects.filter(pk=proposal.pk).delete()
