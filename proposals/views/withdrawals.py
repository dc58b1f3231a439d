"""Taking back what was sent, and throwing a draft away: each asks once more."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import Person
from proposals.actions import delete_draft, withdraw_proposal
from proposals.forms import WithdrawForm
from proposals.lifecycle import TransitionRefused
from proposals.models import Proposal
from proposals.permissions import may_delete_draft, may_withdraw_own
from proposals.queries import proposal_of
from rounds.lifecycle import DoorClosed
from web.locks import allow
from web.pages import page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_withdraw_own, load=proposal_of)
def withdraw(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Say what withdrawing means, ask why, do it."""
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return page(request, "proposals/proposal_withdraw.html", {"proposal": proposal, "form": form})
    try:
        withdraw_proposal(
            proposal=proposal, reason_code=form.cleaned_data["why"], reason=form.reason, by=cast(Person, request.user)
        )
    except (TransitionRefused, DoorClosed):
        messages.warning(request, _("This was withdrawn or changed already."))
    else:
        messages.success(request, _("Your idea is withdrawn. We sent you a message about it."))
    return redirect("proposals:my_proposal", proposal.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_delete_draft, load=proposal_of)
def delete(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Say that it cannot be undone, and throw the draft away."""
    if request.method != "POST":
        return page(request, "proposals/draft_delete.html", {"proposal": proposal})
    try:
        delete_draft(proposal=proposal, by=cast(Person, request.user))
    except TransitionRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("proposals:my_proposal", proposal.pk)
    messages.success(request, _("Your draft is deleted. Nothing of it is left."))
    return redirect("proposals:mine")
