"""My proposals: the list, and where one of them stands."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from proposals.lifecycle import State
from proposals.permissions import (
    may_change_after_sending,
    may_compare_versions,
    may_delete_draft,
    may_see_my_proposal,
    may_see_my_versions,
    may_withdraw_own,
)
from proposals.queries import (
    MyProposal,
    Versions,
    my_proposal,
    my_proposals,
    my_versions,
    pending_edits,
    steps_after_sending,
    versions_for_official,
)
from web.locks import allow, anyone_signed_in
from web.pages import page


@never_cache
@require_safe
@allow(anyone_signed_in, load=my_proposals)
def mine(request: HttpRequest, found: list[MyProposal]) -> HttpResponse:
    """Everything that this person began or sent in."""
    return page(request, "proposals/proposal_list.html", {"found": found})


@never_cache
@require_safe
@allow(may_see_my_proposal, load=my_proposal)
def one(request: HttpRequest, found: MyProposal) -> HttpResponse:
    """Where one proposal stands, what comes next, and what somebody can do."""
    proposal = found.proposal
    sent = proposal.submitted_at is not None
    context = {
        "found": found,
        "proposal": proposal,
        "sent": sent,
        "is_draft": proposal.state == State.DRAFT,
        "is_withdrawn": proposal.state == State.WITHDRAWN,
        "steps": steps_after_sending(proposal) if sent and proposal.state != State.WITHDRAWN else [],
        "pending": bool(pending_edits(proposal)),
        "may_change": may_change_after_sending(request.user, proposal),
        "may_withdraw": may_withdraw_own(request.user, proposal),
        "may_delete": may_delete_draft(request.user, proposal),
    }
    return page(request, "proposals/proposal_mine.html", context)


@never_cache
@require_safe
@allow(may_see_my_versions, load=my_versions)
def versions(request: HttpRequest, found: Versions) -> HttpResponse:
    """What was sent, and what changed each time."""
    back = {"url": reverse("proposals:my_proposal", args=[found.proposal.pk]), "label": _("Back to your idea")}
    return page(request, "proposals/version_list.html", {"found": found, "proposal": found.proposal, "back": back})


@never_cache
@require_safe
@allow(may_compare_versions, load=versions_for_official)
def versions_office(request: HttpRequest, found: Versions) -> HttpResponse:
    """The same for officials."""
    back = {"url": reverse("proposals:thread_office", args=[found.proposal.pk]), "label": _("Back to the messages")}
    return page(request, "proposals/version_list.html", {"found": found, "proposal": found.proposal, "back": back})
