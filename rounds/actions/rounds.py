"""Setting up a round: from scratch or from last year's, its money, its dates, its criteria."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from rounds.actions.audit import record
from rounds.lifecycle import Door, DoorClosed, Stage, is_open
from rounds.models import Criterion, Fund, Round

COPIED = (
    "call",
    "ceiling",
    "ballot_type",
    "points",
    "secrecy",
    "allocation_rule",
    "partial_funding",
    "tie_break",
    "threshold",
    "minimum_scores",
    "quorum_percent",
)
DATES = ("opens_at", "closes_at", "scoring_ends_at", "voting_ends_at", "decision_date")


class StalePage(Exception):
    """Somebody else changed the round since this page was opened; nothing was saved."""


@transaction.atomic
def create_round(*, fund: Fund, by: Person | None, **fields: Any) -> Round:
    """Make a round in preparation. Raises ValidationError with a message per field."""
    round = Round(fund=fund, **fields)
    round.full_clean()
    round.save(force_insert=True)
    record(action="create_round", subject=round, by=by)
    return round


@transaction.atomic
def copy_round(*, round: Round, by: Person, name: str, slug: str) -> Round:
    """Make next year's round from this one: same rule, same criteria, same call, every date one year later.

    The words of a lot are not copied: a lot is drawn for one round. Raises ValidationError for a name or address.
    """
    fields: dict[str, Any] = {field: getattr(round, field) for field in COPIED}
    fields |= {field: value and _a_year_later(value) for field in DATES for value in [getattr(round, field)]}
    copy = create_round(fund=round.fund, by=by, name=name, slug=slug, **fields)
    Criterion.objects.bulk_create(
        Criterion(round=copy, name=old.name, question=old.question, weight=old.weight, place=old.place)
        for old in round.criteria.all()
    )
    record(action="copy_round", subject=copy, by=by, copied_from=round.pk)
    return copy


def _a_year_later(value: date) -> date:
    """Keep the hour on the clock in the Netherlands, summer time or not."""
    if isinstance(value, datetime):
        naive = timezone.localtime(value).replace(tzinfo=None) + relativedelta(years=1)
        return timezone.make_aware(naive)
    return value + relativedelta(years=1)


@transaction.atomic
def change_round(*, round: Round, edition: int, by: Person, **fields: Any) -> None:
    """Change a round in preparation.

    `edition` is the one the person saw: raises StalePage when somebody else saved meanwhile, DoorClosed when the round
    has been opened, ValidationError with a message per field. The round is as it was when any of these is raised.
    """
    if not is_open(Door.SET_UP, round.stage):
        raise DoorClosed
    with changed(round, fields) as names:
        round.full_clean()
        save_edition(round, edition, names)
        record(action="change_round", subject=round, by=by, fields=names)


@transaction.atomic
def set_criteria(*, round: Round, edition: int, by: Person, criteria: Iterable[Mapping[str, Any]]) -> None:
    """Let these be the criteria of a round in preparation, in this order. Raises as change_round does."""
    if not is_open(Door.SET_UP, round.stage):
        raise DoorClosed
    with changed(round, {}):
        save_edition(round, edition, [])
        write_criteria(round, criteria)
        record(action="set_criteria", subject=round, by=by)


def write_criteria(round: Round, criteria: Iterable[Mapping[str, Any]]) -> None:
    """Write the criteria of a round; one that keeps its name keeps its row. The caller holds the transaction.

    Raises ValidationError for a criterion that cannot be, and when the committee scores already and the points it
    scores by would no longer be the same: from then on only the weights can change.
    """
    wanted = [dict(fields) for fields in criteria]
    known = {criterion.name: criterion for criterion in round.criteria.all()}
    if round.stage not in {Stage.PLANNED, Stage.OPEN, Stage.SCREENING}:
        asked = {(fields["name"], fields["question"]) for fields in wanted}
        if asked != {(criterion.name, criterion.question) for criterion in known.values()}:
            raise ValidationError(_("The committee is scoring already. You can only change how often a point counts."))
    round.criteria.exclude(name__in=[fields["name"] for fields in wanted]).delete()
    for place, fields in enumerate(wanted):
        criterion = known.pop(fields["name"], None) or Criterion(round=round)
        for name, value in {**fields, "place": place}.items():
            setattr(criterion, name, value)
        criterion.full_clean()
        criterion.save()


@contextmanager
def changed(round: Round, fields: Mapping[str, Any]) -> Iterator[list[str]]:
    """Set fields of a round, handing out the names of those that really change; put them back when it is refused."""
    before = {name: getattr(round, name) for name in (*fields, "edition")}
    for name, value in fields.items():
        setattr(round, name, value)
    try:
        yield sorted(name for name, value in fields.items() if before[name] != value)
    except BaseException:
        for name, value in before.items():
            setattr(round, name, value)
        raise


def save_edition(round: Round, edition: int, names: Iterable[str]) -> None:
    """Write the fields only if the round is still as the person saw it: stage and edition, in one statement.

    Raises StalePage. The caller holds the transaction.
    """
    values = {name: getattr(round, name) for name in names}
    seen = Round.objects.filter(pk=round.pk, stage=round.stage, edition=edition)
    if not seen.update(edition=F("edition") + 1, **values):
        raise StalePage
    round.edition = edition + 1
