"""Telling somebody that there is news about their proposal, with a subject that says nothing."""

from collections.abc import Callable

from django.conf import settings
from django.utils import translation

from accounts.actions import notify
from proposals.models import Proposal


def tell_initiator(proposal: Proposal, *, subject: Callable[[], str], text: Callable[[], str]) -> None:
    """Tell the initiator, in their own language; nobody when there is no account behind the proposal.

    `subject` and `text` are asked for their words once that language is set. It is kept in the caller's transaction
    and goes out after it.
    """
    person = proposal.initiator
    if person is not None:
        with translation.override(person.language or settings.LANGUAGE_CODE):
            notify(person=person, subject=subject(), text=text(), about=proposal)
