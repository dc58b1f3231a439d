"""The public pages of the fund: home, a round, its comparison of rules, one proposal, the export."""

import io
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from fund.actions import allocate_round, compare_rules
from fund.permissions import may_allocate, may_export_ballots
from fund.queries.amounts import amounts_of
from fund.queries.comparisons import comparison_of
from fund.queries.engine import election_of, write_election
from fund.queries.home import home_for
from fund.queries.outcomes import (
    counted_round_for,
    outcome_of,
    was_held_elsewhere,
)
from fund.queries.proposals import ProposalOutcome, proposal_outcome_for
from proposals.lifecycle import call_is_open
from proposals.queries import number_sent_in
from rounds.lifecycle import COUNTED, STAGE_LABELS, Audience, Stage
from rounds.models import Round
from rounds.queries import current_rule, reason_for_cancelling, round_for, timeline_of
from web.locks import allow, anyone
from web.pages import page


@allow(anyone)
def home(request: HttpRequest) -> HttpResponse:
    """What the fund is, what goes on now, what came of the last round."""
    return page(request, "fund/home_public.html", {"home": home_for(request.user)})


@allow(anyone, load=round_for)
def round_page(request: HttpRequest, round: Round) -> HttpResponse:
    """A round: the call, the dates, and once it is counted the outcome with its explanations."""
    outcome = outcome_of(round, wanted=request.GET.get("q", ""))
    elsewhere = was_held_elsewhere(round)
    context = {
        "round": round,
        "stage": "" if elsewhere else STAGE_LABELS[Audience.PUBLIC][Stage(round.stage)],
        "elsewhere": elsewhere,
        "ceiling": amounts_of(round)(round.ceiling),
        "outcome": outcome,
        "groups": outcome.groups if outcome else [],
        "is_open": call_is_open(round.stage, closes_at=round.closes_at, now=timezone.now()),
        "counted": round.stage in COUNTED,
        "is_advice": round.stage == Stage.ADVICE and not elsewhere,
        "cancelled": reason_for_cancelling(round) if round.stage == Stage.CANCELLED else "",
        "received": None if outcome else number_sent_in(round),
        "steps": [] if elsewhere else timeline_of(round, Audience.PUBLIC)[1:],
        "rule": current_rule(round),
        "may_export": may_export_ballots(request.user, round),
    }
    return page(request, "fund/round_public.html", context)


@allow(anyone, load=counted_round_for)
def compare(request: HttpRequest, round: Round) -> HttpResponse:
    """The rules beside each other on the same ballots."""
    return page(request, "fund/round_compare.html", {"round": round, "comparison": comparison_of(round)})


@allow(anyone, load=proposal_outcome_for)
def proposal(request: HttpRequest, found: ProposalOutcome) -> HttpResponse:
    """One proposal: what became of it, why, and what would have been enough."""
    lines = found.proposal.budget_lines.all()
    return page(request, "fund/proposal_public.html", {"found": found, "budget_lines": lines})


@allow(may_allocate, load=round_for)
def divide(request: HttpRequest, round: Round) -> HttpResponse:
    """Ask whether the budget is to be divided now, then do it; again where the committee voted again."""
    if request.method == "POST":
        # Locked for people who are signed in: there is a person.
        person = cast(Person, request.user)
        allocate_round(round=round, by=person)
        compare_rules(round=round, by=person)
        messages.success(request, _("The rule has divided the budget. Everybody can see the outcome now."))
        return redirect("fund:round", round.slug)
    return page(request, "fund/round_divide.html", {"round": round, "outcome": outcome_of(round)})


def exported_round_for(user: Any, slug: str) -> Round:
    """Loader of the export: for who may not have the ballots there is nothing here."""
    round = counted_round_for(user, slug)
    if not may_export_ballots(user, round):
        raise Http404
    return round


@allow(anyone, load=exported_round_for)
def export(request: HttpRequest, round: Round) -> HttpResponse:
    """The ballots, without names, as a file that anyone can count again."""
    file = io.StringIO()
    write_election(election_of(round), file)
    name = f"{round.slug}.pb"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)
