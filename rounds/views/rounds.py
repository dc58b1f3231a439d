"""A round: a new one, a copy of last year's, its office page, and its steps."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from rounds import actions, queries
from rounds.actions import StalePage
from rounds.forms import NewRoundForm, StepForm, add_errors
from rounds.lifecycle import EFFECTS, Event, ObstaclesRemain, Stage, TransitionRefused
from rounds.models import Fund, Round
from rounds.permissions import (
    may_advance,
    may_change_rule,
    may_manage_fund,
    may_manage_round,
    may_see_office,
    may_take_step,
)
from rounds.views.people import person_of, typed
from web.locks import allow
from web.pages import page


@allow(may_manage_fund, load=queries.fund_for)
def new_round(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Start a round from scratch: a name, then the parts."""
    form = NewRoundForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            round = actions.create_round(fund=fund, by=person_of(request), **form.cleaned_data)
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, _("The round is there. Nobody outside sees it until you open it."))
            return redirect("rounds:set_up", round.slug)
    return page(request, "rounds/round_form.html", {"form": form, "fund": fund})


@allow(may_manage_round, load=queries.round_for)
def copy(request: HttpRequest, round: Round) -> HttpResponse:
    """Make next year's round from this one: the suggested name is one click away."""
    name, slug = queries.next_names(round)
    form = NewRoundForm(typed(request), initial={"name": name, "slug": slug})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.copy_round(round=round, by=person_of(request), **form.cleaned_data)
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, _("The round is copied. All dates are one year later: look them over."))
            return redirect("rounds:set_up", made.slug)
    return page(request, "rounds/round_form.html", {"form": form, "fund": round.fund, "source": round})


@allow(may_see_office, load=queries.round_for)
def office(request: HttpRequest, round: Round) -> HttpResponse:
    """Where the round stands, what comes next and what still stands in the way."""
    manages = may_manage_round(request.user, round)
    steps = [step for step in queries.next_steps(round) if step.row.event != Event.CANCEL]
    context = {
        "round": round,
        "timeline": queries.timeline_of(round),
        "steps": [{"step": step, "mine": may_advance(request.user, round, step.row.event)} for step in steps],
        "may_cancel": may_advance(request.user, round, Event.CANCEL),
        "manages": manages,
        "tasks": _tasks(round) if manages and round.stage == Stage.PLANNED else [],
        "rule": queries.current_rule(round),
        "may_change_rule": may_change_rule(request.user, round),
        "links": queries.round_links(request.user, round),
        "called_off": queries.reason_for_cancelling(round) if round.stage == Stage.CANCELLED else "",
    }
    return page(request, "rounds/round_office.html", context)


def _tasks(round: Round) -> list[dict[str, str]]:
    return [
        {
            "label": task.label,
            "url": task.url,
            "status": _("To do") if task.problems else _("Done"),
            "kind": "warning" if task.problems else "success",
            "hint": " ".join(task.problems) or task.hint,
        }
        for task in queries.set_up_tasks(round)
    ]


@allow(may_take_step, load=queries.step_for)
def step(request: HttpRequest, wanted: queries.Step) -> HttpResponse:
    """Ask whether somebody is sure, then let the round move on."""
    round, event = wanted
    asks_reason = event == Event.CANCEL
    form = StepForm(typed(request), asks_reason=asks_reason, initial={"edition": round.edition})
    if request.method == "POST" and form.is_valid():
        answer = _take(request, wanted, form)
        if answer is not None:
            return answer
    possible = may_advance(request.user, round, event)
    context = {
        "round": round,
        "event": event,
        "effect": EFFECTS[event],
        "form": form,
        "possible": possible,
        "obstacles": queries.obstacles_to(round, event) if possible else [],
        "rule": queries.lines_of_rule(queries.rule_document(round)) if event == Event.OPEN else [],
        "digest": queries.digest_of(queries.rule_document(round)) if event == Event.OPEN else "",
        "asks_reason": asks_reason,
    }
    return page(request, "rounds/round_step.html", context, status=409 if request.method == "POST" else 200)


def _take(request: HttpRequest, wanted: queries.Step, form: StepForm) -> HttpResponse | None:
    """Let it happen; the answer, or None when something still stands in the way."""
    round, event = wanted
    # What was checked against the person's seats now: the stage may have moved on since the page was opened.
    edition = form.seen_edition if event == Event.OPEN else None
    try:
        actions.perform(round, event, person_of(request), reason=form.cleaned_data.get("reason", ""), edition=edition)
    except StalePage:
        messages.warning(request, _("Somebody changed the rule meanwhile. Read it again before you open the round."))
        return redirect("rounds:step", round.slug, event)
    except ObstaclesRemain:
        return None
    except TransitionRefused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("Done. The stage is now: %(stage)s.") % {"stage": round.get_stage_display()})
    return redirect("rounds:office", round.slug)
