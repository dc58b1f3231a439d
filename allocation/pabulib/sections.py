"""The outer shape of a file: lines, rows of cells, and the three sections META, PROJECTS and VOTES."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, repeat
from operator import itemgetter
from typing import Any

from allocation.amounts import shorten
from allocation.pabulib.errors import PabulibError

SECTIONS = ("META", "PROJECTS", "VOTES")
LINES_AT_A_TIME = 2_000  # few enough to stay in the processor's cache

LONGEST_LINE = 10_000_000
"""Characters; no line of an election comes near, and splitting a longer one could take all memory there is."""

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
        reader = csv.reader(_no_endless(self._lines, 1), delimiter=";")
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

    def votes(self, width: int) -> Iterator[Bite]:
        """The votes, :data:`LINES_AT_A_TIME` at a time; each row has exactly ``width`` cells.

        Lines without any quotation mark are split by hand, which is twice as fast as the csv module. From the first
        quotation mark on the csv module reads, and strictly: a mark that is opened and never closed would otherwise
        swallow the votes below it without a sound.
        """
        while lines := list(islice(self._lines, LINES_AT_A_TIME)):
            if '"' in "".join(lines):
                yield from self._quoted_votes(chain(lines, self._lines), width)
                return
            yield Bite(lines, None, self._line + 1, width)
            self._line += len(lines)

    def _quoted_votes(self, lines: Iterable[str], width: int) -> Iterator[Bite]:
        above = self._line
        reader = csv.reader(_no_endless(lines, above + 1), delimiter=";", strict=True)
        while True:
            rows: list[list[str]] = []
            try:
                # extend() keeps the rows read before an error, so that the error can be placed
                rows.extend(islice(reader, LINES_AT_A_TIME))
            except csv.Error as error:
                end = above + 1 + sum(1 + _line_breaks(row) for row in rows)
                raise PabulibError(_broken_quote(error), end) from None
            if not rows:
                return
            yield Bite([], rows, above + 1, width)
            above = self._line + reader.line_num


class Bite:
    """Some rows of VOTES, as lines that are still to be split or as cells. Knows on which line each row began."""

    def __init__(self, lines: list[str], rows: list[list[str]] | None, first_line: int, width: int) -> None:
        self._lines = lines
        self._rows = rows
        self._first_line = first_line
        self._width = width

    def keys(self, columns: Sequence[int]) -> list[Any]:
        """What these columns hold, row by row: a text for one column, a tuple of texts for more.

        Raises :class:`PabulibError` for a row with too many or too few columns.
        """
        if self._rows is None and set(map(str.count, self._lines, repeat(";"))) == {self._width - 1}:
            keys = self._split(columns)
            if ("" if len(columns) == 1 else ("",) * len(columns)) not in keys:
                return keys
        # Something out of the ordinary: blank lines, blank ballots, other widths. Look at each row.
        pick: itemgetter[Any] = itemgetter(*columns)
        return [pick(row) for _, row in self._straight_rows()]

    def _split(self, columns: Sequence[int]) -> list[Any]:
        last = max(columns)
        lines: Iterable[str] = self._lines
        if last == self._width - 1:
            lines = [line.rstrip("\r\n") for line in self._lines]
        if len(columns) == 1:
            return [line.split(";", last + 1)[last] for line in lines]
        pick: itemgetter[Any] = itemgetter(*columns)
        return [pick(line.split(";", last + 1)) for line in lines]

    def line_where(self, columns: Sequence[int], key: object) -> int:
        """The first line on which these columns hold ``key``, given as :meth:`keys` gives it."""
        pick: itemgetter[Any] = itemgetter(*columns)
        return next(line for line, row in self._straight_rows() if pick(row) == key)

    def _straight_rows(self) -> Iterator[Row]:
        """Rows of the right width, without lines on which nothing is filled in: those are no voters."""
        rows = self._rows
        if rows is None:
            rows = list(csv.reader(_no_endless(self._lines, self._first_line), delimiter=";"))
        line = self._first_line
        for row in rows:
            filled = _without_empty_tail(row)
            if filled:
                if len(row) < self._width or len(filled) > self._width:
                    raise PabulibError(
                        f"this line has {len(row)} column{'s' * (len(row) != 1)} and the heading of VOTES has "
                        f"{self._width}; columns are separated by semicolons",
                        line,
                    )
                yield line, row[: self._width]
            line += 1 + _line_breaks(row)


def _no_endless(lines: Iterable[str], first_line: int) -> Iterator[str]:
    for number, line in enumerate(lines, start=first_line):
        if len(line) > LONGEST_LINE:
            raise PabulibError(
                f"this line has {len(line):,} characters; the file is damaged, or is no .pb file", number
            )
        yield line


def _line_breaks(row: Sequence[str]) -> int:
    """Line breaks inside quotation marks."""
    return sum(cell.count("\n") for cell in row)


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
            f"the section {missing[0]} is missing; it must stand above VOTES, "
            f"with the word {missing[0]} alone on a line",
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
