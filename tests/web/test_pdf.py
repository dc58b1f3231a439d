import datetime
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.template import TemplateDoesNotExist
from django.utils.translation import gettext_lazy as _
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image
from pytest_django import Settings

from web import pdf
from web.pdf import render_pdf

RECEIPT: dict[str, Any] = {
    "title": "Uw aanvraag is binnen",
    "date": datetime.date(2027, 3, 3),
    "reference": "2027-0042",
    "recipient": ["Ines Yılmaz", "Dorpsstraat 12"],
    "intro": "Dank u wel.",
    "blocks": [
        {"kind": "note", "title": "Wat gebeurt er nu?", "text": "Wij kijken of alles compleet is."},
        {"kind": "heading", "text": "Uw idee"},
        {"kind": "facts", "rows": [["Naam", "Samen koken"], ["Wanneer", datetime.date(2027, 9, 1)], ["Leeg", None]]},
        {
            "kind": "money_table",
            "rows": [{"label": "Boodschappen", "amount": 125050}, {"label": "Zaalhuur", "amount": 80000}],
            "total": {"label": "Samen", "amount": 205050},
        },
        {"kind": "list", "items": ["De commissie leest.", "De commissie stemt."], "ordered": True},
        {"kind": "table", "columns": ["Idee", "Voor"], "rows": [["Samen koken", "7"]], "right": [1]},
        {"kind": "write", "label": "Hoe heet uw idee?", "hint": "Kort is goed.", "lines": 2},
        {"kind": "tick", "label": "Wie vult dit in?", "items": ["Ik zelf", "Iemand helpt mij"]},
        {"kind": "new_page"},
        {"kind": "text", "text": "Eerste alinea.\nNieuwe regel.\n\nTweede alinea."},
    ],
}


@pytest.fixture
def forgotten_logo() -> Iterator[None]:
    """The logo is read once; these tests change it."""
    pdf._logo.cache_clear()
    yield
    pdf._logo.cache_clear()


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def letter(text: str, **more: Any) -> bytes:
    """Return a letter that says one thing."""
    return render_pdf("document", {"blocks": [{"kind": "text", "text": text}], **more}, language="nl", title="Brief")


def mapping(font: Any) -> dict[int, str]:
    """Return glyph → text of a font, from its ToUnicode table."""
    table: dict[int, str] = {}
    source = font.ToUnicode.read_bytes().decode("ascii")
    for section in re.findall(r"beginbfchar(.*?)endbfchar", source, re.DOTALL):
        for glyph, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", section):
            table[int(glyph, 16)] = bytes.fromhex(text).decode("utf-16-be")
    return table


def text_of(content: bytes) -> str:
    """Return what a screen reader finds on the pages, in order, without spaces: a reader adds those by position."""
    found = []
    document = opened(content)
    for page in document.pages:
        tables = {str(name): mapping(font) for name, font in page.Resources.get("/Font", {}).items()}
        table: dict[int, str] = {}
        for instruction in pikepdf.parse_content_stream(page):
            operands, operator = instruction.operands, str(instruction.operator)
            if operator == "Tf":
                table = tables[str(operands[0])]
            pieces: Any = operands[0] if operator == "TJ" else operands if operator == "Tj" else []
            for piece in pieces:
                if isinstance(piece, pikepdf.String):
                    codes = bytes(piece)
                    found += [table[int.from_bytes(codes[at : at + 2])] for at in range(0, len(codes), 2)]
    return "".join(found)


def bare(text: str) -> str:
    """Return a text without spaces of any kind."""
    return re.sub(r"[\s\u200b]+", "", text)


