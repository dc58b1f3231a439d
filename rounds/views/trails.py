"""The audit trail of a round and of a fund, in words."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from rounds import queries
from rounds.models import AuditEntry, Fund, Round
from rounds.permissions import may_manage_fund, may_manage_round
from web.locks import allow
from web.pages import page

LINES_PER_PAGE = 50


@allow(may_manage_round, load=queries.round_for)
def round_trail(request: HttpRequest, round: Round) -> HttpResponse:
    """What happened to a round and to what belongs to it."""
    return _trail(request, queries.audit_trail_of_round(round), {"round": round, "title": round.name})


@allow(may_manage_fund, load=queries.fund_for)
def fund_trail(request: HttpRequest, fund: Fund) -> HttpResponse:
    """What happened to a fund, its seats and its rounds."""
    return _trail(request, queries.audit_trail_of_fund(fund), {"fund": fund, "title": fund.name})


def _trail(request: HttpRequest, entries: QuerySet[AuditEntry], context: dict[str, Any]) -> HttpResponse:
    page_obj = Paginator(entries, LINES_PER_PAGE).get_page(request.GET.get("page"))
    context |= {"page_obj": page_obj, "lines": queries.trail_in_words(page_obj.object_list)}
    return page(request, "rounds/trail_list.html", context)
