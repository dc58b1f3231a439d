"""Page or partial: one view serves the whole page, and for htmx the fragment of it that lives in the same template."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

TEXT_BACK_MARK = "web_gives_text_back"

type Page = Callable[..., HttpResponseBase]


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


def gives_text_back(answer: Page) -> Callable[[Page], Page]:
    """Mark a view: when its form is refused for a stale token, `answer` shows the form again with what was typed.

    `answer` is a locked view of its own, called with the same request and the same arguments. It must not save
    anything: the token that proves that this person meant it was missing.
    """

    def mark(view: Page) -> Page:
        setattr(view, TEXT_BACK_MARK, answer)
        return view

    return mark


def text_back_for(request: HttpRequest) -> HttpResponseBase | None:
    """Return the page with the typed text for a form with a stale token, or None where there is none.

    Only for a form that came from this very site: another one could otherwise put its words in somebody's form.
    """
    match = request.resolver_match
    answer: Page | None = getattr(match.func, TEXT_BACK_MARK, None) if match else None
    source = request.headers.get("Origin") or request.headers.get("Referer", "")
    if answer is None or match is None or urlsplit(source).netloc != request.get_host():
        return None
    return answer(request, *match.args, **match.kwargs)
