"""Changing what was sent, as long as the call is open: the same questions, and sending again."""

import secrets
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Person
from proposals.actions import AnsweredMeanwhile, NotComplete, TooLate, save_answer, send_again
from proposals.forms import AnswerForm, form_for
from proposals.models import QUESTIONS, AnswerEdit, Budget, Field, Proposal
from proposals.permissions import is_initiator, may_change_after_sending, may_open_change
from proposals.queries import Writing, changing_for, pending_edits, proposal_of, text_being_changed
from proposals.views.held import fresh_token, held_text, hold_text, is_autosave, let_go
from rounds.lifecycle import DoorClosed
from web.locks import allow
from web.pages import gives_text_back, page
from web.templatetags.formats import clock, money


@never_cache
@require_safe
@allow(is_initiator, load=proposal_of)
def change(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """The questions, which of them were changed since sending, and the button to send again."""
    if not may_change_after_sending(request.user, proposal):
        return closed(request, proposal)
    return show_change(request, proposal)


def show_change(request: HttpRequest, proposal: Proposal, *, missing: list[str] | None = None) -> HttpResponse:
    """Render the list of questions."""
    pending = pending_edits(proposal)
    tasks = [
        {
            "label": question.key.label,
            "url": reverse("proposals:change_question", args=[proposal.pk, question.key]),
            "status": _("Changed") if question.key in pending else _("As you sent it"),
            "kind": "info" if question.key in pending else "neutral",
        }
        for question in QUESTIONS
    ]
    context = {"proposal": proposal, "tasks": tasks, "pending": len(pending), "missing": missing or []}
    return page(request, "proposals/proposal_change.html", context, status=409 if missing else 200)


def closed(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Answer somebody who cannot change it (any more)."""
    message = _("You can no longer change this yourself. What you sent stays as it is. Send us a message, or call us.")
    if is_autosave(request):
        return JsonResponse({"saved": False, "retry": False, "message": message}, status=409)
    messages.warning(request, message)
    return redirect("proposals:my_proposal", proposal.pk)


@never_cache
@require_POST
@allow(is_initiator, load=proposal_of)
def change_send(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Send the changes, once; pressing twice changes nothing."""
    link = request.build_absolute_uri(reverse("proposals:my_versions", args=[proposal.pk]))
    try:
        version = send_again(proposal=proposal, by=cast(Person, request.user), link=link)
    except TooLate:
        return closed(request, proposal)
    except NotComplete as refusal:
        return show_change(request, proposal, missing=[gap.sentence for gap in refusal.gaps])
    if version is not None:
        messages.success(
            request, _("We received your changes. This is version %(number)s.") % {"number": version.number}
        )
    return redirect("proposals:my_proposal", proposal.pk)


@allow(may_open_change, load=changing_for, turned_away=hold_text)
def change_unsaved(request: HttpRequest, writing: Writing) -> HttpResponse:
    """Show a question with what was typed, and save nothing: its token was stale."""
    if is_autosave(request):
        return fresh_token(request)
    return show_question(request, writing, form_for(writing.question, "", data=request.POST), unsaved=True, status=403)


@gives_text_back(change_unsaved)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@allow(may_open_change, load=changing_for, turned_away=hold_text)
def change_question(request: HttpRequest, writing: Writing) -> HttpResponse:
    """One question: show it, keep what was changed, go back to the list."""
    if not may_change_after_sending(request.user, writing.proposal):
        return closed(request, writing.proposal)
    if request.method != "POST":
        held = held_text(request)
        initial = {"seen": writing.seen, "page_key": secrets.token_hex(8)}
        if held is not None:
            form = form_for(writing.question, "", data=held)
        else:
            form = form_for(writing.question, text_being_changed(writing), initial=initial)
        return show_question(request, writing, form, unsaved=held is not None)
    form = form_for(writing.question, "", data=request.POST)
    if form.is_valid():
        return keep_change(request, writing, form)
    if is_autosave(request):
        first = next(iter(form.errors.values()))[0]
        return JsonResponse({"saved": False, "retry": False, "message": _("Not saved yet. %(why)s") % {"why": first}})
    return show_question(request, writing, form)


def keep_change(request: HttpRequest, writing: Writing, form: AnswerForm) -> HttpResponse:
    """Keep a change until it is sent, or show both texts when something else was kept meanwhile."""
    try:
        edit = save_answer(
            proposal=writing.proposal,
            field=writing.question.key,
            text=form.as_text(),
            seen=form.seen_edition,
            page_key=form.cleaned_data["page_key"],
            by=cast(Person, request.user),
        )
    except AnsweredMeanwhile as meanwhile:
        return show_both(request, writing, form, meanwhile.edit)
    except DoorClosed:
        return closed(request, writing.proposal)
    let_go(request)
    if not is_autosave(request):
        return redirect("proposals:change", writing.proposal.pk)
    answer: dict[str, Any] = {"saved": True, "edition": edit.edition if edit else writing.seen, "message": ""}
    if edit is not None:
        answer["message"] = _("Saved at %(time)s") % {"time": clock(timezone.localtime(edit.saved_at))}
    if writing.question.key == Field.BUDGET:
        answer["total"] = money(Budget.from_text(form.as_text()).total)
    return JsonResponse(answer)


def show_both(request: HttpRequest, writing: Writing, form: AnswerForm, edit: AnswerEdit) -> HttpResponse:
    """Show the text that was typed here and the one that was kept elsewhere, to choose from."""
    if is_autosave(request):
        message = _("Not saved: this answer was changed somewhere else. Choose “Keep this change” to see both texts.")
        return JsonResponse({"saved": False, "retry": False, "message": message}, status=409)
    theirs = form_for(writing.question, edit.text)
    panels = [
        ("mine", form, _("What you typed here"), _("Keep what I typed here")),
        ("theirs", theirs, _("What was saved somewhere else"), _("Keep what was saved somewhere else")),
    ]
    context = {
        "proposal": writing.proposal,
        "question": writing.question,
        "edit": edit,
        "panels": [
            {"id": key, "title": title, "choose": choose, "pairs": shown.pairs(), "lines": shown.lines()}
            for key, shown, title, choose in panels
        ],
        "both": None,
        "page_key": secrets.token_hex(8),
        "url": reverse("proposals:change_question", args=[writing.proposal.pk, writing.question.key]),
    }
    return page(request, "proposals/answer_both.html", context, status=409)


def show_question(
    request: HttpRequest, writing: Writing, form: AnswerForm, *, unsaved: bool = False, status: int = 200
) -> HttpResponse:
    """Render the page of a question."""
    asked = writing.question
    context = {
        "proposal": writing.proposal,
        "question": asked,
        "form": form,
        "is_text": asked.key not in {Field.BUDGET, Field.CONTACT},
        "is_budget": asked.key == Field.BUDGET,
        "unsaved": unsaved,
        "saved_at": writing.edit and writing.edit.saved_at,
        "ceiling": writing.proposal.round.ceiling,
    }
    return page(request, "proposals/change_form.html", context, status=status)
