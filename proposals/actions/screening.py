"""Checking what was sent in: the checklist, reading, and saying that it is complete."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from proposals.actions.funnel import count_step
from proposals.lifecycle import DOORS, Event, TransitionRefused, row_for
from proposals.models import FunnelStep, Proposal, ScreeningAnswer, ScreeningPoint
from proposals.queries import (
    LONGEST_POINT,
    MOST_POINTS,
    Finding,
    checklist_of,
    mark_of_checklist,
    mark_of_points,
    points_of,
    sent_last,
    was_read_today,
)
from rounds.actions import StalePage, record
from rounds.lifecycle import Door, DoorClosed, Stage, is_open
from rounds.models import Round


def hold(proposal: Proposal, event: Event) -> None:
    """Keep the round of a proposal in its stage, and the proposal as it is, until the caller's transaction is over.

    Raises DoorClosed when the round went on.
    """
    round = Round.objects.select_for_update().get(pk=proposal.round_id)
    if not is_open(DOORS[event], round.stage):
        raise DoorClosed


def move(proposal: Proposal, event: Event, **columns: Any) -> None:
    """Let an event happen to a proposal, once: of two simultaneous clicks one is refused. The caller's transaction.

    Raises TransitionRefused when the event does not fit, or no longer does; the object is then as it was.
    """
    row = row_for(event, proposal.state)
    columns |= {"state": row.target}
    if not Proposal.objects.filter(pk=proposal.pk, state=row.source).update(**columns):
        raise TransitionRefused(_("Somebody else was just before you. Look at how it stands now."))
    for name, value in columns.items():
        setattr(proposal, name, value)


def refuse_other_version(proposal: Proposal, seen: int) -> None:
    """Raise StalePage when something else was sent in than the version that the page showed."""
    if sent_last(proposal).number != seen:
        raise StalePage


def log_reading(*, proposal: Proposal, by: Person) -> None:
    """Write down that somebody read a dossier: one line per person per day."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    if not was_read_today(proposal, by.pk, since=midnight):
        record(action="read_proposal", subject=proposal, by=by, reference=proposal.reference)


def admit_proposal(*, proposal: Proposal, by: Person, seen: int) -> None:
    """Say that a proposal is complete: it goes to the committee. `seen` is the version that the page showed.

    Raises StalePage, DoorClosed and TransitionRefused; the proposal is then as it was.
    """
    now = timezone.now()
    with transaction.atomic():
        hold(proposal, Event.ADMIT)
        refuse_other_version(proposal, seen)
        move(proposal, Event.ADMIT, screened_at=now)
        count_step(proposal=proposal, step=FunnelStep.ELIGIBLE)
        record(action="admit_proposal", subject=proposal, by=by, reference=proposal.reference)


def fill_in_checklist(*, proposal: Proposal, by: Person, mark: str, findings: Mapping[int, Finding]) -> None:
    """Write down what was found; `findings` by the primary key of the point, `mark` what the page showed before.

    Raises StalePage when another official saved since, and DoorClosed when the round went on.
    """
    now = timezone.now()
    with transaction.atomic():
        # One at a time per proposal, so that nobody saves between looking and writing.
        locked = Proposal.objects.select_for_update(of=("self",)).select_related("round").get(pk=proposal.pk)
        if not is_open(Door.SCREEN, locked.round.stage):
            raise DoorClosed
        checks = checklist_of(locked)
        if mark_of_checklist(checks) != mark:
            raise StalePage
        changed = 0
        for point, kept in checks:
            found = findings.get(point.pk, Finding(None, ""))
            if found == Finding(kept.answer if kept else None, kept.note if kept else ""):
                continue
            values = {**found._asdict(), "answered_by": by, "answered_at": now}
            ScreeningAnswer.objects.update_or_create(proposal=locked, point=point, defaults=values)
            changed += 1
        if changed:
            reference = locked.reference
            record(action="fill_in_checklist", subject=locked, by=by, reference=reference, points=changed)


def set_points(*, round: Round, by: Person, mark: str, points: Sequence[str]) -> None:
    """Let these be the points of the checklist of a round, in this order; one that keeps its text keeps its answers.

    Raises StalePage when somebody else saved since, DoorClosed when the checking is over, and ValidationError for
    points that cannot be, or when a point would go that was answered already.
    """
    with transaction.atomic():
        locked = Round.objects.select_for_update().get(pk=round.pk)
        if locked.stage != Stage.PLANNED and not is_open(Door.SCREEN, locked.stage):
            raise DoorClosed
        if mark_of_points(points_of(locked)) != mark:
            raise StalePage
        _refuse_points(points)
        gone = ScreeningPoint.objects.filter(round=locked).exclude(text__in=points)
        if answered := gone.filter(answers__answered_at__isnull=False).first():
            raise ValidationError(_("“%(point)s” was answered already. Put it back.") % {"point": answered.text})
        gone.delete()
        for place, text in enumerate(points):
            ScreeningPoint.objects.update_or_create(round=locked, text=text, defaults={"place": place})
        record(action="set_screening_points", subject=round, by=by, points=len(points))


def _refuse_points(points: Sequence[str]) -> None:
    if len(points) > MOST_POINTS:
        raise ValidationError(_("These are more than %(number)s points. Leave some out.") % {"number": MOST_POINTS})
    if len(set(points)) < len(points):
        raise ValidationError(_("One point is there twice. Take one of the two out."))
    if any(len(text) > LONGEST_POINT for text in points):
        raise ValidationError(_("One point is longer than %(number)s signs.") % {"number": LONGEST_POINT})
