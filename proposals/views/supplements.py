"""Asking for what is missing, and answering it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from proposals.actions import (
    NotComplete,
    answer_supplement,
    ask_supplement,
    extend_supplement,
    not_treat_proposal,
)
from proposals.forms import AskSupplementForm, ExtendSupplementForm, NotTreatForm
from proposals.lifecycle import TransitionRefused
from proposals.models import Field, Proposal, Supplement, question_for
from proposals.permissions import may_answer_supplement, may_ask_supplement, may_extend_supplement, may_read_dossier
from proposals.permissions import may_not_treat as may_not_treat_now
from proposals.queries import (
    edited_since,
    open_supplement_of,
    proposal_for,
    screened_proposal_for,
    sent_last,
)
from proposals.views.people import person_of
from proposals.views.screening import REFUSALS, refused
from rounds.lifecycle import DoorClosed
from web.locks import allow
from web.pages import page


@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_read_dossier, load=screened_proposal_for)
def ask(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Choose which questions open again, say why, and by when."""
    if not may_ask_supplement(request.user, proposal):
        return refused(request, proposal, TransitionRefused(_("You cannot ask for a supplement now.")))
    form = AskSupplementForm(request.POST or None, initial={"seen": sent_last(proposal).number})
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        action = {"fields": asked["fields_asked"], "why": asked["why"], "due_date": asked["due_date"]}
        answer = perform(
            request, proposal, form, ask_supplement, **action, seen=asked["seen"], link=link_for(request, proposal)
        )
        if answer is not None:
            return answer
    return page(request, "proposals/supplement_ask.html", {"proposal": proposal, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_read_dossier, load=screened_proposal_for)
def extend(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Give more time to answer."""
    awaited = open_supplement_of(proposal)
    if awaited is None or not may_extend_supplement(request.user, proposal):
        return refused(request, proposal, TransitionRefused(_("Nothing is asked now, so there is no term.")))
    form = ExtendSupplementForm(request.POST or None, initial={"seen_due_date": awaited.due_date})
    if request.method == "POST" and form.is_valid():
        answer = perform(
            request, proposal, form, extend_supplement, **form.cleaned_data, link=link_for(request, proposal)
        )
        if answer is not None:
            return answer
    context = {"proposal": proposal, "form": form, "supplement": awaited}
    return page(request, "proposals/supplement_extend.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_read_dossier, load=screened_proposal_for)
def not_treat(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Leave it untreated, with reasons, once the term of a supplement has passed."""
    awaited = open_supplement_of(proposal)
    if awaited is None or not may_not_treat_now(request.user, proposal):
        words = _("This is only possible when the term of a supplement has passed.")
        return refused(request, proposal, TransitionRefused(words))
    form = NotTreatForm(request.POST or None, initial={"seen_due_date": awaited.due_date})
    if request.method == "POST" and form.is_valid():
        answer = perform(request, proposal, form, not_treat_proposal, **form.cleaned_data)
        if answer is not None:
            return answer
    context = {"proposal": proposal, "form": form, "supplement": awaited, "questions": questions_in(awaited)}
    return page(request, "proposals/proposal_not_treat.html", context)


def perform(
    request: HttpRequest, proposal: Proposal, form: forms.Form, action: Any, **asked: Any
) -> HttpResponse | None:
    """Do it and lead back to the dossier; None when the form has to be shown again, with the reasons in it."""
    try:
        action(proposal=proposal, by=person_of(request), **asked)
    except ValidationError as mistake:
        for field, words in getattr(mistake, "error_dict", {None: mistake}).items():
            form.add_error(field if field in form.fields else None, words)
        return None
    except REFUSALS as refusal:
        return refused(request, proposal, refusal)
    messages.success(request, _("Saved. The initiator gets a message."))
    return redirect("proposals:dossier", proposal.pk)


def link_for(request: HttpRequest, proposal: Proposal) -> str:
    """Return the address where the initiator answers, for a message."""
    return request.build_absolute_uri(reverse("proposals:supplement", args=[proposal.pk]))


def questions_in(supplement: Supplement) -> list[Any]:
    """Return the questions of a supplement in words."""
    return [Field(key).label for key in supplement.fields]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_answer_supplement, load=proposal_for)
def supplement(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """What we asked and why, the questions that are open again, and the button to send the answer."""
    if request.method == "POST":
        return send_supplement(request, proposal)
    return show_supplement(request, proposal)


def send_supplement(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Send the answer, or say what is still missing."""
    try:
        answer_supplement(proposal=proposal, by=person_of(request))
    except NotComplete as missing:
        return show_supplement(request, proposal, gaps=[gap.sentence for gap in missing.gaps], status=409)
    except (TransitionRefused, DoorClosed):
        messages.warning(request, _("This was sent already, or can no longer be sent. Call us when in doubt."))
    else:
        messages.success(request, _("We received your answer. We look at it and call you when something is unclear."))
    return redirect("proposals:receipt", proposal.pk)


def show_supplement(
    request: HttpRequest, proposal: Proposal, *, gaps: list[str] | None = None, status: int = 200
) -> HttpResponse:
    """Render the page."""
    awaited = open_supplement_of(proposal)
    if awaited is None:
        return redirect("proposals:receipt", proposal.pk)
    edited = edited_since(proposal, awaited.asked_at)
    tasks = [
        {
            "label": question_for(key).label,
            "url": reverse("proposals:question", args=[proposal.pk, key]),
            "status": _("Added to") if key in edited else _("To do"),
            "kind": "success" if key in edited else "neutral",
        }
        for key in awaited.fields
    ]
    context = {
        "proposal": proposal,
        "supplement": awaited,
        "tasks": tasks,
        "untouched": len(edited & set(awaited.fields)) < len(tasks),
        "gaps": gaps or [],
    }
    return page(request, "proposals/supplement_answer.html", context, status=status)
