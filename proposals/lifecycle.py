"""The life of a proposal as one readable table. The round is the clock: a proposal does not store "in voting"."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from rounds.lifecycle import Audience, Door, Stage, is_open


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


# The door of the round that each event goes through. Throwing away one's own draft needs none.
DOORS: dict[Event, Door] = {
    Event.SUBMIT: Door.SUBMIT,
    Event.ASK_SUPPLEMENT: Door.SCREEN,
    Event.ANSWER_SUPPLEMENT: Door.SCREEN,
    Event.ADMIT: Door.SCREEN,
    Event.NOT_TREAT: Door.SCREEN,
    Event.WITHDRAW: Door.WITHDRAW,
}

# In which states answers can still change, and the door of the round that must be open for it. A draft is somebody's
# own text: it can always be changed, also when it can no longer be sent.
EDITABLE: dict[State, Door | None] = {
    State.DRAFT: None,
    State.SUBMITTED: Door.EDIT,
    State.SUPPLEMENT_ASKED: Door.SCREEN,
}

# What a state is called for those who are not officials; officials use the states' own labels.
STATE_LABELS = {
    Audience.OFFICIAL: {state: state.label for state in State},
    Audience.INITIATOR: {
        State.DRAFT: _("Not sent yet"),
        State.SUBMITTED: _("We received it"),
        State.SUPPLEMENT_ASKED: _("We asked you something"),
        State.ELIGIBLE: _("Complete: it goes to the committee"),
        State.NOT_TREATED: _("We do not treat it"),
        State.WITHDRAWN: _("Withdrawn"),
    },
    Audience.PUBLIC: {
        State.DRAFT: _("Not sent yet"),
        State.SUBMITTED: _("Received"),
        State.SUPPLEMENT_ASKED: _("Received"),
        State.ELIGIBLE: _("Takes part"),
        State.NOT_TREATED: _("Does not take part"),
        State.WITHDRAWN: _("Withdrawn"),
    },
}


def can_edit(state: State | str, stage: Stage | str) -> bool:
    """Whether answers can change in this state of the proposal and this stage of the round."""
    state = State(state)
    if state not in EDITABLE:
        return False
    door = EDITABLE[state]
    return door is None or is_open(door, stage)


def call_is_open(stage: Stage | str, *, closes_at: datetime | None, now: datetime) -> bool:
    """Whether somebody can begin, or send in, at this moment: the round is open and its deadline has not passed."""
    return is_open(Door.SUBMIT, stage) and (closes_at is None or now <= closes_at)


def grace_ends_at(*, started_at: datetime, closes_at: datetime | None, minutes: int) -> datetime | None:
    """Return until when a draft can be sent that was begun before the deadline; None for one that was not."""
    if closes_at is None or started_at > closes_at:
        return None
    return closes_at + timedelta(minutes=minutes)


def can_send(
    stage: Stage | str, *, started_at: datetime, closes_at: datetime | None, now: datetime, grace_minutes: int
) -> bool:
    """Whether a draft can be sent in: before the deadline, or begun before it and still within the grace period.

    The grace holds as long as officials are checking, so that closing the call on the dot does not cut it short.
    """
    if call_is_open(stage, closes_at=closes_at, now=now):
        return True
    end = grace_ends_at(started_at=started_at, closes_at=closes_at, minutes=grace_minutes)
    return end is not None and now <= end and is_open(Door.SCREEN, stage)


class TransitionRefused(Exception):
    """An event does not fit the state a proposal is in."""


def row_for(event: Event | str, source: State | str) -> Row:
    """Return the table's row for an event in a state. Raises TransitionRefused when there is none."""
    for row in TRANSITIONS:
        if row.event == event and row.source == source:
            return row
    raise TransitionRefused(_("This is not possible: the proposal is “%(state)s”.") % {"state": State(source).label})
