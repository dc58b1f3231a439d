"""A ``.pb`` file to an :class:`~allocation.model.Instance`."""

from __future__ import annotations

import gc
import io
import logging
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from allocation.amounts import BadNumber, Decimal, common_scale, in_units, parse_decimal, shorten
from allocation.model import BallotGroup, BallotKind, Candidate, Instance
from allocation.pabulib.ballots import BallotReader, Pile, Ticks
from allocation.pabulib.errors import PabulibError
from allocation.pabulib.sections import LONGEST_LINE, Row, Sections

LARGEST_FILE = 1024**3
"""Bytes; more than ten times the largest election on record. Larger files are refused before they are read."""

_KINDS = {
    "approval": BallotKind.APPROVAL,
    "choose-1": BallotKind.CHOOSE_ONE,
    "ordinal": BallotKind.RANKING,
    "cumulative": BallotKind.POINTS,
    "scoring": BallotKind.SCORES,
}
_OWN_KINDS = {BallotKind.YES_NO: "approval", BallotKind.POT: "cumulative"}

log = logging.getLogger(__name__)


def read_pabulib(
    source: str | os.PathLike[str] | bytes | Iterable[str],
    *,
    warn: Callable[[str], object] = log.warning,
    progress: Callable[[int, int | None], object] | None = None,
) -> Instance:
    """Read an election.

    ``source`` is a path, the whole text of a file, its bytes, or its lines. (A string without a line break is taken as
    a path: no election fits on one line.) ``warn`` is told what is odd but can be counted, such as a ``num_votes`` that
    does not match. ``progress`` is called now and then with the number of voters read so far.

    Ties are broken by the smallest project id, compared as text, unless META says otherwise (``tie_order``).

    Raises :class:`PabulibError`, whose message has the line number and says how to mend it, and :class:`OSError` when
    the file cannot be opened. There is never a half result.
    """
    with _lines(source) as lines, _undisturbed():
        return _Reading(Sections(lines), warn).instance(progress)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep the garbage collector from going through everything that is made, time and again, while nothing is dropped.

    Saves a twelfth of the time on a large file.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _lines(source: str | os.PathLike[str] | bytes | Iterable[str]) -> Iterator[Iterable[str]]:
    if isinstance(source, bytes):
        yield _decoded(source)
    elif isinstance(source, str) and "\n" in source:
        yield io.StringIO(source.removeprefix("\ufeff"), newline="")
    elif isinstance(source, str | os.PathLike):
        with _opened(Path(source)) as lines:
            yield lines
    else:
        yield source


def _decoded(content: bytes) -> io.StringIO:
    try:
        return io.StringIO(content.decode("utf-8-sig"), newline="")
    except UnicodeDecodeError:
        raise _not_text(io.BytesIO(content)) from None


@contextmanager
def _opened(path: Path) -> Iterator[Iterable[str]]:
    with path.open("rb") as raw:
        status = os.fstat(raw.fileno())
        if stat.S_ISCHR(status.st_mode) or stat.S_ISBLK(status.st_mode):
            raise PabulibError("this is a device and not a file; give a .pb file")
        if status.st_size > LARGEST_FILE:
            raise PabulibError(
                f"the file is {status.st_size / 1024**2:,.0f} MB and files of up to {LARGEST_FILE / 1024**2:,.0f} MB "
                f"are read; leave out columns that are not needed for counting, such as age and sex"
            )
        if b"\0" in raw.peek(8192)[:8192]:
            raise _not_text(raw)
        text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
        try:
            yield text if stat.S_ISREG(status.st_mode) else _bounded(text)
        except UnicodeDecodeError:
            with path.open("rb") as again:
                raise _not_text(again) from None


def _bounded(text: io.TextIOWrapper) -> Iterator[str]:
    """The lines of something that has no size to look at beforehand, and may never end."""
    characters = 0
    while line := text.readline(LONGEST_LINE + 1):
        characters += len(line)
        if len(line) > LONGEST_LINE or characters > LARGEST_FILE:
            raise PabulibError("there is no end to this; give a .pb file")
        yield line


