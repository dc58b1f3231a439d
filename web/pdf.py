"""Accessible PDFs (PDF/UA-1, ISO 14289-1): letters, receipts, printed forms. Made by typst from plain data.

A template is a typst file ``templates/pdf/<name>.typ``. The data goes in beside it as JSON and is only ever printed, so
that nothing a person types can be markup. ``document.typ`` needs no typst at all; its data is::

    {"title": str, "date": date | datetime, "reference": str, "recipient": [line, ...], "intro": str,
     "blocks": [
        {"kind": "heading", "text": str, "level": 2 | 3},
        {"kind": "text", "text": str},                          an empty line begins a new paragraph
        {"kind": "list", "items": [str, ...], "ordered": bool},
        {"kind": "facts", "rows": [[label, value], ...]},
        {"kind": "money_table", "rows": [{"label": str, "amount": cents}, ...],
         "total": {"label": str, "amount": cents}, "columns": [str, str], "caption": str},
        {"kind": "table", "columns": [str, ...], "rows": [[str, ...], ...], "right": [column, ...], "wide": column,
         "caption": str},
        {"kind": "note", "title": str, "text": str},
        {"kind": "write", "label": str, "hint": str, "lines": int},   room to write by hand
        {"kind": "tick", "label": str, "items": [str, ...]},          boxes to tick by hand
        {"kind": "new_page"},
     ]}

Only ``kind`` and what it prints are needed. A whole number under ``amount`` is cents and is written as euros; dates and
moments anywhere are written in words, in the language of the document. Make texts of our own with gettext in that
language before they come here. The same data gives the same bytes: the date of making is ``date``, never the clock.
"""

import datetime
import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.contrib.staticfiles import finders
from django.template import TemplateDoesNotExist, engines
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override
from fontTools.ttLib import TTFont

from web.templatetags.formats import day, moment, money, money_exact
from web.theme import accent_tokens, municipality

FONTS = Path(__file__).parent / "fonts"
# In this order: what the first lacks is looked for in the next.
FAMILIES = ["Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Emoji"]
LOGO_FORMATS = {".svg": "svg", ".png": "png", ".jpg": "jpg", ".jpeg": "jpg", ".webp": "webp"}
UNKNOWN = "\N{REPLACEMENT CHARACTER}"

_NAME = re.compile(r"[a-z][a-z0-9_]*")
# Invisible signs that no font needs to have: joiners, directions, variation selectors, soft hyphen.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f]")
# Codepoints that PDF/UA does not allow as text, and controls other than the line end and the tab.
_NOT_TEXT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufff0-\uffff\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]"
)


def render_pdf(template: str, data: Mapping[str, Any], *, language: str, title: str) -> bytes:
    """Make a PDF/UA-1 from ``templates/pdf/<template>.typ`` and plain `data`.

    `language` ("nl", "en") is the language of the document, `title` the one that assistive technology announces.
    A character that no font of ours has is printed as �; every other text is printed as it is.

    Raises ``TemplateDoesNotExist`` for an unknown template and ``typst.TypstError`` for a mistake in one.
    """
    path = _template(template)
    with override(language):
        meta, content = _meta(data, language, title), _written(data)
    try:
        return _compile(path, _clean(meta, _shown), _clean(content, _shown), _made(data))
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
        # A sign that no one font can draw together with the sign before it: fall back on the plainest text.
        return _compile(path, _clean(meta, _plainest), _clean(content, _plainest), _made(data))


def _compile(path: Path, meta: Any, content: Any, made: datetime.datetime) -> bytes:
    return typst.compile(
        path,
        root=path.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"meta": json.dumps(meta), "data": json.dumps(content)},
        pdf_standards=["ua-1"],
        timestamp=made,
    )


def _template(name: str) -> Path:
    """Find a template by its name, in Django's template folders."""
    if not _NAME.fullmatch(name):
        raise TemplateDoesNotExist(name)
    for folder in engines["django"].template_dirs:
        path = Path(folder) / "pdf" / f"{name}.typ"
        if path.is_file():
            return path
    raise TemplateDoesNotExist(f"pdf/{name}.typ")


