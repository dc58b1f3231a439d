"""Telling somebody that their proposal came in."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import notify
from accounts.models import Notice
from proposals.models import Proposal
from proposals.queries import receipt_of


def send_receipt(*, proposal: Proposal, link: str) -> Notice | None:
    """Send the receipt in the person's language, the way that person chose; the subject is neutral.

    None when it is nobody's. It is kept first: the caller's transaction decides whether it goes out at all.
    """
    person = proposal.initiator
    if person is None:
        return None
    with translation.override(person.language or settings.LANGUAGE_CODE):
        context = {
            "receipt": receipt_of(proposal),
            "link": link,
            "municipality": settings.MUNICIPALITY_NAME,
            "phone": settings.HELP_PHONE,
        }
        return notify(
            person=person,
            subject=_("We received your message"),
            text=render_to_string("proposals/receipt_mail.txt", context),
            short_text=render_to_string("proposals/receipt_sms.txt", context),
            about=proposal,
        )
