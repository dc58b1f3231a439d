"""Checking what was sent in: the worklist, one dossier, and that it is complete."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from proposals.actions import admit_proposal, fill_in_checklist, log_reading
from proposals.forms import ChecklistForm, SeenForm, WorklistForm
from proposals.lifecycle import TransitionRefused
from proposals.models import QUESTIONS, Field, Proposal
from proposals.permissions import (
    may_admit,
    may_extend_supplement,
    may_not_treat,
    may_read_dossier,
    may_screen,
    may_set_points,
)
from proposals.queries import (
    Check,
    Sent,
    Worklist,
    attachments_of,
    checklist_of,
    columns_of,
    mark_of_checklist,
    screened_proposal_for,
    sent_last,
    similar_proposals,
    work_row,
    worklist,
)
from proposals.views.people import person_of
from rounds.actions import StalePage
from rounds.lifecycle import DoorClosed
from rounds.models import Fund, Round
from rounds.permissions import may_manage_fund, may_manage_round
from rounds.queries import fund_for, round_for
from web.exports import csv_response, xlsx_response
from web.locks import allow
from web.pages import page

ROWS_PER_PAGE = 25
REFUSALS = (StalePage, DoorClosed, TransitionRefused)


@require_safe
@allow(may_manage_round, load=round_for)
def round_worklist(request: HttpRequest, round: Round) -> HttpResponse:
    """Lead on to the worklist of this round's fund, filtered by the round."""
    address = reverse("proposals:worklist", args=[round.fund.slug])
    return redirect(f"{address}?{urlencode({'round': round.slug})}")


def filtered(request: HttpRequest, fund: Fund) -> tuple[WorklistForm, Worklist]:
    """Return the filters of the address, and what they leave."""
    form = WorklistForm(request.GET, rounds=list(fund.rounds.order_by("-opens_at", "-pk")))
    return form, worklist(fund, **form.filters)


@never_cache
@require_safe
@allow(may_manage_fund, load=fund_for)
def proposal_worklist(request: HttpRequest, fund: Fund) -> HttpResponse:
    """What has to be checked, the most urgent first."""
    form, found = filtered(request, fund)
    form.say_how_many(found.counts)
    chosen = form.filters["round"]
    context = {
        "fund": fund,
        "filters": form,
        "chosen": chosen,
        "may_set_points": chosen is not None and may_set_points(request.user, chosen),
        "page_obj": Paginator(found.rows, ROWS_PER_PAGE).get_page(request.GET.get("page")),
        "is_filtered": any(form.filters.values()),
        "query": request.GET.urlencode(),
    }
    return page(request, "proposals/proposal_worklist.html", context, part="rows")


@never_cache
@require_safe
@allow(may_manage_fund, load=fund_for)
def worklist_csv(request: HttpRequest, fund: Fund) -> HttpResponse:
    """The rows that the filters leave, on all pages, as CSV."""
    header, rows = columns_of(filtered(request, fund)[1].rows)
    return csv_response(f"{fund.slug}-{timezone.localdate().isoformat()}", header, rows)


@never_cache
@require_safe
@allow(may_manage_fund, load=fund_for)
def worklist_xlsx(request: HttpRequest, fund: Fund) -> HttpResponse:
    """The same as XLSX."""
    header, rows = columns_of(filtered(request, fund)[1].rows)
    return xlsx_response(f"{fund.slug}-{timezone.localdate().isoformat()}", header, rows)


@never_cache
@require_safe
@allow(may_read_dossier, load=screened_proposal_for)
def dossier(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Everything that was sent, the checklist, and what can be done. That somebody read it is written down."""
    log_reading(proposal=proposal, by=person_of(request))
    return show_dossier(request, proposal, checklist_of(proposal))


def show_dossier(
    request: HttpRequest,
    proposal: Proposal,
    checks: list[Check],
    *,
    form: ChecklistForm | None = None,
    stale: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Render the dossier, with a checklist that was just typed or the one that is kept."""
    sent = sent_last(proposal)
    context = {
        "proposal": proposal,
        "round": proposal.round,
        "row": work_row(proposal),
        "sent": sent,
        "answers": answers_of(sent),
        "form": form or ChecklistForm(checks, initial={"mark": mark_of_checklist(checks)}),
        "checks": checks,
        "stale": stale,
        "seen": SeenForm(initial={"seen": sent.number}),
        "attachments": [one for one in attachments_of(proposal) if not one.is_refused],
        "similar": similar_proposals(proposal),
        "supplements": supplements_of(proposal),
        **allowed(request, proposal),
    }
    return page(request, "proposals/proposal_dossier.html", context, status=status)


def allowed(request: HttpRequest, proposal: Proposal) -> dict[str, bool]:
    """Return what this person may do with this proposal now, so that the template need not ask."""
    user = request.user
    return {
        "may_screen": may_screen(user, proposal),
        "may_admit": may_admit(user, proposal),
        "may_extend": may_extend_supplement(user, proposal),
        "may_not_treat": may_not_treat(user, proposal),
        "may_set_points": may_set_points(user, proposal.round),
    }


def answers_of(sent: Sent) -> list[dict[str, Any]]:
    """Return what was sent for a summary list, without the money and how to reach somebody."""
    rows = [{"label": question.key.label, "value": sent.texts.get(question.key, "")} for question in QUESTIONS]
    left_out = {Field.BUDGET.label, Field.CONTACT.label}
    return [row for row in rows if row["label"] not in left_out]


def supplements_of(proposal: Proposal) -> list[dict[str, Any]]:
    """Return what was asked so far, with the questions in words."""
    return [
        {"supplement": supplement, "questions": [Field(key).label for key in supplement.fields]}
        for supplement in proposal.supplements.all()
    ]


@require_POST
@allow(may_read_dossier, load=screened_proposal_for)
def checklist(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Save the checklist; when somebody else saved meanwhile, show theirs beside what was typed."""
    checks = checklist_of(proposal)
    form = ChecklistForm(checks, data=request.POST)
    if not form.is_valid():
        return show_dossier(request, proposal, checks, form=form)
    try:
        fill_in_checklist(
            proposal=proposal, by=person_of(request), mark=form.cleaned_data["mark"], findings=form.findings
        )
    except StalePage:
        renewed = request.POST.copy()
        renewed["mark"] = mark_of_checklist(checks)
        typed = ChecklistForm(checks, data=renewed)
        return show_dossier(request, proposal, checks, form=typed, stale=True, status=409)
    except DoorClosed:
        return refused(request, proposal, DoorClosed())
    messages.success(request, _("Saved."))
    return redirect("proposals:dossier", proposal.pk)


@require_POST
@allow(may_read_dossier, load=screened_proposal_for)
def admit(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Say that it is complete."""
    form = SeenForm(request.POST)
    try:
        # A page without its version is as old as can be.
        seen = form.cleaned_data["seen"] if form.is_valid() else -1
        admit_proposal(proposal=proposal, by=person_of(request), seen=seen)
    except REFUSALS as refusal:
        return refused(request, proposal, refusal)
    messages.success(request, _("This proposal is complete. It goes to the committee."))
    return redirect("proposals:dossier", proposal.pk)


def refused(request: HttpRequest, proposal: Proposal, refusal: Exception) -> HttpResponse:
    """Lead back to the dossier as it is now, and say why nothing was saved."""
    words = {
        StalePage: _("Something changed since you opened the page. Nothing was saved. Look at it again."),
        DoorClosed: _("The round has moved on. Checking is over, so nothing was saved."),
    }
    messages.warning(request, words.get(type(refusal)) or str(refusal))
    return redirect("proposals:dossier", proposal.pk)
