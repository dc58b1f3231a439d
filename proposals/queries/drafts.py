"""Whose draft is this: the person's, or of whoever carries its key."""

from hashlib import sha256
from typing import Any

from django.core.signing import BadSignature
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from proposals.lifecycle import State
from proposals.models import Proposal
from rounds.models import Round

KEYS_COOKIE = "drafts"
KEYS_SALT = "proposals.drafts"
KEYS_AGE = 60 * 60 * 24 * 60  # seconds: sixty days, about as long as a call is open
MOST_KEYS = 8


def digest_of(key: str) -> str:
    """Return the form in which a key is kept: SHA-256, 64 hex digits. A key is random, so it needs no salt."""
    return sha256(key.encode()).hexdigest()


def keys_in(request: HttpRequest) -> list[str]:
    """Return the keys of anonymous drafts that this browser carries, oldest first; none when they were changed."""
    try:
        value = request.get_signed_cookie(KEYS_COOKIE, default="", salt=KEYS_SALT, max_age=KEYS_AGE)
    except BadSignature:
        return []
    return value.split(".") if value else []


def visitor(request: HttpRequest) -> Any:
    """Return the user of this request, who knows from then on which drafts their browser opens (``draft_keys``)."""
    user = request.user
    user.draft_keys = frozenset(digest_of(key) for key in keys_in(request))  # type: ignore[union-attr]  # a memo
    return user


def own_proposals(user: Any) -> QuerySet[Proposal]:
    """Return what this person began or sent in, and the anonymous drafts to which their browser has the key."""
    own = Q(initiator__isnull=True, draft_key__in=getattr(user, "draft_keys", frozenset()))
    if user.is_authenticated:
        own |= Q(initiator=user.pk)
    return Proposal.objects.filter(own).select_related("round__fund", "initiator")


def proposal_for(user: Any, pk: int, *, request: HttpRequest) -> Proposal:
    """Loader of the initiator's pages: the proposal with its round and fund, or Http404. One query."""
    proposal = own_proposals(visitor(request)).filter(pk=pk).first()
    if proposal is None:
        raise Http404
    return proposal


def unfinished_drafts(user: Any, round: Round) -> list[Proposal]:
    """Return the drafts of a round with which this visitor can go on, newest first. One query."""
    return list(own_proposals(user).filter(round=round, state=State.DRAFT).order_by("-started_at", "-pk"))