def _not_text(raw: Iterable[bytes]) -> PabulibError:
    """Say where a file stops being text."""
    number, line = next((number, line) for number, line in enumerate(raw, start=1) if not _is_text(line))
    if b"\0" in line:
        return PabulibError("this is not a text file; give a .pb file, saved as plain text with the encoding UTF-8")
    return PabulibError(
        "this line is not UTF-8 text; save the file again as 'CSV UTF-8' or with the encoding UTF-8", number
    )


def _is_text(line: bytes) -> bool:
    try:
        line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return b"\0" not in line


class _Meta(NamedTuple):
    values: dict[str, str]
    lines: dict[str, int]

    def line(self, key: str) -> int | None:
        return self.lines.get(key)


class _Reading:
    """One file being read: META, then PROJECTS, then VOTES."""

    def __init__(self, sections: Sections, warn: Callable[[str], object]) -> None:
        self._sections = sections
        self._warn = warn

    def instance(self, progress: Callable[[int, int | None], object] | None) -> Instance:
        before = self._sections.before_votes()
        meta = _meta(before["META"])
        kind = _kind(meta)
        budget = _budget(meta)
        projects = _projects(before["PROJECTS"])
        places = {project.id: position for position, project in enumerate(projects)}
        reader = BallotReader(kind, places, first_place=_whole(meta, "max_length"), default=_default_score(meta, kind))
        ticks, piles = reader.read(self._sections, progress)
        self._compare(meta, "num_projects", len(projects), "projects")
        self._compare(meta, "num_votes", reader.voters, "votes")

        amounts = [budget, *(amount for project in projects for amount in (project.cost, project.minimum) if amount)]
        given = set(chain.from_iterable(values for _, values, _ in piles if values))
        if kind is BallotKind.POT:
            amounts.extend(given)
        scale = max(common_scale(amounts), _smallest_amount(meta))
        value_scale = 1 if kind is BallotKind.POT else common_scale(given)
        candidates = tuple(
            Candidate(
                project.id,
                in_units(project.cost, scale),
                project.name,
                None if project.minimum is None else in_units(project.minimum, scale),
            )
            for project in projects
        )
        return Instance(
            budget=in_units(budget, scale),
            candidates=candidates,
            groups=_groups(ticks, piles, scale if kind is BallotKind.POT else value_scale),
            kind=kind,
            scale=scale,
            tie_order=_tie_order(meta, places),
            threshold=_threshold(meta),
            declared_rule=meta.values.get("allocation_rule") or meta.values.get("rule", ""),
            meta=meta.values,
            value_scale=value_scale,
            quorum=_part(meta, "quorum"),
            majority=_part(meta, "majority") or Fraction(1, 2),
            exclusions=_exclusions(projects, places),
            reported=_reported(projects),
        )

    def _compare(self, meta: _Meta, key: str, found: int, noun: str) -> None:
        said = _whole(meta, key)
        if said is not None and said != found:
            self._warn(
                f"line {meta.line(key)}: META says {key} {said}, but the file has {found} {noun}; counting those"
            )


def _groups(ticks: Mapping[Ticks, int], piles: Mapping[Pile, int], scale: int) -> tuple[BallotGroup, ...]:
    if ticks:
        return BallotGroup.of_ticks(ticks)
    whole = {value: in_units(value, scale) for _, values, _ in piles for value in values}
    return tuple(
        BallotGroup(choices, tuple([whole[value] for value in values]), weight, recused)
        for (choices, values, recused), weight in piles.items()
    )


def _meta(rows: Sequence[Row]) -> _Meta:
    meta = _Meta({}, {})
    for line, cells in rows:
        key = cells[0].strip()
        if not meta.values and key.lower() == "key":
            continue
        if not key:
            raise PabulibError("this line of META has a value and no key; write key;value", line)
        value = ";".join(cells[1:]).strip()
        if meta.values.setdefault(key, value) != value:
            raise PabulibError(f"META gives {key} twice (first on line {meta.line(key)}); keep one of them", line)
        meta.lines.setdefault(key, line)
    return meta


