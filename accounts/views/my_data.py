"""My data: see, download, and say how we may reach you."""

import json
from typing import Any

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions import change_contact
from accounts.forms import PreferencesForm
from accounts.models import Person
from accounts.queries import Fact, OwnData, myself, own_data
from web.locks import allow, anyone_signed_in
from web.pages import page
from web.pdf import render_pdf
from web.templatetags.formats import day, moment


def in_words(fact: Fact) -> str:
    """Return a value as somebody reads it."""
    if isinstance(fact.value, bool):
        return _("Yes") if fact.value else _("No")
    if hasattr(fact.value, "hour"):
        return moment(timezone.localtime(fact.value))
    if hasattr(fact.value, "year"):
        return day(fact.value)
    return "" if fact.value is None else str(fact.value)


@never_cache
@require_safe
@allow(anyone_signed_in, load=own_data)
def my_data(request: HttpRequest, own: OwnData) -> HttpResponse:
    """Everything that we keep about this person, and what they can do with it."""
    parts = [
        {
            "key": part.key,
            "label": part.label,
            "items": [
                {"title": item.title, "facts": [{"label": fact.label, "value": in_words(fact)} for fact in item.facts]}
                for item in items
            ],
        }
        for part, items in own.parts
    ]
    return page(request, "accounts/data_list.html", {"parts": parts})


@never_cache
@require_safe
@allow(anyone_signed_in, load=own_data)
def my_data_json(request: HttpRequest, own: OwnData) -> HttpResponse:
    """The same as a file that other programs can read."""
    content = {part.key: [{fact.key: fact.value for fact in item.facts} for item in items] for part, items in own.parts}
    text = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@never_cache
@require_safe
@allow(anyone_signed_in, load=own_data)
def my_data_pdf(request: HttpRequest, own: OwnData) -> HttpResponse:
    """The same to read and to print."""
    title = _("What we keep about you")
    blocks: list[dict[str, Any]] = []
    for part, items in own.parts:
        blocks.append({"kind": "heading", "text": str(part.label), "level": 2})
        if not items:
            blocks.append({"kind": "text", "text": _("Nothing")})
        for item in items:
            if len(items) > 1 and item.title:
                blocks.append({"kind": "heading", "text": item.title, "level": 3})
            rows = [[str(fact.label), in_words(fact) or "–"] for fact in item.facts]
            blocks.append({"kind": "facts", "rows": rows})
    data = {"title": title, "date": timezone.localdate(), "blocks": blocks}
    content = render_pdf("document", data, language=get_language() or "nl", title=title)
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="my-data.pdf"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(anyone_signed_in, load=myself)
def preferences(request: HttpRequest, person: Person) -> HttpResponse:
    """How we reach this person, and whether we remind them."""
    initial = {"channel": person.channel, "wants_reminders": person.wants_reminders}
    form = PreferencesForm(request.POST if request.method == "POST" else None, initial=initial, person=person)
    if form.is_valid():
        change_contact(person=person, **form.cleaned_data)
        messages.success(request, _("Your choice is saved."))
        return redirect("accounts:my_data")
    return page(request, "accounts/preferences_edit.html", {"form": form})
