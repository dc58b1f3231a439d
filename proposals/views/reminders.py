"""Stop reminding me: a link from a reminder that works without signing in."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from proposals.actions import stop_reminders
from proposals.models import Proposal
from proposals.queries import draft_behind_token
from web.locks import allow, anyone
from web.pages import page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(anyone, load=draft_behind_token)
def stop(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """One button; programs that open every link of a mail press none. Nothing of the draft is shown."""
    if request.method == "POST":
        stop_reminders(proposal=proposal)
    stopped = request.method == "POST" or proposal.reminders_stopped_at is not None
    return page(request, "proposals/reminder_stop.html", {"stopped": stopped})
