"""Moving a round to its next stage: the only writer of a stage."""

from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from rounds.actions.audit import record
from rounds.actions.rounds import StalePage
from rounds.actions.rules import freeze_rule
from rounds.lifecycle import Event, ObstaclesRemain, Stage, TransitionRefused, row_for
from rounds.models import Round
from rounds.queries import obstacles_to


class Performer(Protocol):
    """An action that lets an event happen: it calls ``advance``, in one transaction with all that belongs to it."""

    def __call__(
        self, round: Round, event: Event, by: Person | None, *, reason: str = "", edition: int | None = None
    ) -> Round:
        """Do it, or raise as ``advance`` does."""


_performers: dict[Event, Performer] = {}


def hand_over(event: Event, performer: Performer) -> None:
    """Let a higher app's action perform an event, since more belongs to it than a new stage; called on start-up."""
    _performers[event] = performer


def perform(round: Round, event: Event, by: Person | None, *, reason: str = "", edition: int | None = None) -> Round:
    """Let an event happen to a round with all that belongs to it. This is what a button calls; raises as advance."""
    return _performers.get(event, advance)(round, event, by, reason=reason, edition=edition)


def advance(round: Round, event: Event, by: Person | None, *, reason: str = "", edition: int | None = None) -> Round:
    """Let an event happen to a round, once: of two simultaneous clicks one is refused.

    Raises TransitionRefused when the event does not fit the stage, or no longer does, and ObstaclesRemain when
    something must be done first. Opening freezes the distribution rule (Awb 4:25-4:26); calling off needs a reason.
    With `edition` (the one the person saw) it raises StalePage when the round was changed since, so that nobody
    freezes another rule than the one they read. When anything is raised, `round` is as it was.
    """
    row = row_for(event, round.stage)
    if event == Event.CANCEL and not reason.strip():
        raise ObstaclesRemain([_("Write down why the round is called off. People will read it.")])
    with transaction.atomic():
        # Compare and set: the row that is no longer in this stage is not touched.
        if not Round.objects.filter(pk=round.pk, stage=row.source).update(stage=row.target):
            raise TransitionRefused(_("Somebody else was just before you: the round has moved on already."))
        moved = Round.objects.select_related("fund").get(pk=round.pk)
        if edition is not None and moved.edition != edition:
            raise StalePage
        if obstacles := obstacles_to(moved, event):
            raise ObstaclesRemain(obstacles)
        frozen = freeze_rule(round=moved, by=by).digest if row.target == Stage.OPEN else ""
        record(action=f"round_{event}", subject=moved, by=by, reason=reason, digest=frozen)
    round.refresh_from_db()
    return round
