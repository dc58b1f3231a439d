"""Text that somebody typed on a page that could not save it: put away until they are back."""

from django.http import HttpRequest, HttpResponseBase, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _

from web.locks import sign_in_first

SESSION_KEY = "proposals.held"
MOST_CHARACTERS = 50_000
MOST_PAGES = 8


def is_autosave(request: HttpRequest) -> bool:
    """Whether the page saves by itself (``draft.js``) and wants a short answer instead of a page."""
    return request.headers.get("X-Autosave") == "yes"


def hold_text(request: HttpRequest) -> HttpResponseBase:
    """Answer somebody whose session ended while they were writing: put the text away, then let them sign in.

    It lies in the session of this browser, under the page's address, and nowhere else.
    """
    if is_autosave(request):
        message = _("You are signed out. Your text is still here. Choose “Next” and sign in again.")
        return JsonResponse({"saved": False, "retry": False, "message": message}, status=401)
    if request.method == "POST":
        body = request.POST.copy()
        body.pop("csrfmiddlewaretoken", None)
        text = body.urlencode()
        held = request.session.get(SESSION_KEY, {})
        if len(text) <= MOST_CHARACTERS and (request.path in held or len(held) < MOST_PAGES):
            request.session[SESSION_KEY] = held | {request.path: text}
    return sign_in_first(request)


def held_text(request: HttpRequest) -> QueryDict | None:
    """Return what was typed on this page and not saved, or None."""
    text = request.session.get(SESSION_KEY, {}).get(request.path)
    return QueryDict(text) if text else None


def let_go(request: HttpRequest) -> None:
    """Forget it: it was saved, or looked at."""
    held = request.session.get(SESSION_KEY, {})
    if request.path in held:
        request.session[SESSION_KEY] = {path: text for path, text in held.items() if path != request.path}


def fresh_token(request: HttpRequest) -> JsonResponse:
    """Answer an autosave with a stale token: a fresh one, with which the page tries again by itself."""
    return JsonResponse({"saved": False, "retry": True, "token": get_token(request)}, status=403)
