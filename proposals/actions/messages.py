"""Writing to each other about a proposal."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.actions import notify
from accounts.models import Person
from proposals.models import Message, Proposal
from proposals.queries import officials_to_tell
from rounds.actions import record

# The same words of the same person within this time are a second press of the button.
ONE_PRESS = timedelta(minutes=2)


@transaction.atomic
def write_message(*, proposal: Proposal, text: str, by: Person, from_official: bool, link: str) -> Message:
    """Add a message to the thread and tell the other side that there is one; the words themselves stay on the site.

    `link` is the address at which the other side reads it. A second press of the button returns the first message.
    """
    # One at a time per thread, so that a second press finds the first.
    Proposal.objects.select_for_update().get(pk=proposal.pk)
    now = timezone.now()
    since = Message.objects.filter(
        proposal=proposal, author=by, from_official=from_official, sent_at__gt=now - ONE_PRESS
    )
    last = since.order_by("-sent_at", "-pk").first()
    if last is not None and last.text == text:
        return last
    message = Message.objects.create(proposal=proposal, author=by, from_official=from_official, text=text, sent_at=now)
    record(action="answer_message" if from_official else "write_message", subject=proposal, by=by)
    if from_official:
        others = [proposal.initiator] if proposal.initiator and proposal.initiator.is_active else []
    else:
        others = officials_to_tell(proposal)
    for person in others:
        tell_of_message(person=person, proposal=proposal, link=link)
    return message


def tell_of_message(*, person: Person, proposal: Proposal, link: str) -> None:
    """Tell somebody that a message waits on the site; in their language, without a word of what it says."""
    with translation.override(person.language or settings.LANGUAGE_CODE):
        context = {"link": link, "municipality": settings.MUNICIPALITY_NAME, "phone": settings.HELP_PHONE}
        notify(
            person=person,
            subject=_("There is a message for you"),
            text=render_to_string("proposals/message_mail.txt", context),
            short_text=render_to_string("proposals/message_sms.txt", context),
            about=proposal,
        )


def read_messages(*, proposal: Proposal, by: Person, as_official: bool) -> int:
    """Note that one side saw what the other wrote; return how many messages were new to it. Officials: in the trail."""
    new = Message.objects.filter(proposal=proposal, from_official=not as_official, read_at__isnull=True)
    if not as_official:
        return new.update(read_at=timezone.now())
    with transaction.atomic():
        number = new.update(read_at=timezone.now())
        if number:
            record(action="read_messages", subject=proposal, by=by, number=number)
    return number
