"""The PROJECTS section: what money can go to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from allocation.amounts import Decimal, common_scale, in_units, shorten
from allocation.pabulib.errors import PabulibError
from allocation.pabulib.numbers import read_number
from allocation.pabulib.sections import Row


class Project(NamedTuple):
    """One row of PROJECTS. ``selected`` is None when the file has no such column."""

    id: str
    cost: Decimal
    name: str
    minimum: Decimal | None
    excludes: str
    selected: str | None
    line: int


def read_projects(rows: Sequence[Row]) -> list[Project]:
    """The projects in the order of the file. Raises :class:`PabulibError` with the line."""
    if not rows:
        raise PabulibError("PROJECTS is empty; it needs a heading such as project_id;cost;name and a line per project")
    names = _project_columns(*rows[0])
    projects: dict[str, Project] = {}
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


def _project(names: Sequence[str], cells: Sequence[str], line: int) -> Project:
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
    cost = read_number(cell.get("cost", ""), f"the cost of project {shorten(name)!r}", line)
    if cost[0] < 0:
        raise PabulibError(f"the cost of project {shorten(name)!r} is negative; write what it costs", line)
    return Project(
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
    minimum = read_number(text, f"the minimum of project {shorten(cell['project_id'])!r}", line)
    scale = common_scale((minimum, cost))
    if not 0 <= in_units(minimum, scale) <= in_units(cost, scale):
        raise PabulibError(
            f"the minimum of project {shorten(cell['project_id'])!r} must lie between 0 and what it costs", line
        )
    return minimum


def exclusions(projects: Sequence[Project], places: Mapping[str, int]) -> tuple[frozenset[int], ...]:
    """Pairs of projects that cannot both be funded."""
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


def reported(projects: Sequence[Project]) -> frozenset[int] | None:
    """What was funded from this budget: ``selected`` is 1. (2 and 3 are money from elsewhere.)"""
    if any(project.selected is None for project in projects):
        return None
    return frozenset(position for position, project in enumerate(projects) if project.selected == "1")
