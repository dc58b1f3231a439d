"""The list of somebody's funds and rounds, and setting up a fund."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from rounds import actions, queries
from rounds.forms import FundForm, NewFundForm, add_errors
from rounds.lifecycle import events_from
from rounds.models import Fund
from rounds.permissions import may_create_fund, may_manage_fund, may_steer
from rounds.views.people import person_of, typed
from web.locks import allow
from web.pages import page


@allow(may_steer)
def overview(request: HttpRequest) -> HttpResponse:
    """My funds and their rounds: which stage, and what comes next."""
    funds = [
        {
            "fund": fund.fund,
            "managed": fund.managed,
            "rounds": [{"round": round, "next": _next_event(round.stage)} for round in fund.rounds],
        }
        for fund in queries.funds_overview(request.user)
    ]
    context = {"funds": funds, "may_create_fund": may_create_fund(request.user)}
    return page(request, "rounds/fund_list.html", context)


def _next_event(stage: str) -> Any:
    rows = events_from(stage)
    return rows[0].event.label if rows else ""


@allow(may_create_fund)
def new_fund(request: HttpRequest) -> HttpResponse:
    """Set up a fund."""
    form = NewFundForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            fund = actions.create_fund(by=person_of(request), **form.cleaned_data)
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, _("The fund is there. Now you can set up a round."))
            return redirect("rounds:new_round", fund.slug)
    return page(request, "rounds/fund_form.html", {"form": form})


@allow(may_manage_fund, load=queries.fund_for)
def change_fund(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Change a fund's name, purpose and scheme."""
    form = FundForm(typed(request), instance=Fund.objects.get(pk=fund.pk))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_fund(fund=fund, by=person_of(request), **form.cleaned_data)
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("rounds:overview")
    return page(request, "rounds/fund_form.html", {"form": form, "fund": fund})
