"""Lists to take along, as CSV or XLSX. A cell is text: a spreadsheet must never run what somebody typed."""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import Any

from django.http import HttpResponse
from xlsxwriter import Workbook

# What a spreadsheet takes for the beginning of a formula, or skips to find one.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}")
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def harmless(value: Any) -> str:
    """Return a cell as text that no spreadsheet runs: an apostrophe goes before what looks like a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(DANGEROUS) else text


def csv_response(name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Answer with a CSV file in UTF-8, with the mark and the semicolons that Dutch spreadsheets expect."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([harmless(value) for value in row] for row in [header, *rows])
    return _attached(text.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", f"{name}.csv")


def xlsx_response(name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Answer with an XLSX file in which every cell is text, so that nothing is a formula or a link."""
    file = BytesIO()
    # In memory: nothing about anybody is left behind in a folder for temporary files.
    with Workbook(file, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for place, row in enumerate([header, *rows]):
            for column, value in enumerate(row):
                sheet.write_string(place, column, "" if value is None else str(value))
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return _attached(file.getvalue(), SPREADSHEET, f"{name}.xlsx")


def _attached(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
