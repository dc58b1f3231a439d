"""A draft that was begun without an account moves to the person who signed in since."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from proposals.actions import adopt_draft
from proposals.queries import KEYS_COOKIE, digest_of, keys_in, own_proposals, visitor
from proposals.views.keys import keep_keys

type Handler = Callable[[HttpRequest], HttpResponse]


class BringDraftAlong:
    """Gives an anonymous draft to whoever opens one of its pages with its key in the browser and is signed in.

    Only the draft of that page: on a shared computer nobody takes somebody else's draft along by signing in.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; a key that opens nothing any more is taken out of the browser."""
        response = self.get_response(request)
        used: str | None = getattr(request, "adopted_draft_key", None)
        if used is not None:
            keep_keys(response, [key for key in keys_in(request) if digest_of(key) != used])
        return response

    def process_view(self, request: HttpRequest, view: Any, args: object, kwargs: dict[str, Any]) -> None:
        """Look only where it can matter: a page of one proposal, a key in the browser, somebody signed in."""
        match = request.resolver_match
        on_a_draft = match is not None and "proposals" in match.namespaces and "pk" in kwargs
        if not on_a_draft or KEYS_COOKIE not in request.COOKIES or not request.user.is_authenticated:
            return
        draft = own_proposals(visitor(request)).filter(pk=kwargs["pk"], initiator__isnull=True).first()
        if draft is not None:
            request.adopted_draft_key = draft.draft_key  # type: ignore[attr-defined]  # a memo until the answer
            adopt_draft(proposal=draft, person=request.user)
