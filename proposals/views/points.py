"""Setting up the checklist of a round."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from proposals.actions import set_points
from proposals.forms import PointsForm
from proposals.permissions import may_set_points
from proposals.queries import mark_of_points, points_before, points_of
from proposals.views.people import person_of
from rounds.actions import StalePage
from rounds.lifecycle import DoorClosed
from rounds.models import Round
from rounds.permissions import may_manage_round
from rounds.queries import round_for
from web.locks import allow
from web.pages import page


@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_manage_round, load=round_for)
def points(request: HttpRequest, round: Round) -> HttpResponse:
    """One point per line; a round without any begins with those of the round before."""
    kept = points_of(round)
    if request.method == "POST":
        return save_points(request, round, kept)
    taken_over, earlier = ("", []) if kept else points_before(round)
    form = PointsForm(initial={"mark": mark_of_points(kept), "points": "\n".join(kept or earlier)})
    return show_points(request, round, form, taken_over=taken_over)


def save_points(request: HttpRequest, round: Round, kept: list[str]) -> HttpResponse:
    """Save the points, or say why not, with what was typed still there."""
    form = PointsForm(request.POST)
    if not form.is_valid():
        return show_points(request, round, form)
    try:
        set_points(round=round, by=person_of(request), mark=form.cleaned_data["mark"], points=form.lines)
    except ValidationError as refusal:
        form.add_error("points", refusal)
        return show_points(request, round, form)
    except (StalePage, DoorClosed) as refusal:
        renewed = request.POST.copy()
        renewed["mark"] = mark_of_points(kept)
        stale = kept if isinstance(refusal, StalePage) else None
        return show_points(request, round, PointsForm(renewed), stale=stale, status=409)
    messages.success(request, _("Saved."))
    return redirect("proposals:points", round.slug)


def show_points(
    request: HttpRequest,
    round: Round,
    form: PointsForm,
    *,
    taken_over: str = "",
    stale: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page. `stale` holds the points that somebody else saved meanwhile."""
    context = {
        "round": round,
        "form": form,
        "taken_over": taken_over,
        "stale": stale is not None,
        "saved_now": stale or [],
        "closed": not may_set_points(request.user, round),
    }
    return page(request, "proposals/point_list.html", context, status=status)
