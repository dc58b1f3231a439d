"""What must be done with the money before a round moves on."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from fund.models import AllocationRun, Failure, RunKind
from rounds.models import Round
from rounds.queries import Obstacle


def before_deciding(round: Round) -> Iterator[str]:
    """Yield what keeps a round from being decided: no division yet, or one that a tie left open. One query."""
    run = AllocationRun.objects.filter(round=round, kind=RunKind.PUBLISHED).only("failure").first()
    where = reverse("fund:divide", kwargs={"slug": round.slug})
    if run is None:
        yield Obstacle(_("Divide the budget by the rule first."), where)
    elif run.failure == Failure.TIE:
        yield Obstacle(
            _("Two proposals are exactly equal, and the rule does not choose. The committee votes again."), where
        )