def _made(data: Mapping[str, Any]) -> datetime.datetime:
    """When the document says it was made; a document without a date was made at the beginning of time."""
    date = data.get("date")
    if isinstance(date, datetime.datetime) and timezone.is_aware(date):
        return date.astimezone(datetime.UTC)
    if isinstance(date, datetime.date):
        return datetime.datetime(date.year, date.month, date.day, tzinfo=datetime.UTC)
    return datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def _meta(data: Mapping[str, Any], language: str, title: str) -> dict[str, Any]:
    """What every sheet has, whatever it is about."""
    own = municipality()
    made = _made(data)
    dated = isinstance(data.get("date"), datetime.date)
    return {
        "title": title if title.strip() else own.name,
        "language": language.split("-", maxsplit=1)[0],
        "date": {"year": made.year, "month": made.month, "day": made.day} if dated else None,
        "municipality": own.name,
        "fund": own.fund_name,
        "colour": accent_tokens(own.colour)["--basis-color-accent-1-color-default"],
        "logo": _logo(own.logo),
        "families": FAMILIES,
        "labels": {
            "page": _("Page {page} of {pages}"),
            "date": _("Date"),
            "reference": _("Reference"),
            "what_for": _("What for"),
            "amount": _("Amount"),
        },
    }


@lru_cache(maxsize=4)
def _logo(name: str) -> dict[str, Any] | None:
    """The municipality's logo, or None: without one, or for a file that typst cannot draw, its name is printed."""
    path = finders.find(name) if name and not name.startswith("/") else None
    if not isinstance(path, str) or Path(path).suffix.lower() not in LOGO_FORMATS:
        return None
    return {"format": LOGO_FORMATS[Path(path).suffix.lower()], "bytes": list(Path(path).read_bytes())}


def _written(value: Any, key: str = "") -> Any:
    """Write dates and amounts in words, and everything else as JSON knows it."""
    if isinstance(value, Mapping):
        written = {str(name): _written(part, str(name)) for name, part in value.items()}
        if value.get("kind") == "money_table":
            written |= _money_lines(value)
        if isinstance(value.get("date"), datetime.date):
            written["day"] = day(timezone.localtime(value["date"]) if _is_aware(value["date"]) else value["date"])
        return written
    if isinstance(value, Iterable) and not isinstance(value, str | Promise):
        return [_written(part) for part in value]
    return _written_word(value, key)


def _written_word(value: Any, key: str) -> str | int | bool | None:
    if isinstance(value, str | Promise):
        return str(value)
    if isinstance(value, datetime.datetime):
        return moment(timezone.localtime(value) if _is_aware(value) else value)
    if isinstance(value, datetime.date):
        return day(value)
    if key == "amount" and isinstance(value, int):
        return money(value)
    if value is None or isinstance(value, int):
        return value
    raise TypeError(f"A document has no way to print {type(value).__name__}.")


def _is_aware(value: datetime.date) -> bool:
    return isinstance(value, datetime.datetime) and timezone.is_aware(value)


def _money_lines(block: Mapping[str, Any]) -> dict[str, Any]:
    """One way of writing for a whole column: with cents as soon as one amount has them."""
    lines = [*block["rows"], *([block["total"]] if block.get("total") else [])]
    write = money_exact if any((line["amount"] or 0) % 100 for line in lines) else money
    written = [{"label": str(line["label"]), "amount": write(line["amount"])} for line in lines]
    return {"rows": written[: len(block["rows"])], "total": written[-1] if block.get("total") else None}


def _clean(value: Any, show: Callable[[str], str]) -> Any:
    """The same data with every text made printable."""
    if isinstance(value, dict):
        return {name: _clean(part, show) for name, part in value.items()}
    if isinstance(value, list):
        return [_clean(part, show) for part in value] if not value or not isinstance(value[0], int) else value
    return show(value) if isinstance(value, str) else value


def _shown(text: str) -> str:
    """A text in which every character can be printed."""
    text = _NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).replace("\t", " ")
    if text.isascii():
        return text
    covered = _covered()
    return "".join(sign if sign in covered or _INVISIBLE.match(sign) else UNKNOWN for sign in text)


def _plainest(text: str) -> str:
    """Letters and figures of the main font alone, without signs that must be drawn on top of others."""
    main = _covered_by(FONTS / "NotoSans-Regular.ttf") & _covered_by(FONTS / "NotoSans-Bold.ttf")
    text = _INVISIBLE.sub("", _shown(text))
    return "".join(sign if sign == "\n" or (sign in main and ord(sign) < 0x300) else UNKNOWN for sign in text)


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


@lru_cache(maxsize=1)
def _covered() -> frozenset[str]:
    """Every character that can be printed. Bold is left out: what it lacks is taken from the regular fonts."""
    return frozenset("\n").union(*(_covered_by(path) for path in FONTS.glob("*-Regular.ttf")))


@lru_cache(maxsize=8)
def _covered_by(path: Path) -> frozenset[str]:
    with TTFont(path, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))
