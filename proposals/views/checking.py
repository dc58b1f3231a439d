"""Look everything over, prove how we reach you, send."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.codes import CodeNotSent, SignInCode, TooManyCodes
from accounts.forms import SignInForm
from proposals.actions import NotComplete, TooLate, readable_address, submit_proposal
from proposals.forms import SendForm
from proposals.lifecycle import State, TransitionRefused
from proposals.models import QUESTIONS, Budget, Contact, Field, Proposal
from proposals.permissions import is_initiator, may_submit
from proposals.queries import Gap, attachments_of, gaps_in, proposal_for
from proposals.views.held import hold_text
from proposals.views.starting import window_of
from web.locks import allow
from web.pages import page
from web.theme import municipality


@never_cache
@require_safe
@allow(is_initiator, load=proposal_for, visitors=True)
def check(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Everything in one view, what is still missing, and the button."""
    if proposal.state != State.DRAFT:
        return redirect("proposals:receipt", proposal.pk)
    return show_check(request, proposal)


def show_check(request: HttpRequest, proposal: Proposal, *, status: int = 200) -> HttpResponse:
    """Render the check page."""
    budget = Budget.of(proposal)
    gaps = gaps_in(proposal, budget)
    contact = Contact.of(proposal)
    context = {
        "proposal": proposal,
        "budget": budget,
        "rows_before": rows_of(proposal, before_budget=True),
        "rows_after": rows_of(proposal, before_budget=False),
        "attachments": attachments_of(proposal),
        "needed": [linked(proposal, gap) for gap in gaps if gap.blocks],
        "advised": [linked(proposal, gap) for gap in gaps if not gap.blocks],
        "may_submit": may_submit(request.user, proposal),
        "address": readable_address(contact.address),
        "known": request.user.is_authenticated,
        "form": SendForm(initial={"submission_key": uuid.uuid4()}),
        "window": window_of(proposal),
    }
    return page(request, "proposals/draft_check.html", context, status=status)


def linked(proposal: Proposal, gap: Gap) -> dict[str, str]:
    """Return what is missing, with the page where it can be filled in."""
    return {"sentence": gap.sentence, "url": reverse("proposals:question", args=[proposal.pk, gap.field])}


def rows_of(proposal: Proposal, *, before_budget: bool) -> list[dict[str, Any]]:
    """Return the answers for a summary list: those before the money, or those after it."""
    places = [question.key for question in QUESTIONS]
    middle = places.index(Field.BUDGET)
    rows = []
    for question in QUESTIONS[:middle] if before_budget else QUESTIONS[middle + 1 :]:
        if question.key == Field.CONTACT:
            contact = Contact.of(proposal)
            value = "\n".join(part for part in (contact.name, readable_address(contact.address)) if part)
        else:
            value = getattr(proposal, question.key)
        url = reverse("proposals:question", args=[proposal.pk, question.key])
        rows.append({"label": question.key.label, "value": value, "url": url})
    return rows


@never_cache
@require_POST
@allow(is_initiator, load=proposal_for, visitors=True)
def send(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Send in, once; whoever presses twice gets the same receipt."""
    if not request.user.is_authenticated:
        return redirect("proposals:check", proposal.pk)
    form = SendForm(request.POST)
    if not form.is_valid():
        return redirect("proposals:check", proposal.pk)
    link = request.build_absolute_uri(reverse("proposals:receipt", args=[proposal.pk]))
    try:
        submit_proposal(
            proposal=proposal, submission_key=form.cleaned_data["submission_key"], by=request.user, link=link
        )
    except (NotComplete, TooLate):
        # The page itself says what is missing, or that it is too late and what then.
        return show_check(request, proposal, status=409)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("/")
    return redirect("proposals:receipt", proposal.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@allow(is_initiator, load=proposal_for, visitors=True, turned_away=hold_text)
def keep(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Save and go on later: with an account it is kept already; without one we send a code to an address first."""
    if proposal.state != State.DRAFT:
        return redirect("proposals:receipt", proposal.pk)
    onward = "check" if request.GET.get("to") == "check" else "tasks"
    onward_url = reverse(f"proposals:{onward}", args=[proposal.pk])
    if request.user.is_authenticated:
        if request.GET.get("to") == "check":
            return redirect(onward_url)
        return page(request, "proposals/draft_kept.html", {"proposal": proposal, "window": window_of(proposal)})
    form = SignInForm(request.POST or None, initial={"login": readable_address(proposal.contact_address)})
    if form.is_valid():
        try:
            SignInCode.begin(request, form.cleaned_data["login"])
        except TooManyCodes:
            form.add_error("login", _("You asked for a code several times. Wait a quarter of an hour, and try again."))
        except CodeNotSent:
            words = _(
                "We could not send the code just now. Your draft is kept. Try again later, or call us: %(phone)s."
            )
            form.add_error("login", words % {"phone": municipality().help_phone})
        else:
            back = f"{reverse('proposals:keep', args=[proposal.pk])}?{urlencode({'to': onward})}"
            return redirect(f"{reverse('account_confirm_login_code')}?{urlencode({'next': back})}")
    context = {"proposal": proposal, "form": form, "to_check": onward == "check", "onward_url": onward_url}
    return page(request, "proposals/draft_keep.html", context)