def _kind(meta: _Meta) -> BallotKind:
    vote_type = meta.values.get("vote_type", "")
    if not vote_type:
        raise PabulibError(f"META has no vote_type; add a line such as vote_type;approval ({', '.join(_KINDS)})")
    if vote_type not in _KINDS:
        raise PabulibError(
            f"{shorten(vote_type)!r} is not a vote_type; choose one of {', '.join(_KINDS)}", meta.line("vote_type")
        )
    own = meta.values.get("ballot_kind")
    if own is None:
        return _KINDS[vote_type]
    for kind, written_as in _OWN_KINDS.items():
        if own == kind and vote_type == written_as:
            return kind
    if own in tuple(BallotKind) and _KINDS[vote_type] == own:
        return _KINDS[vote_type]
    raise PabulibError(
        f"ballot_kind {shorten(own)!r} does not go with vote_type {vote_type}; "
        f"use {', '.join(f'{kind} with {written_as}' for kind, written_as in _OWN_KINDS.items())}",
        meta.line("ballot_kind"),
    )


def _budget(meta: _Meta) -> Decimal:
    if "budget" not in meta.values:
        raise PabulibError("META has no budget; add a line such as budget;100000")
    budget = _number(meta.values["budget"], "the budget", meta.line("budget"))
    if budget[0] < 0:
        raise PabulibError("the budget is negative; write the amount that can be divided", meta.line("budget"))
    return budget


def _number(text: str, what: str, line: int | None) -> Decimal:
    try:
        return parse_decimal(text)
    except BadNumber as error:
        raise PabulibError(f"{what} is wrong: {error}", line) from None


def _whole(meta: _Meta, key: str) -> int | None:
    """A number in META that must be whole, or None when it is not there."""
    if not meta.values.get(key):
        return None
    mantissa, decimals = _number(meta.values[key], key, meta.line(key))
    if decimals or mantissa < 0:
        raise PabulibError(f"{key} must be a whole number, 0 or more", meta.line(key))
    return mantissa


def _part(meta: _Meta, key: str) -> Fraction | None:
    """A part of the voters in META, such as ``1/2`` or ``0.5``."""
    text = meta.values.get(key)
    if not text:
        return None
    over, _, under = text.partition("/")
    mantissa, decimals = _number(over, key, meta.line(key))
    divisor = _number(under, key, meta.line(key)) if under else (1, 0)
    if divisor[0] > 0:
        part = Fraction(mantissa, 10**decimals) / Fraction(divisor[0], 10 ** divisor[1])
        if 0 <= part <= 1:
            return part
    raise PabulibError(f"{key} must be a part of the whole between 0 and 1, such as 1/2 or 0.5", meta.line(key))


def _threshold(meta: _Meta) -> int | None:
    return _whole(meta, "min_project_score_threshold")


def _smallest_amount(meta: _Meta) -> int:
    """The number of smallest amounts in one of the currency: 100 when META says 0.01, and 1 when it says nothing."""
    text = meta.values.get("smallest_amount")
    if not text:
        return 1
    smallest = _number(text, "smallest_amount", meta.line("smallest_amount"))
    if smallest[0] != 1:
        raise PabulibError("smallest_amount must be 1, 0.1, 0.01 and so on", meta.line("smallest_amount"))
    return common_scale([smallest])


def _default_score(meta: _Meta, kind: BallotKind) -> Decimal | None:
    if kind is not BallotKind.SCORES or not meta.values.get("default_score"):
        return None
    return _number(meta.values["default_score"], "default_score", meta.line("default_score"))


def _tie_order(meta: _Meta, places: Mapping[str, int]) -> tuple[int, ...] | None:
    text = meta.values.get("tie_order")
    if text is None:
        return tuple(places[name] for name in sorted(places))
    if text == "none":
        return None
    names = [name.strip() for name in text.split(",")]
    if sorted(names) != sorted(places):
        raise PabulibError(
            "tie_order must name every project id exactly once, separated by commas, or be the word none",
            meta.line("tie_order"),
        )
    return tuple(places[name] for name in names)


