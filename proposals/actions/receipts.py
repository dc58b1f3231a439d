"""Telling somebody that their proposal came in."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import notify_person
from proposals.models import Proposal
from proposals.queries import receipt_of


def send_receipt(*, proposal: Proposal, link: str) -> bool:
    """Send the receipt by mail or text message, in the person's language; the subject is neutral.

    False when there was no address, or it could not be handed over: the receipt stands on the site all the same.
    """
    person = proposal.initiator
    if person is None:
        return False
    with translation.override(person.language or settings.LANGUAGE_CODE):
        name = "receipt_mail.txt" if person.email else "receipt_sms.txt"
        context = {
            "receipt": receipt_of(proposal),
            "link": link,
            "municipality": settings.MUNICIPALITY_NAME,
            "phone": settings.HELP_PHONE,
        }
        return notify_person(
            person=person,
            subject=_("We received your message"),
            text=render_to_string(f"proposals/{name}", context).strip(),
        )
