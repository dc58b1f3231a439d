"""Page or partial: one view serves the whole page, and for htmx the fragment of it that lives in the same template."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, part: str = "", status: int = 200
) -> HttpResponse:
    """Render `template`; when htmx asks and the page has a `part`, only that ``{% partialdef %}``.

    The same address answers differently to htmx, so the answer says that it varies by that header.
    """
    htmx = bool(getattr(request, "htmx", False)) and not request.headers.get("HX-History-Restore-Request")
    name = f"{template}#{part}" if part and htmx else template
    response = render(request, name, dict(context or {}), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
