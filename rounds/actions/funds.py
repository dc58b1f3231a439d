"""Setting up a fund and giving people a seat in it."""

from datetime import date

from django.db import transaction

from accounts.models import Person
from rounds.actions.audit import record
from rounds.lifecycle import Role
from rounds.models import Fund, Seat


@transaction.atomic
def create_fund(*, by: Person | None, **fields: str) -> Fund:
    """Make a fund; who makes it becomes its first official, from today on."""
    fund = Fund(**fields)
    fund.full_clean()
    fund.save(force_insert=True)
    record(action="create_fund", subject=fund, by=by)
    return fund


@transaction.atomic
def change_fund(*, fund: Fund, by: Person, **fields: str) -> None:
    """Change what a fund is called, what it is for, and under which scheme it gives money."""
    for name, value in fields.items():
        setattr(fund, name, value)
    fund.full_clean()
    fund.save(update_fields=list(fields))
    record(action="change_fund", subject=fund, by=by, fields=sorted(fields))


@transaction.atomic
def give_seat(
    *, fund: Fund, person: Person, role: Role, from_date: date, until_date: date | None = None, by: Person | None
) -> Seat:
    """Give somebody a seat. Raises ValidationError when they have it already, or when it ends before it starts."""
    seat = Seat(fund=fund, person=person, role=role, from_date=from_date, until_date=until_date)
    seat.full_clean()
    seat.save(force_insert=True)
    record(action="give_seat", subject=seat, by=by, role=role, from_date=from_date, until_date=until_date)
    return seat


@transaction.atomic
def end_seat(*, seat: Seat, until_date: date, by: Person) -> None:
    """Let a seat end on a day, that day included. Raises ValidationError when that lies before its first day."""
    seat.until_date = until_date
    seat.full_clean()
    seat.save(update_fields=["until_date"])
    record(action="end_seat", subject=seat, by=by, until_date=until_date)
