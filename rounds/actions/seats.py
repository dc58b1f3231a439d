"""Giving people a seat in a fund, and ending or extending it."""

from copy import copy
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Person
from rounds.actions.audit import record
from rounds.lifecycle import Role
from rounds.models import Fund, Seat


@transaction.atomic
def give_seat(
    *, fund: Fund, person: Person, role: Role, from_date: date, until_date: date | None = None, by: Person | None
) -> Seat:
    """Give somebody a seat. Raises ValidationError when they have it already, or when it ends before it starts."""
    seat = Seat(fund=fund, person=person, role=role, from_date=from_date, until_date=until_date)
    seat.full_clean()
    _refuse_overlap(seat)
    seat.save(force_insert=True)
    record(action="give_seat", subject=seat, by=by, role=role, from_date=from_date, until_date=until_date)
    return seat


@transaction.atomic
def give_seat_by_mail(
    *,
    fund: Fund,
    email: str,
    name: str,
    role: Role,
    from_date: date,
    until_date: date | None = None,
    by: Person | None,
) -> Seat:
    """Give a seat to whoever has this mail address; make the person when nobody has it yet. Raises as give_seat does.

    The name is only for a new person: what people are called is up to themselves.
    """
    person = Person.objects.filter(email=email.lower()).first()
    if person is None:
        person = Person.objects.create_user(email=email, name=name)
    return give_seat(fund=fund, person=person, role=role, from_date=from_date, until_date=until_date, by=by)


@transaction.atomic
def end_seat(*, seat: Seat, until_date: date, by: Person) -> None:
    """Let a seat end on a day, that day included.

    Raises ValidationError when that lies before its first day, or when it would leave the fund without an official.
    """
    # A copy, so that what is refused leaves the caller's seat as it was.
    ended = copy(seat)
    ended.until_date = until_date
    ended.full_clean()
    if seat.role == Role.OFFICIAL and not _another_official(seat, after=until_date):
        raise ValidationError(_("This is the last official of the fund. First give somebody else this seat."))
    seat.until_date = until_date
    seat.save(update_fields=["until_date"])
    record(action="end_seat", subject=seat, by=by, until_date=until_date)


@transaction.atomic
def extend_seat(*, seat: Seat, until_date: date | None, by: Person) -> None:
    """Let a seat go on until a later day, or (None) until further notice.

    Raises ValidationError when that is no later than now, or when the person has the same seat again by then.
    """
    if until_date is not None and (seat.until_date is None or until_date <= seat.until_date):
        raise ValidationError({"until_date": _("This is no later than the last day now. Choose a later day.")})
    extended = copy(seat)
    extended.until_date = until_date
    extended.full_clean()
    _refuse_overlap(extended)
    seat.until_date = until_date
    seat.save(update_fields=["until_date"])
    record(action="extend_seat", subject=seat, by=by, until_date=until_date)


def _refuse_overlap(seat: Seat) -> None:
    same = Seat.objects.filter(fund=seat.fund, person=seat.person, role=seat.role).exclude(pk=seat.pk)
    overlap = same.filter(Q(until_date__isnull=True) | Q(until_date__gte=seat.from_date))
    if seat.until_date is not None:
        overlap = overlap.filter(from_date__lte=seat.until_date)
    if overlap.exists():
        raise ValidationError(_("This person has this seat already in (a part of) this time."))


def _another_official(seat: Seat, *, after: date) -> bool:
    """Whether somebody else is an official of the fund on the day after this one."""
    next_day = after + timedelta(days=1)
    others = Seat.objects.filter(fund=seat.fund, role=Role.OFFICIAL).exclude(pk=seat.pk)
    return others.filter(Q(until_date__isnull=True) | Q(until_date__gte=next_day), from_date__lte=next_day).exists()
