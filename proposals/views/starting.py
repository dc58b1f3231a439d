"""Where an idea begins: what to expect, is this something for this fund, and the first page of a draft."""

import secrets
from typing import Any, cast

from allauth.decorators import rate_limit
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from proposals.actions import start_draft
from proposals.forms import SelfCheckForm
from proposals.lifecycle import call_is_open, can_send, grace_ends_at
from proposals.models import Proposal
from proposals.queries import digest_of, keys_in, unfinished_drafts, visitor
from proposals.views.keys import keep_keys
from rounds.lifecycle import DoorClosed, Stage
from rounds.models import Round
from rounds.queries import public_round_for
from web.locks import View, allow, anyone
from web.pages import page


def slowed_down(view: View) -> View:
    """Answer with a plain page (429) when one network begins very many drafts."""
    return cast(View, rate_limit(action="start_draft")(view))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(anyone, load=public_round_for)
@slowed_down
def start(request: HttpRequest, round: Round) -> HttpResponse:
    """Tell what to expect, offer the self-check, go on with a draft, or begin one."""
    if request.method == "POST":
        return begin(request, round)
    check = SelfCheckForm(request.GET if any(name in request.GET for name in SelfCheckForm().fields) else None)
    context = {
        **about_call(round),
        "drafts": unfinished_drafts(visitor(request), round),
        "check": check,
        "advice": list(check.advice()) if check.is_valid() else [],
    }
    return page(request, "proposals/round_start.html", context)


def begin(request: HttpRequest, round: Round) -> HttpResponse:
    """Begin a draft, and let the browser of somebody without an account carry its key."""
    key = secrets.token_urlsafe(24)
    by = request.user if request.user.is_authenticated else None
    try:
        draft = start_draft(round=round, by=by, draft_key=digest_of(key))
    except DoorClosed:
        return redirect("proposals:start", round.slug)
    response = redirect("proposals:tasks", draft.pk)
    if by is None:
        keep_keys(response, [*keys_in(request), key])
    return response


def about_call(round: Round) -> dict[str, Any]:
    """Return what the start page says about a round: can somebody begin, and if not, is that still to come."""
    return {
        "round": round,
        "is_open": call_is_open(round.stage, closes_at=round.closes_at, now=timezone.now()),
        "is_planned": round.stage == Stage.PLANNED,
    }


def window_of(proposal: Proposal) -> dict[str, Any]:
    """Return until when a draft can be sent: the deadline, the extra hour when that runs, or that it is too late."""
    round, now = proposal.round, timezone.now()
    started_at, closes_at, minutes = proposal.started_at, round.closes_at, settings.GRACE_MINUTES
    possible = can_send(round.stage, started_at=started_at, closes_at=closes_at, now=now, grace_minutes=minutes)
    in_grace = possible and not call_is_open(round.stage, closes_at=round.closes_at, now=now)
    return {
        "closes_at": round.closes_at,
        "grace_ends_at": grace_ends_at(started_at=started_at, closes_at=closes_at, minutes=minutes)
        if in_grace
        else None,
        "is_late": not possible,
    }
