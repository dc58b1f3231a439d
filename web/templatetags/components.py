"""The building blocks of every page, as template tags. How to call them: ``templates/components/README.md``.

One convention: the first words a person reads come first, everything else is a keyword argument. Tags that
wrap content end with ``{% end… %}``. Each has its markup in ``templates/components/<tag>.html``.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet, BoundField
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _

from web.bars import Part, lay_out
from web.form_parts import errors_of, field_parts
from web.theme import Municipality, municipality

register = template.Library()

BUTTON_VARIANTS = ("primary", "secondary", "subtle", "danger", "link")
ALERT_KINDS = {"info": "info", "ok": "ok", "success": "ok", "warning": "warning", "error": "error", "debug": "info"}
BADGE_KINDS = {"neutral": "neutral", "info": "info", "success": "success", "warning": "warning", "danger": "danger"}
STEP_STATES = {"done": "checked", "current": "current", "todo": "not-checked"}


class UnknownKind(ValueError):
    """A template asks for a variant that does not exist; the message names the ones that do."""

    def __init__(self, tag: str, kind: str, kinds: Iterable[str]) -> None:
        super().__init__(f"{{% {tag} %}} has no {kind!r}; choose from {', '.join(kinds)}.")


def _attributes(attributes: Mapping[str, Any]) -> SafeString:
    """Keyword arguments as HTML attributes: ``hx_post=…`` becomes ``hx-post="…"``; None and False are left out."""
    return flatatt(
        {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items() if value is not None}
    )


def _block(name: str, context: dict[str, Any]) -> SafeString:
    return render_to_string(f"components/{name}.html", context)


# --- doing ------------------------------------------------------------------------------------------------------------
@register.inclusion_tag("components/button.html")
def button(
    label: str, variant: str = "primary", href: str = "", type: str = "submit", **attributes: Any
) -> dict[str, Any]:
    """A button, or with ``href`` a link that looks like one."""
    if variant not in BUTTON_VARIANTS:
        raise UnknownKind("button", variant, BUTTON_VARIANTS)
    extra_class = attributes.pop("class_", "")
    return {
        "label": label,
        "variant": variant,
        "href": href,
        "type": type,
        "extra_class": extra_class,
        "attributes": _attributes(attributes),
    }


@register.simple_block_tag
def button_row(content: str) -> str:
    """Buttons beside each other; under each other on a phone."""
    return _block("button_row", {"content": content})


@register.inclusion_tag("components/back_link.html")
def back_link(href: str, label: str = "") -> dict[str, Any]:
    """The way back, on top of a page."""
    return {"href": href, "label": label or _("Back")}


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(items: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Where this page is: a list of {label, url}, the page itself last and without url."""
    return {"items": items}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page_obj: Page[Any], name: str = "page") -> dict[str, Any]:
    """Earlier and later pages; keeps every other filter in the address."""
    request: HttpRequest | None = context.get("request")
    query = request.GET.copy() if request is not None else None

    def address(number: int) -> str:
        if query is None:
            return f"?{name}={number}"
        query[name] = str(number)
        return f"?{query.urlencode()}"

    paginator = page_obj.paginator
    numbers = paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    return {
        "page_obj": page_obj,
        "previous": address(page_obj.number - 1) if page_obj.has_previous() else "",
        "next": address(page_obj.number + 1) if page_obj.has_next() else "",
        "pages": [
            {"number": number, "url": address(number), "current": number == page_obj.number}
            if isinstance(number, int)
            else {"gap": True}
            for number in numbers
        ],
    }


@register.inclusion_tag("components/language_switch.html", takes_context=True)
def language_switch(context: Context) -> dict[str, Any]:
    """One button per other language, each in that language; posts to Django's ``set_language``."""
    return {
        "csrf_token": context.get("csrf_token"),
        "request": context.get("request"),
        "languages": [
            {"code": "nl", "label": "Nederlands"},
            {"code": "en", "label": "English"},
        ],
    }


# --- telling ----------------------------------------------------------------------------------------------------------
@register.simple_block_tag
def alert(
    content: str, kind: str = "info", title: str = "", level: int = 2, live: bool = False, **attributes: Any
) -> str:
    """A coloured box with an icon and a word. ``live=True`` has it read aloud when it appears later."""
    if kind not in ALERT_KINDS:
        raise UnknownKind("alert", kind, ALERT_KINDS)
    kind = ALERT_KINDS[kind]
    role = ("alert" if kind == "error" else "status") if live else None
    return _block(
        "alert",
        {
            "content": content,
            "kind": kind,
            "title": title,
            "level": level,
            "attributes": _attributes({"role": role, **attributes}),
        },
    )


@register.inclusion_tag("components/badge.html")
def badge(label: str, kind: str = "neutral") -> dict[str, Any]:
    """A status in words; the colour and the shape only repeat what the words say."""
    if kind not in BADGE_KINDS:
        raise UnknownKind("badge", kind, BADGE_KINDS)
    return {"label": label, "kind": kind}


@register.inclusion_tag("components/stat.html")
def stat(value: Any, label: str, note: str = "") -> dict[str, Any]:
    """One big number with what it counts."""
    return {"value": value, "label": label, "note": note}


@register.inclusion_tag("components/timeline.html")
def timeline(steps: Sequence[Mapping[str, Any]], label: str = "") -> dict[str, Any]:
    """Steps with dates: a list of {label, state, when, note}; state is done, current or todo."""
    rows = []
    for step in steps:
        if step["state"] not in STEP_STATES:
            raise UnknownKind("timeline", step["state"], STEP_STATES)
        rows.append({**step, "modifier": STEP_STATES[step["state"]]})
    return {"steps": rows, "label": label}


