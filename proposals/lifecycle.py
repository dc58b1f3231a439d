"""The life of a proposal as one readable table. The round is the clock: a proposal does not store "in voting"."""

from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Where a proposal stands, apart from the round."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Sent in")
    SUPPLEMENT_ASKED = "supplement_asked", _("We asked you something")
    ELIGIBLE = "eligible", _("Complete")
    NOT_TREATED = "not_treated", _("Not treated")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Event(TextChoices):
    """What happens to a proposal."""

    SUBMIT = "submit", _("Send in")
    ASK_SUPPLEMENT = "ask_supplement", _("Ask for a supplement")
    ANSWER_SUPPLEMENT = "answer_supplement", _("Send the supplement")
    ADMIT = "admit", _("Mark as complete")
    NOT_TREAT = "not_treat", _("Do not treat")
    WITHDRAW = "withdraw", _("Withdraw")


class Actor(TextChoices):
    """Who makes it happen: somebody on the proposal's side, or an official."""

    INITIATOR = "initiator", _("Initiator")
    OFFICIAL = "official", _("Official")


class Row(NamedTuple):
    """One line of the table."""

    event: Event
    source: State
    target: State
    who: frozenset[Actor]


INITIATOR = frozenset({Actor.INITIATOR})
OFFICIAL = frozenset({Actor.OFFICIAL})
EITHER = INITIATOR | OFFICIAL

TRANSITIONS: tuple[Row, ...] = (
    # An official sends in for somebody who called, visited or wrote on paper.
    Row(Event.SUBMIT, State.DRAFT, State.SUBMITTED, EITHER),
    Row(Event.ASK_SUPPLEMENT, State.SUBMITTED, State.SUPPLEMENT_ASKED, OFFICIAL),
    Row(Event.ANSWER_SUPPLEMENT, State.SUPPLEMENT_ASKED, State.SUBMITTED, EITHER),
    Row(Event.ADMIT, State.SUBMITTED, State.ELIGIBLE, OFFICIAL),
    # Incomplete is never refused at once: only after a supplement was asked and did not come (Awb 4:5).
    Row(Event.NOT_TREAT, State.SUPPLEMENT_ASKED, State.NOT_TREATED, OFFICIAL),
    Row(Event.WITHDRAW, State.DRAFT, State.WITHDRAWN, INITIATOR),
    Row(Event.WITHDRAW, State.SUBMITTED, State.WITHDRAWN, EITHER),
    Row(Event.WITHDRAW, State.SUPPLEMENT_ASKED, State.WITHDRAWN, EITHER),
    Row(Event.WITHDRAW, State.ELIGIBLE, State.WITHDRAWN, EITHER),
)


class TransitionRefused(Exception):
    """An event does not fit the state a proposal is in."""


def row_for(event: Event | str, source: State | str) -> Row:
    """Return the table's row for an event in a state. Raises TransitionRefused when there is none."""
    for row in TRANSITIONS:
        if row.event == event and row.source == source:
            return row
    raise TransitionRefused(_("This is not possible: the proposal is “%(state)s”.") % {"state": State(source).label})
