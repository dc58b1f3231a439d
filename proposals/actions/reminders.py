"""Reminding people of a draft that they did not send, once a week and once a day before closing."""

from django.conf import settings
from django.db import transaction
from django.tasks import task
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.actions import notify
from accounts.models import Person
from proposals.models import Proposal
from proposals.queries import REMINDERS, Reminder, drafts_to_remind, stop_token
from rounds.actions import record


def send_reminders(*, site: str) -> int:
    """Send what is due, each once, and return how many went out. Safe to run as often as one likes.

    `site` is the address of the site, without a slash at the end: a clock has no request to take it from.
    """
    now = timezone.now()
    return sum(
        _remind(draft, draft.initiator, reminder, site)
        for reminder in REMINDERS
        for draft in drafts_to_remind(reminder, now)
        if draft.initiator is not None
    )


@task
def remind(site: str) -> int:
    """The same in the background."""
    return send_reminders(site=site)


@transaction.atomic
def _remind(draft: Proposal, person: Person, reminder: Reminder, site: str) -> int:
    now = timezone.now()
    # Of two clocks at the same moment one sends.
    waiting = Proposal.objects.filter(pk=draft.pk, state=draft.state, **{f"{reminder.column}__isnull": True})
    if not waiting.update(**{reminder.column: now}):
        return 0
    with translation.override(person.language or settings.LANGUAGE_CODE):
        context = {
            "closes_at": draft.round.closes_at,
            "link": f"{site}/proposals/{draft.pk}/write/",
            "stop_link": f"{site}/reminders/stop/{stop_token(draft)}/",
            "municipality": settings.MUNICIPALITY_NAME,
            "phone": settings.HELP_PHONE,
        }
        notify(
            person=person,
            subject=_("You can still go on"),
            text=render_to_string("proposals/reminder_mail.txt", context),
            short_text=render_to_string("proposals/reminder_sms.txt", context),
            about=draft,
        )
    return 1


@transaction.atomic
def stop_reminders(*, proposal: Proposal) -> None:
    """Send no more reminders about a draft. Whoever has the link may: it stops something, and opens nothing."""
    waiting = Proposal.objects.filter(pk=proposal.pk, reminders_stopped_at__isnull=True)
    if waiting.update(reminders_stopped_at=timezone.now()):
        record(action="stop_reminders", subject=proposal, by=None)
