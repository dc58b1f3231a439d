"""The first page: what this fund is, what is going on now, and what came of the last round."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import F

from fund.models import AllocationRun, RunKind
from fund.queries.outcomes import Outcome, lines_of, was_held_elsewhere
from rounds.lifecycle import COUNTED, STAGE_LABELS, Audience, Stage
from rounds.models import Fund, Round
from rounds.queries import rounds_visible_to, timeline_of

# Going on, seen from outside: something still has to happen before the outcome is there.
UNDER_WAY = frozenset({Stage.OPEN, Stage.SCREENING, Stage.SCORING, Stage.VOTING})


@dataclass(frozen=True)
class RoundInWords:
    """A round on a list: where it stands, in words for everybody."""

    round: Round
    stage: Any

    @classmethod
    def of(cls, round: Round) -> "RoundInWords":
        """Put a round's stage into words."""
        return cls(round, STAGE_LABELS[Audience.PUBLIC][Stage(round.stage)])


@dataclass(frozen=True)
class Home:
    """What the first page shows. Everything may be missing."""

    fund: Fund | None = None
    current: RoundInWords | None = None
    steps: list[dict[str, Any]] = field(default_factory=list)
    latest: Outcome | None = None
    others: list[RoundInWords] = field(default_factory=list)
    elsewhere: list[RoundInWords] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether ideas can be sent in now."""
        return self.current is not None and self.current.round.stage == Stage.OPEN


def home_for(user: Any) -> Home:
    """Gather the first page: the house's own fund is the first with a call of its own. At most three queries."""
    newest_first = F("opens_at").desc(nulls_last=True), "-pk"
    rounds = [round for round in rounds_visible_to(user).order_by(*newest_first) if round.stage != Stage.PLANNED]
    if not rounds:
        return Home(fund=Fund.objects.order_by("pk").first())
    with_a_call = [round.fund for round in rounds if not was_held_elsewhere(round)]
    fund = min(with_a_call or [round.fund for round in rounds], key=lambda fund: fund.pk)
    own = [round for round in rounds if round.fund_id == fund.pk]
    current = next((round for round in own if round.stage in UNDER_WAY), None)
    counted = next((round for round in own if round.stage in COUNTED), None)
    latest = None
    if counted is not None:
        run = AllocationRun.objects.filter(round=counted, kind=RunKind.PUBLISHED).first()
        latest = Outcome(counted, run, list(lines_of(run))) if run else None
    shown = {current, latest.round if latest else None}
    return Home(
        fund=fund,
        current=RoundInWords.of(current) if current else None,
        steps=timeline_of(current, Audience.PUBLIC)[1:] if current else [],
        latest=latest,
        others=[RoundInWords.of(round) for round in own if round not in shown],
        elsewhere=[RoundInWords.of(round) for round in rounds if round.fund_id != fund.pk],
    )
