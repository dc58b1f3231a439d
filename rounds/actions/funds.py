"""Setting up a fund: what it is called, what it is for, who starts it."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from rounds.actions.audit import record
from rounds.actions.seats import give_seat
from rounds.lifecycle import Role
from rounds.models import Fund


@transaction.atomic
def create_fund(*, by: Person | None, **fields: str) -> Fund:
    """Make a fund; who makes it becomes its first official, from today on. Raises ValidationError."""
    fund = Fund(**fields)
    fund.full_clean()
    fund.save(force_insert=True)
    record(action="create_fund", subject=fund, by=by)
    if by is not None:
        give_seat(fund=fund, person=by, role=Role.OFFICIAL, from_date=timezone.localdate(), by=by)
    return fund


@transaction.atomic
def change_fund(*, fund: Fund, by: Person, **fields: Any) -> None:
    """Change what a fund is called, what it is for, and under which scheme it gives money. Raises ValidationError."""
    changed = sorted(name for name, value in fields.items() if getattr(fund, name) != value)
    for name, value in fields.items():
        setattr(fund, name, value)
    fund.full_clean()
    if changed:
        fund.save(update_fields=changed)
        record(action="change_fund", subject=fund, by=by, fields=changed)
