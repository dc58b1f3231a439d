"""The outer shape of a file: lines, rows of cells, and the three sections META, PROJECTS and VOTES."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any

from allocation.amounts import shorten
from allocation.pabulib.errors import PabulibError

SECTIONS = ("META", "PROJECTS", "VOTES")
ROWS_AT_A_TIME = 20_000

type Row = tuple[int, list[str]]
"""The line on which a row starts, and its cells."""


class Sections:
    """Reads a file from top to bottom, once: first what stands before the votes, then the votes in large bites."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._line = 0  # lines read so far

    def before_votes(self) -> dict[str, list[Row]]:
        """The rows of META and PROJECTS, their header first. Stops behind the word VOTES.

        Raises :class:`PabulibError` when a section is missing, is there twice, or text stands outside all of them.
        """
        found: dict[str, list[Row]] = {}
        section = ""
        for line, cells in self._rows():
            name = cells[0].strip()
            if len(cells) == 1 and name in SECTIONS:
                _refuse_misplaced(name, found, line)
                if name == "VOTES":
                    return found
                section = name
                found[section] = []
            elif section:
                found[section].append((line, cells))
            else:
                raise PabulibError(
                    f"this is not a .pb file: it must start with the word META alone on a line, "
                    f"not with {shorten(name)!r}",
                    line,
                )
        raise PabulibError(_missing(found))

    def _rows(self) -> Iterator[Row]:
        """Rows that are not blank, each with the line on which it starts."""
        reader = csv.reader(self._lines, delimiter=";")
        try:
            for cells in reader:
                start, self._line = self._line + 1, reader.line_num
                filled = _without_empty_tail(cells)
                if filled:
                    yield start, filled
        except csv.Error as error:
            raise PabulibError(_broken_quote(error), self._line + 1) from None

    def votes_header(self) -> Row:
        """The column names of the votes. Call after :meth:`before_votes`."""
        for line in self._lines:
            self._line += 1
            cells = _without_empty_tail(next(csv.reader([line], delimiter=";"), []))
            if cells:
                return self._line, cells
        raise PabulibError("the line with column names is missing under VOTES, such as voter_id;vote", self._line)

    def votes(self, width: int) -> Iterator[VoteRows]:
        """The votes, :data:`ROWS_AT_A_TIME` rows at a time; each row has exactly ``width`` cells.

        Reading is strict here: a quotation mark that is opened and never closed would otherwise swallow the votes
        below it without a sound.
        """
        reader = csv.reader(self._lines, delimiter=";", strict=True)
        first = self._line + 1
        while True:
            rows: list[list[str]] = []
            try:
                # extend() keeps the rows read before an error, so that the error can be placed
                rows.extend(islice(reader, ROWS_AT_A_TIME))
            except csv.Error as error:
                raise PabulibError(_broken_quote(error), VoteRows(rows, first).line_after()) from None
            if not rows:
                return
            bite = VoteRows(rows, first)
            first = self._line + reader.line_num + 1
            bite.straighten(width)
            yield bite


class VoteRows:
    """A bite of rows from VOTES that can still tell on which line each began."""

    def __init__(self, rows: list[list[str]], first_line: int) -> None:
        self.rows = rows
        self._as_read = rows
        self._first_line = first_line

    def line_of(self, number: int) -> int:
        """The line of the row that stands at ``number`` among the rows as they were read."""
        inside = sum(cell.count("\n") for row in self._as_read[:number] for cell in row)
        return self._first_line + number + inside

    def line_after(self) -> int:
        """The line below the last row."""
        return self.line_of(len(self._as_read))

    def line_where(self, columns: Sequence[int], key: object) -> int:
        """The first line on which these columns hold ``key`` (as :func:`operator.itemgetter` gives it)."""
        pick: itemgetter[Any] = itemgetter(*columns)
        wanted = max(columns)
        return next(
            self.line_of(number) for number, row in enumerate(self._as_read) if len(row) > wanted and pick(row) == key
        )

    def drop_empty(self) -> None:
        """Drop rows in which nothing at all is filled in: blank lines as a spreadsheet writes them, not voters."""
        if not all(map(any, self.rows)):
            self.rows = [row for row in self.rows if any(row)]

    def straighten(self, width: int) -> None:
        """Drop blank lines and empty cells behind the last column; refuse rows of another width."""
        if set(map(len, self.rows)) == {width}:
            return
        straight = []
        for number, row in enumerate(self._as_read):
            if len(row) == width:
                straight.append(row)
                continue
            cells = _without_empty_tail(row)
            if not cells:
                continue
            if len(row) < width or len(cells) > width:
                raise PabulibError(
                    f"this line has {len(row)} columns and the heading of VOTES has {width}; "
                    f"columns are separated by semicolons",
                    self.line_of(number),
                )
            straight.append(row[:width])
        self.rows = straight


def _without_empty_tail(cells: list[str]) -> list[str]:
    """Spreadsheets pad short rows with empty cells; those say nothing."""
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _refuse_misplaced(name: str, found: dict[str, list[Row]], line: int) -> None:
    if name in found:
        raise PabulibError(f"the section {name} is there twice; keep one of them", line)
    missing = [section for section in ("META", "PROJECTS") if section not in found]
    if name == "VOTES" and missing:
        raise PabulibError(
            f"the section {missing[0]} is missing; it must stand above VOTES, with the word {missing[0]} alone on a line",
            line,
        )


def _missing(found: dict[str, list[Row]]) -> str:
    if not found:
        return "the file is empty; a .pb file has the sections META, PROJECTS and VOTES"
    missing = next(name for name in SECTIONS if name not in found)
    return (
        f"the section {missing} is missing; put the word {missing} alone on a line above it"
        f" (an opened quotation mark that is never closed can hide it too)"
    )


def _broken_quote(error: csv.Error) -> str:
    if "field larger" in str(error):
        return "one column holds more than 131,072 characters; a quotation mark is probably opened and never closed"
    return (
        "a quotation mark is opened and not properly closed; put the whole column between quotation marks, "
        'and write a quotation mark inside it twice ("")'
    )