def roles(content: bytes) -> list[str]:
    """Return the structure of a document as assistive technology walks along it."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append(str(node.S))
            if "/K" in node:
                walk(node.K)

    document = opened(content)
    walk(document.Root.StructTreeRoot.K)
    return found


def test_a_document_is_tagged_and_says_its_language_its_title_and_who_made_it() -> None:
    document = opened(render_pdf("document", RECEIPT, language="nl", title="Ontvangstbewijs 2027-0042"))

    assert document.Root.MarkInfo.Marked
    assert str(document.Root.Lang) == "nl"
    assert document.Root.ViewerPreferences.DisplayDocTitle
    with document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Ontvangstbewijs 2027-0042"
        assert metadata["dc:creator"] == ["Gemeente Voorbeeldstad"]


def test_headings_lists_and_tables_are_known_as_such() -> None:
    found = roles(render_pdf("document", RECEIPT, language="nl", title="Ontvangstbewijs"))

    assert [role for role in found if re.fullmatch("/H[0-9]", role)] == ["/H1", "/H2"]
    assert found.count("/Table") == 2
    assert found.count("/TH") == 4
    assert found.count("/LI") == 3 + 2 + 2  # facts, steps, boxes
    assert found.count("/Lbl") >= 3


def test_everything_is_there_to_be_read() -> None:
    text = text_of(render_pdf("document", RECEIPT, language="nl", title="Ontvangstbewijs"))

    wanted = [
        "GemeenteVoorbeeldstad", "Participatiefonds", "InesYılmaz", "3maart2027", "2027-0042", "Uwaanvraagisbinnen",
        "Dankuwel.", "Watgebeurternu?", "Samenkoken", "1september2027", "€1.250,50", "€800,00", "€2.050,50",
        "Decommissiestemt.", "Hoeheetuwidee?", "Iemandhelptmij", "Nieuweregel.Tweedealinea.",
    ]  # fmt: skip
    assert [part for part in wanted if part not in bare(text)] == []


def test_whole_euros_are_written_without_cents_and_in_the_language_of_the_document() -> None:
    block = {"kind": "money_table", "rows": [{"label": "Rent", "amount": 425000}, {"label": "Cake", "amount": None}]}

    text = bare(text_of(render_pdf("document", {"blocks": [block]}, language="en", title="Letter")))

    assert "Rent€4,250Cake" in text
    assert "Page1of1" in text


def test_moments_and_texts_to_be_translated_are_written_in_the_language_of_the_document() -> None:
    moment = datetime.datetime(2027, 3, 3, 13, 3, tzinfo=datetime.UTC)
    rows = [[_("Dutch"), moment], ["amount", {"amount": 100}["amount"]]]

    text = bare(
        text_of(render_pdf("document", {"blocks": [{"kind": "facts", "rows": rows}]}, language="en", title="x"))
    )

    assert "Dutch3March2027at14:03amount100" in text


@pytest.mark.parametrize("date", [None, datetime.date(2027, 3, 3), datetime.datetime(2027, 3, 3, tzinfo=datetime.UTC)])
def test_the_same_data_gives_the_same_bytes(date: datetime.date | None) -> None:
    data = {**RECEIPT, "date": date}

    one = render_pdf("document", data, language="nl", title="Ontvangstbewijs")
    other = render_pdf("document", data, language="nl", title="Ontvangstbewijs")

    assert one == other
    assert ("/CreationDate" in opened(one).docinfo) == (date is not None)


@pytest.mark.parametrize(
    "typed",
    [
        "#panic()",
        '#read("/etc/passwd")',
        '#import "letter.typ": *',
        "\\ \\u{41} \\#",
        "*bold* _italic_ $x^2$ `raw` <label> @reference",
        "= Heading",
        '"; #panic("out") //',
        "]} #(1+1) {[",
        "/* comment */ // comment",
        "https://voorbeeld.example/~ines?a=1&b=2",
        "<script>alert(1)</script>",
        "{{ settings.SECRET_KEY }} {% now 'Y' %}",
    ],
)
def test_what_looks_like_markup_is_printed_as_it_was_typed(typed: str) -> None:
    everywhere = {
        "title": typed,
        "reference": typed,
        "recipient": [typed],
        "intro": typed,
        "blocks": [
            {"kind": "heading", "text": typed},
            {"kind": "text", "text": typed},
            {"kind": "list", "items": [typed]},
            {"kind": "facts", "rows": [[typed, typed]]},
            {"kind": "money_table", "rows": [{"label": typed, "amount": 1}], "caption": typed},
            {"kind": "note", "title": typed, "text": typed},
            {"kind": "table", "columns": [typed, typed], "rows": [[typed, typed]]},
        ],
    }

    text = bare(text_of(render_pdf("document", everywhere, language="nl", title=typed)))

    assert text.count(bare(typed)) == 17


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Samen 😀 koken 👨‍👩‍👧 ❤️", ["Samen", "😀", "koken", "👨", "👩"]),
        ("漢字 en ቋንቋ", ["��en���"]),
        ("tab\there, nul\x00, mark\ufeff, private\ue000, lone\ud800", ["tabhere,nul,mark,private,lone"]),
        ("regel\r\nregel\rregel", ["regelregelregel"]),
        ("e\u0301\u0489 \u0591\u05d0", ["\u05d0"]),
        ("👍\u0301\u0323 漢\u0301", ["�"]),
    ],
)
def test_signs_that_a_font_may_lack_never_stop_a_letter(typed: str, printed: list[str]) -> None:
    text = bare(text_of(letter(typed)))

    assert [part for part in printed if part not in text] == []


def test_right_to_left_text_is_printed_in_its_own_script() -> None:
    text = text_of(letter("مرحبا بكم\n\nשלום לכולם\n\nHallo"))

    assert set("مرحبا" + "שלום") <= set(text)
    assert "Hallo" in text


@given(text=st.text(max_size=60))
@hypothesis_settings(max_examples=60, deadline=None)
def test_no_text_at_all_stops_a_letter(text: str) -> None:
    assert letter(text, title=text, reference=text, intro=text).startswith(b"%PDF-1.7")


def test_a_very_long_word_stays_on_the_sheet() -> None:
    word = "Donaudampfschifffahrtsgesellschaft" * 12

    content = letter(word)

    assert bare(word) in bare(text_of(content))
    document = opened(content)
    lines = [
        instruction
        for instruction in pikepdf.parse_content_stream(document.pages[0])
        if str(instruction.operator) == "TJ"
    ]
    assert len(lines) >= 5


def test_fifty_pages_are_numbered() -> None:
    content = letter("\n\n".join(f"Alinea {number}. " + "Woord " * 150 for number in range(230)))

    document = opened(content)
    count = len(document.pages)
    assert count >= 50
    assert f"{count}of{count}" in re.sub(
        r"[^0-9a-z]|van", lambda found: "of" if found[0] == "van" else "", text_of(content)
    )


def test_headings_never_skip_a_level() -> None:
    blocks = [{"kind": "heading", "level": level, "text": "Kop"} for level in (3, 3, 6, 1, 4)]

    found = roles(render_pdf("document", {"blocks": blocks}, language="nl", title="Brief"))

    assert [role for role in found if role.startswith("/H")] == ["/H1", "/H2", "/H3", "/H4", "/H2", "/H3"]


@pytest.mark.parametrize("name", ["unknown", "../document", "document.typ", "/etc/passwd", "", "Document"])
def test_a_template_is_found_by_its_name_alone(name: str) -> None:
    with pytest.raises(TemplateDoesNotExist):
        render_pdf(name, {}, language="nl", title="Brief")


def test_a_mistake_in_a_block_is_told_to_the_maker() -> None:
    with pytest.raises(RuntimeError, match="unknown kind of block: heading2"):
        render_pdf("document", {"blocks": [{"kind": "heading2"}]}, language="nl", title="Brief")
    with pytest.raises(TypeError, match="no way to print float"):
        render_pdf("document", {"blocks": [{"kind": "text", "text": 1.5}]}, language="nl", title="Brief")


@pytest.mark.parametrize(("name", "pictures"), [("logo.png", 1), ("logo.gif", 0), ("gone.png", 0), ("/logo.png", 0)])
def test_the_logo_of_the_municipality_has_its_name(
    name: str, pictures: int, tmp_path: Path, settings: Settings, forgotten_logo: None
) -> None:
    Image.new("RGB", (60, 30), "#13594c").save(tmp_path / "logo.png")
    Image.new("RGB", (60, 30), "#13594c").save(tmp_path / "logo.gif")
    settings.STATICFILES_DIRS = [tmp_path]
    settings.MUNICIPALITY_LOGO = name

    content = letter("Hallo")

    assert roles(content).count("/Figure") == pictures
    assert (b"Gemeente Voorbeeldstad" in bare_alternatives(content)) == bool(pictures)


def bare_alternatives(content: bytes) -> bytes:
    """Return the texts that stand in for pictures."""
    document = opened(content)
    return b" ".join(str(node.Alt).encode() for node in document.objects if "/Alt" in node_keys(node))


def node_keys(node: Any) -> set[str]:
    return set(node.keys()) if isinstance(node, pikepdf.Dictionary) else set()
