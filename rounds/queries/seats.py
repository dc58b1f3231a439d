"""Who sits where, today and otherwise."""

from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from rounds.lifecycle import Role, Stage
from rounds.models import Fund, Round, Seat


def active_seats() -> QuerySet[Seat]:
    """Return the seats whose term includes today."""
    today = timezone.localdate()
    return Seat.objects.filter(Q(until_date__isnull=True) | Q(until_date__gte=today), from_date__lte=today)


def roles_by_fund(user: Any) -> dict[int, frozenset[Role]]:
    """Return fund id -> the roles this person holds today; asked of the database once per user object."""
    if not getattr(user, "is_authenticated", False):
        return {}
    known: dict[int, frozenset[Role]] | None = getattr(user, "roles_held_today", None)
    if known is None:
        known = {}
        for fund_id, role in active_seats().filter(person_id=user.pk).values_list("fund_id", "role"):
            known[fund_id] = known.get(fund_id, frozenset()) | {Role(role)}
        user.roles_held_today = known  # a memo on the user object, gone with the request
    return known


def roles_of(user: Any, fund_id: int) -> frozenset[Role]:
    """Return the roles this person holds today in one fund."""
    return roles_by_fund(user).get(fund_id, frozenset())


def all_roles_of(user: Any) -> frozenset[Role]:
    """Return the roles this person holds today, in any fund."""
    return frozenset().union(*roles_by_fund(user).values())


def funds_managed_by(user: Any) -> QuerySet[Fund]:
    """Return the funds of which this person is an official today."""
    return Fund.objects.filter(pk__in=[pk for pk, roles in roles_by_fund(user).items() if Role.OFFICIAL in roles])


def fund_for(user: Any, slug: str) -> Fund:
    """Loader of a fund's pages: those with a seat in it know it, everybody once a round of it is public. Or Http404."""
    public = Round.objects.filter(fund=OuterRef("pk")).exclude(stage__in=[Stage.PLANNED, Stage.CANCELLED])
    known = Fund.objects.filter(Q(pk__in=roles_by_fund(user)) | Exists(public))
    fund = known.filter(slug=slug).first()
    if fund is None:
        raise Http404
    return fund


def seat_for(user: Any, pk: int) -> Seat:
    """Loader of a seat: only officials of its fund know that it exists. Or Http404."""
    seats = Seat.objects.filter(fund__in=funds_managed_by(user)).select_related("person", "fund")
    seat = seats.filter(pk=pk).first()
    if seat is None:
        raise Http404
    return seat


class SeatsByTerm(NamedTuple):
    """The seats of a fund, sorted by whether their term is running."""

    now: list[Seat]
    future: list[Seat]
    past: list[Seat]


def seats_by_term(fund: Fund) -> SeatsByTerm:
    """Return a fund's seats with their people: running, still to come, over. One query."""
    today = timezone.localdate()
    sorted_seats = SeatsByTerm([], [], [])
    for seat in fund.seats.select_related("person").order_by("role", "person__name", "from_date"):
        if seat.from_date > today:
            sorted_seats.future.append(seat)
        elif seat.until_date is not None and seat.until_date < today:
            sorted_seats.past.append(seat)
        else:
            sorted_seats.now.append(seat)
    return sorted_seats
