"""The public pages of the fund: home, a round, its comparison of rules, one proposal, the export."""

import io
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from fund.permissions import may_export_ballots
from fund.queries.amounts import amounts_of
from fund.queries.comparisons import comparison_of
from fund.queries.engine import election_of, write_election
from fund.queries.home import home_for
from fund.queries.outcomes import (
    ProposalOutcome,
    counted_round_for,
    outcome_of,
    proposal_outcome_for,
    was_held_elsewhere,
)
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
