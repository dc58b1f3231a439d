"""The distribution rule: frozen when the round opens, and changed after that only with a reason."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from rounds.actions.audit import record
from rounds.actions.rounds import COPIED, changed, save_edition, write_criteria
from rounds.lifecycle import Door, DoorClosed, is_open
from rounds.models import Round, RuleVersion
from rounds.queries import current_rule, digest_of, rule_document, rule_problems

RULE_FIELDS = frozenset(COPIED) - {"call"} | {"lot_seed"}


class NothingChanged(Exception):
    """The new version says the same as the one in force."""


@transaction.atomic
def change_rule(
    *,
    round: Round,
    edition: int,
    by: Person,
    reason: str,
    criteria: Iterable[Mapping[str, Any]] | None = None,
    **fields: Any,
) -> RuleVersion:
    """Publish a new version of a rule that was frozen already, with the reason for it (Awb 4:26).

    Raises DoorClosed from the vote on, StalePage, NothingChanged, ValidationError with a message per field (choices
    that do not fit together among them), and ValueError without a reason or for a field that is no part of the rule.
    """
    if not is_open(Door.CHANGE_RULE, round.stage):
        raise DoorClosed
    if not reason.strip():
        raise ValueError("A changed rule needs its reason.")
    if unknown := set(fields) - RULE_FIELDS:
        raise ValueError(f"No part of the rule: {sorted(unknown)}")
    with changed(round, fields) as names:
        round.full_clean()
        if problems := rule_problems(round):
            raise ValidationError(problems)
        save_edition(round, edition, names)
        if criteria is not None:
            write_criteria(round, criteria)
        version = _new_version(round=round, by=by, reason=reason)
        record(action="change_rule", subject=round, by=by, reason=reason, digest=version.digest, number=version.number)
    return version


def _new_version(*, round: Round, by: Person | None, reason: str) -> RuleVersion:
    last = current_rule(round)
    if last is not None and last.document == rule_document(round):
        raise NothingChanged
    return freeze_rule(round=round, by=by, reason=reason)


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
