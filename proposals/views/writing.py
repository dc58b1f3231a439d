"""Writing a draft: the list of tasks, and one question per page."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from proposals.actions import AnsweredMeanwhile, save_answer
from proposals.forms import AnswerForm, form_for
from proposals.lifecycle import State
from proposals.models import AnswerEdit, Field, FunnelStep, Proposal, Question, Step, questions_of
from proposals.permissions import is_initiator, may_change_answer, may_write_answer
from proposals.queries import (
    Writing,
    first_open_question,
    is_answered,
    last_saved,
    open_supplement_of,
    proposal_for,
    question_after,
    question_before,
    text_of,
    writing_for,
)
from proposals.views.attachments import attachments_task
from proposals.views.held import fresh_token, held_text, hold_text, is_autosave, let_go
from proposals.views.starting import window_of
from rounds.lifecycle import DoorClosed
from web.locks import allow
from web.pages import gives_text_back, page
from web.templatetags.formats import clock, money

NUMBER_OF_STEPS = len(Step)


@never_cache
@require_safe
@allow(is_initiator, load=proposal_for, visitors=True)
def tasks(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """The five steps, what is done of each, and where to go on."""
    if proposal.state != State.DRAFT:
        return redirect("proposals:receipt", proposal.pk)
    edit = last_saved(proposal)
    rows = [task_of(proposal, step) for step in Step]
    context = {
        "proposal": proposal,
        "tasks": [rows[0], attachments_task(proposal), *rows[1:]],
        "next": next((row for row in rows if not row["done"]), rows[-1]),
        "begun": any(row["begun"] for row in rows),
        "saved_at": edit and edit.saved_at,
        "window": window_of(proposal),
    }
    return page(request, "proposals/draft_tasks.html", context)


def task_of(proposal: Proposal, step: Step) -> dict[str, Any]:
    """Return a step as the task list shows it."""
    if step == Step.CHECK:
        url, status = reverse("proposals:check", args=[proposal.pk]), _("Last step")
        return {"label": step.label, "url": url, "status": status, "kind": "neutral", "done": False, "begun": False}
    questions = questions_of(step)
    answered = sum(is_answered(proposal, question.key) for question in questions)
    done = answered == len(questions)
    words = _("Done") if done else _("%(answered)s of %(number)s") if answered else _("To do")
    return {
        "label": step.label,
        "url": reverse("proposals:question", args=[proposal.pk, first_open_question(proposal, step).key]),
        "status": words % {"answered": answered, "number": len(questions)},
        "kind": "success" if done else "info" if answered else "neutral",
        "hint": " · ".join(str(question.key.label) for question in questions) if len(questions) > 1 else "",
        "done": done,
        "begun": bool(answered),
    }


@allow(may_write_answer, load=writing_for, visitors=True, turned_away=hold_text)
def question_unsaved(request: HttpRequest, writing: Writing) -> HttpResponse:
    """Show a question with what was typed, and save nothing: its token was stale."""
    if is_autosave(request):
        return fresh_token(request)
    form = form_for(writing.question, "", data=request.POST)
    return show_question(request, writing, form, unsaved=True, status=403)


@gives_text_back(question_unsaved)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@allow(may_write_answer, load=writing_for, visitors=True, turned_away=hold_text)
def question(request: HttpRequest, writing: Writing) -> HttpResponse:
    """One question: show it, save it, go on to the next."""
    if not may_change_answer(request.user, writing):
        return already_sent(request, writing.proposal)
    if request.method != "POST":
        held = held_text(request)
        initial = {"seen": writing.seen, "page_key": secrets.token_hex(8)}
        if held is not None:
            form = form_for(writing.question, "", data=held)
        else:
            form = form_for(writing.question, kept_text(writing), initial=initial)
        return show_question(request, writing, form, unsaved=held is not None)
    form = form_for(writing.question, "", data=request.POST)
    if not form.is_valid():
        return not_right(request, writing, form)
    return save(request, writing, form)


def kept_text(writing: Writing) -> str:
    """Return the answer as its writer left it: of what was sent before, also what was not sent again."""
    sent_at, edit = writing.proposal.submitted_at, writing.edit
    if sent_at is not None and edit is not None and edit.saved_at > sent_at:
        return edit.text
    return text_of(writing.proposal, writing.question.key)


def not_right(request: HttpRequest, writing: Writing, form: AnswerForm) -> HttpResponse:
    """Answer what cannot be kept as it is: the page with the text in it and what to do."""
    if is_autosave(request):
        first = next(iter(form.errors.values()))[0]
        return JsonResponse({"saved": False, "retry": False, "message": _("Not saved yet. %(why)s") % {"why": first}})
    return show_question(request, writing, form)


def save(request: HttpRequest, writing: Writing, form: AnswerForm) -> HttpResponse:
    """Save an answer and go on, or show both texts when somebody else saved meanwhile."""
    following = None if is_autosave(request) else question_after(writing.question)
    try:
        edit = save_answer(
            proposal=writing.proposal,
            field=writing.question.key,
            text=form.as_text(),
            seen=form.seen_edition,
            page_key=form.cleaned_data["page_key"],
            by=request.user if request.user.is_authenticated else None,
            leads_to=None if is_autosave(request) else FunnelStep(following.key if following else "check"),
        )
    except AnsweredMeanwhile as meanwhile:
        return show_both(request, writing, form, meanwhile.edit)
    except DoorClosed:
        return already_sent(request, writing.proposal)
    let_go(request)
    return saved(writing, edit) if is_autosave(request) else go_on(request, writing, following)


def go_on(request: HttpRequest, writing: Writing, following: Question | None) -> HttpResponse:
    """Go where the button says: the next question, the list of tasks, or away for today."""
    if writing.proposal.state != State.DRAFT:
        return redirect("proposals:supplement", writing.proposal.pk)
    then = request.POST.get("then")
    if then in {"keep", "tasks"}:
        return redirect(f"proposals:{then}", writing.proposal.pk)
    if following is None:
        return redirect("proposals:check", writing.proposal.pk)
    return redirect("proposals:question", writing.proposal.pk, following.key)


def saved(writing: Writing, edit: AnswerEdit | None) -> JsonResponse:
    """Tell the page that its text is kept: when, and as which edition."""
    answer: dict[str, Any] = {"saved": True, "edition": edit.edition if edit else 0, "message": ""}
    if edit is not None:
        moment = timezone.localtime(edit.saved_at)
        answer["message"] = _("Saved at %(time)s") % {"time": clock(moment)}
    if writing.question.key == Field.BUDGET:
        answer["total"] = money(writing.proposal.amount_applied_for)
    return JsonResponse(answer)


def already_sent(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Answer a page that was open when the proposal was sent or withdrawn."""
    message = _("This idea was sent in already. What you typed here is not part of it. Call us to change something.")
    if is_autosave(request):
        return JsonResponse({"saved": False, "retry": False, "message": message}, status=409)
    if request.method == "POST":
        messages.warning(request, message)
    return redirect("proposals:receipt", proposal.pk)


