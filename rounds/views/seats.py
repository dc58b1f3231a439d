"""Who sits where: giving, ending and extending a seat."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from rounds import actions, queries
from rounds.forms import EndSeatForm, ExtendSeatForm, GiveSeatForm, add_errors
from rounds.lifecycle import ROLE_DESCRIPTIONS
from rounds.models import Fund, Seat
from rounds.permissions import may_manage_fund, may_manage_seat
from rounds.views.people import person_of, typed
from web.locks import allow
from web.pages import page


@allow(may_manage_fund, load=queries.fund_for)
def seats(request: HttpRequest, fund: Fund) -> HttpResponse:
    """The seats of a fund: now, still to come, over; and what each role does."""
    by_term = queries.seats_by_term(fund)
    groups: list[dict[str, Any]] = [
        {"title": _("Now"), "seats": by_term.now},
        {"title": _("Still to come"), "seats": by_term.future},
        {"title": _("Over"), "seats": by_term.past, "over": True},
    ]
    roles = [{"label": role.label, "value": words} for role, words in ROLE_DESCRIPTIONS.items()]
    context = {"fund": fund, "groups": [group for group in groups if group["seats"]], "roles": roles}
    return page(request, "rounds/seat_list.html", context)


@allow(may_manage_fund, load=queries.fund_for)
def give_seat(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Give somebody a seat by mail address."""
    form = GiveSeatForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            seat = actions.give_seat_by_mail(fund=fund, by=person_of(request), **form.cleaned_data)
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, _("%(person)s has a seat now.") % {"person": seat.person})
            return redirect("rounds:seats", fund.slug)
    return page(request, "rounds/seat_form.html", {"form": form, "fund": fund, "title": _("Give a seat")})


@allow(may_manage_seat, load=queries.seat_for)
def end_seat(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Let a seat end on a day."""
    form = EndSeatForm(typed(request))
    return _change(request, seat, form, actions.end_seat, _("End this seat"))


@allow(may_manage_seat, load=queries.seat_for)
def extend_seat(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Let a seat go on for longer."""
    later = None if seat.until_date is None else seat.until_date + timedelta(days=365)
    form = ExtendSeatForm(typed(request), initial={"until_date": later})
    return _change(request, seat, form, actions.extend_seat, _("Extend this seat"))


def _change(request: HttpRequest, seat: Seat, form: forms.Form, action: Any, title: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            action(seat=seat, until_date=form.cleaned_data["until_date"], by=person_of(request))
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("rounds:seats", seat.fund.slug)
    return page(request, "rounds/seat_form.html", {"form": form, "fund": seat.fund, "seat": seat, "title": title})