class _Project(NamedTuple):
    id: str
    cost: Decimal
    name: str
    minimum: Decimal | None
    excludes: str
    selected: str | None  # None when the file has no such column
    line: int


def _projects(rows: Sequence[Row]) -> list[_Project]:
    if not rows:
        raise PabulibError("PROJECTS is empty; it needs a heading such as project_id;cost;name and a line per project")
    names = _project_columns(*rows[0])
    projects: dict[str, _Project] = {}
    for line, cells in rows[1:]:
        project = _project(names, cells, line)
        if project.id in projects:
            raise PabulibError(
                f"project {shorten(project.id)!r} is there twice (first on line {projects[project.id].line}); "
                f"give each its own id",
                line,
            )
        projects[project.id] = project
    return list(projects.values())


def _project_columns(line: int, heading: Sequence[str]) -> list[str]:
    names = [name.strip().lower() for name in heading]
    for name in names:
        if name and names.count(name) > 1:
            raise PabulibError(f"the column {name} is there twice under PROJECTS; keep one of them", line)
    for needed in ("project_id", "cost"):
        if needed not in names:
            raise PabulibError(f"PROJECTS has no column called {needed}; name it in the heading", line)
    return names


def _project(names: Sequence[str], cells: Sequence[str], line: int) -> _Project:
    if len(cells) > len(names):
        raise PabulibError(
            f"this line has {len(cells)} columns and the heading of PROJECTS has {len(names)}; "
            f"put a text with a semicolon in it between quotation marks",
            line,
        )
    cell = dict(zip(names, map(str.strip, cells), strict=False))
    name = cell["project_id"]
    if not name:
        raise PabulibError("this project has no project_id; give it one", line)
    if "," in name:
        raise PabulibError(f"the id {shorten(name)!r} has a comma in it, and commas separate ids on a ballot", line)
    cost = _number(cell.get("cost", ""), f"the cost of project {shorten(name)!r}", line)
    if cost[0] < 0:
        raise PabulibError(f"the cost of project {shorten(name)!r} is negative; write what it costs", line)
    return _Project(
        id=name,
        cost=cost,
        name=cell.get("name", ""),
        minimum=_minimum(cell, cost, line),
        excludes=cell.get("excludes", ""),
        selected=cell.get("selected", "") if "selected" in names else None,
        line=line,
    )


def _minimum(cell: Mapping[str, str], cost: Decimal, line: int) -> Decimal | None:
    text = cell.get("minimum", "")
    if not text:
        return None
    minimum = _number(text, f"the minimum of project {shorten(cell['project_id'])!r}", line)
    scale = common_scale((minimum, cost))
    if not 0 <= in_units(minimum, scale) <= in_units(cost, scale):
        raise PabulibError(
            f"the minimum of project {shorten(cell['project_id'])!r} must lie between 0 and what it costs", line
        )
    return minimum


def _exclusions(projects: Sequence[_Project], places: Mapping[str, int]) -> tuple[frozenset[int], ...]:
    pairs: dict[frozenset[int], None] = {}
    for project in projects:
        for name in filter(None, map(str.strip, project.excludes.split(","))):
            if name not in places or name == project.id:
                raise PabulibError(
                    f"project {shorten(project.id)!r} excludes {shorten(name)!r}, which is not another project; "
                    f"correct the id",
                    project.line,
                )
            pairs[frozenset((places[project.id], places[name]))] = None
    return tuple(pairs)


def _reported(projects: Sequence[_Project]) -> frozenset[int] | None:
    """What was funded from this budget: ``selected`` is 1. (2 and 3 are money from elsewhere.)"""
    if any(project.selected is None for project in projects):
        return None
    return frozenset(position for position, project in enumerate(projects) if project.selected == "1")
