"""Setting up a round, part by part. Every part knows what to do when somebody else was quicker."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from rounds import actions, queries
from rounds.actions import StalePage
from rounds.forms import (
    BallotForm,
    CallForm,
    CountingForm,
    CriteriaFormSet,
    DivisionForm,
    EditionForm,
    MoneyForm,
    PartForm,
    add_errors,
)
from rounds.lifecycle import Door, DoorClosed, is_open
from rounds.models import Round
from rounds.permissions import may_change_rule, may_manage_round, may_set_up_round
from rounds.views.people import person_of, typed
from web.locks import allow
from web.pages import page


@allow(may_manage_round, load=queries.round_for)
def set_up(request: HttpRequest, round: Round) -> HttpResponse:
    """The parts of setting up, as a list of tasks; once the round is open, what was chosen."""
    if is_open(Door.SET_UP, round.stage):
        return redirect("rounds:office", round.slug)
    context = {
        "round": round,
        "rows": [
            {"label": _("Money and dates"), "value": next(task.hint for task in queries.set_up_tasks(round))},
            {"label": _("Call"), "value": round.call},
            *(
                {"label": line.label, "value": line.value}
                for line in queries.lines_of_rule(queries.rule_document(round))
            ),
        ],
        "may_change_rule": may_change_rule(request.user, round),
    }
    return page(request, "rounds/round_closed.html", context)


@allow(may_manage_round, load=queries.round_for)
def money(request: HttpRequest, round: Round) -> HttpResponse:
    """How much money there is, and when everything happens."""
    return _part(request, round, MoneyForm, _("Money and dates"))


@allow(may_manage_round, load=queries.round_for)
def call(request: HttpRequest, round: Round) -> HttpResponse:
    """The text of the call."""
    return _part(request, round, CallForm, _("Call"))


@allow(may_manage_round, load=queries.round_for)
def ballot(request: HttpRequest, round: Round) -> HttpResponse:
    """How members vote."""
    return _part(request, round, BallotForm, _("The vote"))


@allow(may_manage_round, load=queries.round_for)
def division(request: HttpRequest, round: Round) -> HttpResponse:
    """How the money is divided."""
    return _part(request, round, DivisionForm, _("The division"))


@allow(may_manage_round, load=queries.round_for)
def counting(request: HttpRequest, round: Round) -> HttpResponse:
    """From when a vote counts."""
    return _part(request, round, CountingForm, _("Rules for the count"))


def _part(request: HttpRequest, round: Round, form_class: type[PartForm], title: str) -> HttpResponse:
    """Show or save one part. Nothing that somebody typed is ever lost: a refusal shows it again with the reason."""
    open_now = may_set_up_round(request.user, round)
    if request.method != "POST" and not open_now:
        return redirect("rounds:set_up", round.slug)
    form = form_class(typed(request), instance=copy(round))
    context: dict[str, Any] = {"round": round, "title": title, "form": form, "closed": not open_now}
    if request.method == "POST" and form.is_valid() and open_now:
        try:
            actions.change_round(round=round, edition=form.seen_edition, by=person_of(request), **form.values)
        except StalePage:
            context |= _now_saved(round, form)
        except DoorClosed:
            context["closed"] = True
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            return _saved(request, round)
    status = 409 if context["closed"] or "stale" in context else 200
    return page(request, "rounds/round_part.html", context, status=status)


def _now_saved(round: Round, form: PartForm) -> dict[str, Any]:
    """What to show when somebody else saved in between: the round as it is now, with the typed text still there."""
    round.refresh_from_db()
    open_now = is_open(Door.SET_UP, round.stage)
    return {"stale": True, "closed": not open_now, "saved_now": form.renew(round)}


def _saved(request: HttpRequest, round: Round) -> HttpResponse:
    messages.success(request, _("Saved."))
    for problem in queries.rule_problems(round).values():
        messages.warning(request, problem)
    return redirect("rounds:office", round.slug)


@allow(may_manage_round, load=queries.round_for)
def criteria(request: HttpRequest, round: Round) -> HttpResponse:
    """What the committee looks at: rows with a name, a question and a weight."""
    open_now = may_set_up_round(request.user, round)
    if request.method != "POST" and not open_now:
        return redirect("rounds:set_up", round.slug)
    context: dict[str, Any] = {"round": round, "edition": round.edition, "closed": not open_now}
    if "add_row" in request.POST:
        formset = CriteriaFormSet.with_another_row(request.POST)
        context["edition"] = EditionForm(request.POST).seen_edition
    else:
        rows = list(round.criteria.values("name", "question", "weight"))
        formset = CriteriaFormSet(typed(request), initial=rows)
        if request.method == "POST" and formset.is_valid() and open_now:
            try:
                actions.set_criteria(
                    round=round,
                    edition=EditionForm(request.POST).seen_edition,
                    by=person_of(request),
                    criteria=formset.rows,
                )
            except (StalePage, DoorClosed):
                context |= _criteria_now(round)
            else:
                return _saved(request, round)
    status = 409 if context["closed"] or "stale" in context else 200
    return page(request, "rounds/criterion_form.html", {**context, "formset": formset}, status=status)


def _criteria_now(round: Round) -> dict[str, Any]:
    round.refresh_from_db()
    return {
        "stale": True,
        "closed": not is_open(Door.SET_UP, round.stage),
        "edition": round.edition,
        "saved_now": list(round.criteria.all()),
    }
