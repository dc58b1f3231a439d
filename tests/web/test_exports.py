import csv
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest

from web.exports import csv_response, harmless, xlsx_response

ROWS: list[list[str | None]] = [["2027-001", "=HYPERLINK(1)", None], ["2027-002", "Soep; met 🍲", 'Zei "ja"\nen nee']]


@pytest.mark.parametrize(
    "text", ["=1+1", "+31612345678", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\N{FULLWIDTH EQUALS SIGN}1"]
)
def test_what_a_spreadsheet_would_run_becomes_text(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Samen koken", "🍲", "1+1", "", "a=b"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_a_csv_file_says_exactly_what_it_was_given() -> None:
    response = csv_response("lijst", ["Nummer", "Idee", "Notitie"], ROWS)

    text = response.content.decode("utf-8-sig")
    assert list(csv.reader(StringIO(text, newline=""), delimiter=";")) == [
        ["Nummer", "Idee", "Notitie"],
        ["2027-001", "'=HYPERLINK(1)", ""],
        ["2027-002", "Soep; met 🍲", 'Zei "ja"\nen nee'],
    ]
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response["Content-Disposition"] == 'attachment; filename="lijst.csv"'
    assert response["Cache-Control"] == "private, no-store"


def test_an_xlsx_file_holds_text_and_no_formulas() -> None:
    response = xlsx_response("lijst", ["Nummer", "Idee", "Notitie"], ROWS)

    with ZipFile(BytesIO(response.content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        strings = parts.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "=HYPERLINK(1)" in strings
    assert "Soep; met 🍲" in strings
    assert response["Content-Disposition"] == 'attachment; filename="lijst.xlsx"'
