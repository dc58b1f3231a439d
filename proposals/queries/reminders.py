"""Which drafts are due for a reminder, and the link that stops them."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.core.signing import BadSignature, Signer
from django.db.models import F, QuerySet
from django.http import Http404

from proposals.lifecycle import State
from proposals.models import Proposal
from rounds.lifecycle import Stage

STOP_SALT = "proposals.reminders"


class Reminder(NamedTuple):
    """One of the two reminders: the column that says when it went out, and how long before closing."""

    column: str
    before: timedelta


REMINDERS = (
    # The last first: who gets that one needs no other.
    Reminder("day_reminder_at", timedelta(days=1)),
    Reminder("week_reminder_at", timedelta(days=7)),
)


def drafts_to_remind(reminder: Reminder, now: datetime) -> QuerySet[Proposal]:
    """Return the drafts for which this reminder is due: begun before its moment, not sent, of somebody who wants it.

    A week before closing runs until a day before; then it is the turn of the other one.
    """
    later = [other.before for other in REMINDERS if other.before < reminder.before]
    drafts = Proposal.objects.filter(
        state=State.DRAFT,
        initiator__is_active=True,
        initiator__wants_reminders=True,
        reminders_stopped_at__isnull=True,
        round__stage=Stage.OPEN,
        round__closes_at__gt=now + max(later, default=timedelta()),
        round__closes_at__lte=now + reminder.before,
        started_at__lt=F("round__closes_at") - reminder.before,
        **{f"{reminder.column}__isnull": True},
    )
    return drafts.select_related("round__fund", "initiator").order_by("pk")


def stop_token(proposal: Proposal) -> str:
    """Return the signed text in the link that stops the reminders of one draft. It opens nothing else."""
    return Signer(salt=STOP_SALT).sign(str(proposal.pk))


def draft_behind_token(user: Any, token: str) -> Proposal:
    """Loader of the page that stops reminders: the draft, or Http404 for a link that is not ours."""
    try:
        pk = Signer(salt=STOP_SALT).unsign(token)
    except BadSignature:
        raise Http404 from None
    draft = Proposal.objects.filter(pk=pk).first()
    if draft is None:
        raise Http404
    return draft