def show_both(request: HttpRequest, writing: Writing, form: AnswerForm, edit: AnswerEdit) -> HttpResponse:
    """Show the text that was typed here and the one that was saved elsewhere, to choose from or to join."""
    if is_autosave(request):
        message = _("Not saved: this answer was changed somewhere else. Choose “Next” to see both texts.")
        return JsonResponse({"saved": False, "retry": False, "message": message}, status=409)
    theirs = form_for(writing.question, edit.text)
    one_text = writing.question.key not in {Field.BUDGET, Field.CONTACT}
    joined = f"{edit.text}\n\n{form.as_text()}"
    page_key = secrets.token_hex(8)
    context = {
        "proposal": writing.proposal,
        "question": writing.question,
        "edit": edit,
        "panels": [
            panel_of(form, "mine", _("What you typed here"), _("Keep what I typed here")),
            panel_of(theirs, "theirs", _("What was saved somewhere else"), _("Keep what was saved somewhere else")),
        ],
        "both": form_for(writing.question, joined, initial={"seen": edit.edition, "page_key": page_key})
        if one_text
        else None,
        "page_key": page_key,
        "url": reverse("proposals:question", args=[writing.proposal.pk, writing.question.key]),
    }
    return page(request, "proposals/answer_both.html", context, status=409)


def panel_of(form: AnswerForm, key: str, title: str, choose: str) -> dict[str, Any]:
    """Return one of two answers, to look at and to choose."""
    return {"id": key, "title": title, "choose": choose, "pairs": form.pairs(), "lines": form.lines()}


def show_question(
    request: HttpRequest, writing: Writing, form: AnswerForm, *, unsaved: bool = False, status: int = 200
) -> HttpResponse:
    """Render the page of a question."""
    proposal, asked = writing.proposal, writing.question
    before = question_before(asked)
    siblings = questions_of(asked.step)
    supplement = None if proposal.state == State.DRAFT else open_supplement_of(proposal)
    overview = reverse("proposals:supplement" if supplement else "proposals:tasks", args=[proposal.pk])
    context = {
        "proposal": proposal,
        "question": asked,
        "form": form,
        "is_text": asked.key not in {Field.BUDGET, Field.CONTACT},
        "unsaved": unsaved,
        "step_number": list(Step).index(asked.step) + 1,
        "number_of_steps": NUMBER_OF_STEPS,
        "place": siblings.index(asked) + 1,
        "siblings": len(siblings),
        "supplement": supplement,
        "back_url": overview
        if supplement or not before
        else reverse("proposals:question", args=[proposal.pk, before.key]),
        "overview_url": overview,
        "saved_at": writing.edit and writing.edit.saved_at,
        "ceiling": proposal.round.ceiling,
    }
    template = "proposals/budget_form.html" if asked.key == Field.BUDGET else "proposals/answer_form.html"
    return page(request, template, context, status=status)
