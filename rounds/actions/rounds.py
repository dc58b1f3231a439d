"""Setting up a round: from scratch or from last year's, its dates, its rule, its criteria."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Person
from rounds.actions.audit import record
from rounds.lifecycle import Door, DoorClosed, is_open
from rounds.models import Criterion, Fund, Round, RuleVersion
from rounds.queries import current_rule, digest_of, rule_document

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
RULE_FIELDS = frozenset(COPIED) - {"call"} | {"lot_seed"}


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
    """Make next year's round from this one: same rule, same criteria, same call, every date one year later."""
    fields: dict[str, Any] = {field: getattr(round, field) for field in COPIED}
    for field in DATES:
        value = getattr(round, field)
        fields[field] = None if value is None else _a_year_later(value)
    copy = create_round(fund=round.fund, by=by, name=name, slug=slug, **fields)
    Criterion.objects.bulk_create(
        Criterion(round=copy, name=old.name, question=old.question, weight=old.weight, place=old.place)
        for old in round.criteria.all()
    )
    record(action="copy_round", subject=copy, by=by, copied_from=round.pk)
    return copy


def _a_year_later(value: Any) -> Any:
    """Keep the hour on the clock in the Netherlands, summer time or not."""
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        naive = local.replace(tzinfo=None) + relativedelta(years=1)
        return timezone.make_aware(naive)
    return value + relativedelta(years=1)


@transaction.atomic
def change_round(*, round: Round, edition: int, by: Person, **fields: Any) -> None:
    """Change a round in preparation.

    `edition` is the one the person saw: raises StalePage when somebody else saved meanwhile, DoorClosed when the round
    has been opened, ValidationError with a message per field.
    """
    if not is_open(Door.SET_UP, round.stage):
        raise DoorClosed
    for name, value in fields.items():
        setattr(round, name, value)
    round.full_clean()
    _save_edition(round, edition, fields)
    record(action="change_round", subject=round, by=by, fields=sorted(fields))


@transaction.atomic
def set_criteria(*, round: Round, edition: int, by: Person, criteria: Iterable[Mapping[str, Any]]) -> None:
    """Replace the criteria of a round in preparation by these, in this order. Raises as change_round does."""
    if not is_open(Door.SET_UP, round.stage):
        raise DoorClosed
    _save_edition(round, edition, {})
    round.criteria.all().delete()
    for place, fields in enumerate(criteria):
        criterion = Criterion(round=round, place=place, **fields)
        criterion.full_clean()
        criterion.save(force_insert=True)
    record(action="set_criteria", subject=round, by=by)


@transaction.atomic
def change_rule(*, round: Round, edition: int, by: Person, reason: str, **fields: Any) -> RuleVersion:
    """Publish a new version of a rule that was frozen already, with the reason for it (Awb 4:26).

    Raises DoorClosed from the vote on, StalePage, ValidationError, and ValueError without a reason or for a field that
    is no part of the rule.
    """
    if not is_open(Door.CHANGE_RULE, round.stage):
        raise DoorClosed
    if not reason.strip():
        raise ValueError("A changed rule needs its reason.")
    if unknown := set(fields) - RULE_FIELDS:
        raise ValueError(f"No part of the rule: {sorted(unknown)}")
    for name, value in fields.items():
        setattr(round, name, value)
    round.full_clean()
    _save_edition(round, edition, fields)
    version = freeze_rule(round=round, by=by, reason=reason)
    record(action="change_rule", subject=round, by=by, reason=reason, digest=version.digest, number=version.number)
    return version


def freeze_rule(*, round: Round, by: Person | None, reason: str = "") -> RuleVersion:
    """Write the round's rule as it stands now into its next version. The caller holds the transaction."""
    last = current_rule(round)
    document = rule_document(round)
    return RuleVersion.objects.create(
        round=round,
        number=1 if last is None else last.number + 1,
        document=document,
        digest=digest_of(document),
        reason=reason,
        frozen_at=timezone.now(),
        frozen_by=by,
    )


def _save_edition(round: Round, edition: int, fields: Mapping[str, Any]) -> None:
    """Write the fields only if the round is still as the person saw it: stage and edition, in one statement."""
    values = {name: getattr(round, name) for name in fields}
    seen = Round.objects.filter(pk=round.pk, stage=round.stage, edition=edition)
    if not seen.update(edition=F("edition") + 1, **values):
        raise StalePage
    round.edition = edition + 1
