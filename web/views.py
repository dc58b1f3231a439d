"""Pages that belong to no app: is the site alive, the municipality's colour, the style guide, a refused form."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from web import theme
from web.locks import allow, anyone
from web.pages import page, text_back_for
from web.style_guide import style_guide_context


@require_safe
@allow(anyone)
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; says nothing about the database."""
    return JsonResponse({"status": "ok"})


@require_safe
@allow(anyone)
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and has every migration; 503 with the reason otherwise."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, OSError):
        return JsonResponse({"status": "database does not answer"}, status=503)
    if waiting:
        return JsonResponse({"status": "migrations are waiting", "count": len(waiting)}, status=503)
    return JsonResponse({"status": "ok"})


@require_safe
@cache_control(max_age=365 * 24 * 3600, public=True, immutable=True)
@allow(anyone)
def theme_stylesheet(request: HttpRequest, version: str) -> HttpResponse:
    """The municipality's colour as a stylesheet; its address changes with the colour, so it may be kept for a year."""
    if version != theme.theme_version():
        raise Http404
    return HttpResponse(theme.theme_css(settings.MUNICIPALITY_COLOUR), content_type="text/css; charset=utf-8")


@require_safe
@allow(anyone)
def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for designers and for tests."""
    return page(request, "web/style_guide.html", style_guide_context())


@require_safe
@allow(anyone)
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement (EN 301 549)."""
    return page(request, "web/accessibility.html")


@require_safe
@allow(anyone)
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of people, why and how long (AVG 13)."""
    return page(request, "web/privacy.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Django calls this, not a url: a form was refused because its token had gone stale."""
    return text_back_for(request) or render(request, "403_csrf.html", status=403)