@register.inclusion_tag("components/task_list.html")
def task_list(tasks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What there is to do: a list of {label, url, status, kind, hint}; without url it cannot be done yet."""
    return {"tasks": tasks}


@register.inclusion_tag("components/step_counter.html")
def step_counter(number: int, total: int) -> dict[str, Any]:
    """Step 2 of 5, in words and as a bar."""
    return {"number": number, "total": total, "segments": [step <= number for step in range(1, total + 1)]}


@register.inclusion_tag("components/meter.html")
def meter(value: int, total: int, label: str, text: str = "") -> dict[str, Any]:
    """How much of a whole is done; ``text`` replaces "3 of 11"."""
    return {
        "value": value,
        "total": total,
        "label": label,
        "text": text or _("%(value)s of %(total)s") % {"value": value, "total": total},
    }


@register.inclusion_tag("components/money_bar.html")
def money_bar(
    parts: Sequence[Mapping[str, Any]], caption: str, total: int | None = None, id: str = "money-bar"
) -> dict[str, Any]:
    """An amount divided into parts, as a bar and as a table: a list of {label, cents}, and the total in cents."""
    whole = sum(part["cents"] for part in parts) if total is None else total
    return {
        "caption": caption,
        "total": whole,
        "id": id,
        "parts": lay_out([Part(label=str(part["label"]), cents=part["cents"]) for part in parts], whole),
    }


@register.inclusion_tag("components/summary_list.html")
def summary_list(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Answers to look over: a list of {label, value, url, change}; with url there is a link to change it."""
    return {"rows": rows}


@register.inclusion_tag("components/copyable.html")
def copyable(value: str, label: str) -> dict[str, Any]:
    """A code or digest to copy; the button only shows where a script can copy."""
    return {"value": value, "label": label}


@register.inclusion_tag("components/saved_at.html")
def saved_at(value: Any = None) -> dict[str, Any]:
    """When the answers were last kept on the server."""
    return {"saved_at": value}


# --- holding ----------------------------------------------------------------------------------------------------------
@register.simple_block_tag
def card(content: str, title: str = "", href: str = "", level: int = 2, note: str = "") -> str:
    """A framed piece of a page; with ``href`` the title is a link that covers the whole card."""
    return _block("card", {"content": content, "title": title, "href": href, "level": level, "note": note})


@register.simple_block_tag
def table(content: str, caption: str, stack: bool = False, hide_caption: bool = False, id: str = "") -> str:
    """Hold a table and its caption: it scrolls in its own frame, or with ``stack`` becomes blocks on a phone."""
    return _block(
        "table",
        {
            "content": content,
            "caption": caption,
            "stack": stack,
            "hide_caption": hide_caption,
            "id": id or f"table-{slugify(caption)}",
        },
    )


@register.simple_block_tag
def details(content: str, summary: str, open: bool = False) -> str:
    """Text that opens on demand."""
    return _block("details", {"content": content, "summary": summary, "open": open})


@register.simple_block_tag
def empty_state(content: str, title: str, level: int = 2) -> str:
    """Nothing here yet; the content says what to do."""
    return _block("empty_state", {"content": content, "title": title, "level": level})


@register.simple_block_tag
def fieldset(content: str, legend: str, description: str = "", id: str = "") -> str:
    """Fields that belong together."""
    return _block("fieldset", {"content": content, "legend": legend, "description": description, "id": id})


# --- forms ------------------------------------------------------------------------------------------------------------
@register.inclusion_tag("components/field.html")
def field(bound: BoundField, heading: bool = False, prefix: str = "", suffix: str = "") -> dict[str, Any]:
    """A field with label, description, error and input. ``heading`` makes the label the h1 of the page."""
    return field_parts(bound, heading=heading, prefix=prefix, suffix=suffix)


@register.simple_tag
def widget_attributes(widget: Mapping[str, Any], style: str) -> SafeString:
    """The attributes of a widget with our classes added to its own."""
    attributes = dict(widget["attrs"])
    invalid = " " + style.split(maxsplit=1)[0] + "--invalid" if attributes.get("aria-invalid") else ""
    own = attributes.pop("class", "")
    return flatatt({"class": f"{style}{invalid}{' ' + own if own else ''}", **attributes})


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: "BaseForm | BaseFormSet[Any] | str") -> dict[str, Any]:
    """What has to be put right, on top of the page, with a link to each field. Nothing while all is well."""
    errors: list[dict[str, str]] = []
    for form in forms:
        if isinstance(form, BaseFormSet):
            if form.is_bound:
                errors += [{"message": str(message), "href": ""} for message in form.non_form_errors()]
            for member in form.forms:
                errors += errors_of(member)
        elif isinstance(form, BaseForm):  # a template gives "" for a form that does not exist
            errors += errors_of(form)
    return {"errors": errors, "count": len(errors)}


@register.simple_tag
def error_prefix(form: Any = None) -> str:
    """``Fout: `` before the title of a page whose form came back with errors, so that it is heard first."""
    return _("Error: ") if getattr(form, "is_bound", False) and form.errors else ""


@register.simple_tag
def this_municipality() -> Municipality:
    """Name, fund, colour, logo and help line, for pages that are rendered without context."""
    return municipality()
