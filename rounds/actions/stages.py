"""Moving a round to its next stage: the only writer of a stage."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from rounds.actions.audit import record
from rounds.actions.rounds import freeze_rule
from rounds.lifecycle import Event, ObstaclesRemain, Stage, TransitionRefused, row_for
from rounds.models import Round
from rounds.queries import obstacles_to


@transaction.atomic
def advance(round: Round, event: Event, by: Person | None, *, reason: str = "") -> Round:
    """Let an event happen to a round, once: of two simultaneous clicks one is refused.

    Raises TransitionRefused when the event does not fit the stage, or no longer does, and ObstaclesRemain when
    something must be done first. Opening freezes the distribution rule (Awb 4:25-4:26); calling off needs a reason.
    """
    row = row_for(event, round.stage)
    if event == Event.CANCEL and not reason.strip():
        raise ObstaclesRemain([_("Write down why the round is called off. People will read it.")])
    # Compare and set: the row that is no longer in this stage is not touched.
    if not Round.objects.filter(pk=round.pk, stage=row.source).update(stage=row.target):
        raise TransitionRefused(_("Somebody else was just before you: the round has moved on already."))
    round.refresh_from_db()
    if obstacles := obstacles_to(round, event):
        raise ObstaclesRemain(obstacles)
    frozen = freeze_rule(round=round, by=by).digest if row.target == Stage.OPEN else ""
    record(action=f"round_{event}", subject=round, by=by, reason=reason, digest=frozen)
    return round
