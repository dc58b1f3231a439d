"""Counting how far people come, without knowing who they are."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from proposals.models import FunnelCount, FunnelStep, Proposal


def count_step(*, proposal: Proposal, step: FunnelStep | str) -> None:
    """Count that a draft reached a step, the first time that it does. Nothing is kept about who or which draft.

    Two statements the first time, none after that. The object is up to date afterwards.
    """
    step = FunnelStep(step)
    if step in proposal.steps_counted:
        return
    proposal.steps_counted = [*proposal.steps_counted, str(step)]
    Proposal.objects.filter(pk=proposal.pk).update(steps_counted=proposal.steps_counted)
    row = {"round_id": proposal.round_id, "step": step, "route": proposal.route, "on_date": timezone.localdate()}
    if FunnelCount.objects.filter(**row).update(count=F("count") + 1):
        return
    try:
        with transaction.atomic():
            FunnelCount.objects.create(**row, count=1)
    except IntegrityError:  # the first two of a day, at the same moment
        FunnelCount.objects.filter(**row).update(count=F("count") + 1)
