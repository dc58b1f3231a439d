"""Cells of the VOTES section to grouped ballots. Each different ballot is read once, however many cast it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import islice, pairwise, repeat
from typing import Any

import numpy as np

from allocation.amounts import BadNumber, Decimal, add, parse_decimal, shorten
from allocation.model import BallotKind
from allocation.pabulib.errors import PabulibError
from allocation.pabulib.sections import Bite, Sections

type Ticks = tuple[int, ...]
"""The positions on a ballot, ascending, each once."""

type Pile = tuple[Ticks, tuple[Decimal, ...], frozenset[int]]
"""One and the same ballot: positions, the values beside them, and where these voters stepped back."""

WITH_POINTS = frozenset({BallotKind.POINTS, BallotKind.POT, BallotKind.SCORES})
ADDED_UP = frozenset({BallotKind.POINTS, BallotKind.POT})
_NOBODY: frozenset[int] = frozenset()
_YES, _NO, _ABSTAIN = (1, 0), (-1, 0), (0, 0)


class _Unreadable(ValueError):
    """This ballot cannot be read; the message is for people, and the caller knows the line."""


class BallotReader:
    """Reads the VOTES section of one file.

    ``places`` maps project id to position. ``first_place`` is what the first of a ranking is worth; without it, the
    first is worth as many points as the ballot names projects. ``default`` is what a voter gives to a project that is
    not on the ballot, for files that say so.
    """

    def __init__(
        self,
        kind: BallotKind,
        places: Mapping[str, int],
        *,
        first_place: int | None = None,
        default: Decimal | None = None,
    ) -> None:
        self._kind = kind
        self._places = places
        self._first_place = first_place
        self._default = default
        self._extra: tuple[str, ...] = ()
        self.voters = 0

    def read(
        self, sections: Sections, progress: Callable[[int, int | None], object] | None = None
    ) -> tuple[dict[Ticks, int], dict[Pile, int]]:
        """All votes: the number of voters by ballot, of ballots that are ticks and nothing else, and of other ballots.

        Raises :class:`PabulibError` with the line.
        """
        line, header = sections.votes_header()
        columns = self._columns([name.strip().lower() for name in header], line)
        voters: Counter[Any] = Counter()  # what the columns hold -> voters, in order of appearance
        ticks: list[Ticks] = []  # what was read from them, in the same order
        piles: list[Pile] = []
        only_ticks = len(columns) == 1 and self._kind in (BallotKind.APPROVAL, BallotKind.CHOOSE_ONE)
        for bite in sections.votes(len(header)):
            keys = bite.keys(columns)
            voters.update(keys)
            fresh = list(islice(reversed(voters), len(voters) - len(ticks) - len(piles)))
            fresh.reverse()
            if only_ticks:
                ticks += self._read_ticks(fresh, bite, columns)
            else:
                piles += self._read_piles(fresh, bite, columns)
            self.voters += len(keys)
            if progress is not None:
                progress(self.voters, None)
        if only_ticks:
            return _summed(ticks, voters.values()), {}
        return {}, _summed(piles, voters.values())

    def _read_ticks(self, fresh: Sequence[str], bite: Bite, columns: Sequence[int]) -> list[Ticks]:
        """Read ballots that were not seen before and on which only the column ``vote`` counts."""
        if self._kind is BallotKind.APPROVAL and fresh:
            try:
                return _ticks_at_once(fresh, self._places)
            except KeyError:
                pass  # an id with spaces around it, a blank ballot, or an unknown project: read those with care
        return [choices for choices, _, _ in self._read_piles(fresh, bite, columns)]

    def _read_piles(self, fresh: Sequence[Any], bite: Bite, columns: Sequence[int]) -> list[Pile]:
        """Read ballots that were not seen before, one by one."""
        piles = []
        for key in fresh:
            try:
                piles.append(self._read_cells((key,) if len(columns) == 1 else key))
            except _Unreadable as error:
                raise PabulibError(str(error), bite.line_where(columns, key)) from None
        return piles

    def _columns(self, names: Sequence[str], line: int) -> tuple[int, ...]:
        """Where the columns stand that say something about the ballot: ``vote`` first, then those in ``_extra``."""
        for name in names:
            if name and names.count(name) > 1:
                raise PabulibError(f"the column {name} is there twice under VOTES; keep one of them", line)
        if "vote" not in names:
            hint = " and separate columns with semicolons" if len(names) == 1 and "," in names[0] else ""
            raise PabulibError(f"VOTES has no column called vote; name it in the heading{hint}", line)
        wanted = {"recused"}
        if self._kind in WITH_POINTS:
            if "points" not in names:
                raise PabulibError("VOTES has no column called points, and on these ballots it must", line)
            wanted.add("points")
        elif self._kind is BallotKind.RANKING:
            wanted.add("points")
        elif self._kind is BallotKind.YES_NO:
            wanted |= {"against", "abstained"}
        self._extra = tuple(sorted(wanted.intersection(names)))
        return (names.index("vote"), *(names.index(name) for name in self._extra))

    def _read_cells(self, cells: tuple[str, ...]) -> Pile:
        """One ballot: the column ``vote`` and what stands in the columns beside it."""
        beside = dict(zip(self._extra, cells[1:], strict=True))
        choices = self._positions(cells[0])
        recused = frozenset(self._positions(beside.get("recused", "")))
        if self._kind is BallotKind.YES_NO:
            values = [_YES] * len(choices)
            for column, value in (("against", _NO), ("abstained", _ABSTAIN)):
                more = self._positions(beside.get(column, ""))
                choices += more
                values += [value] * len(more)
            if len(set(choices)) < len(choices) and len(set(zip(choices, values, strict=True))) > len(set(choices)):
                raise _Unreadable("one project is answered in two ways; keep one of the answers")
        elif self._kind in WITH_POINTS or "points" in beside:
            values = self._points(beside["points"])
            if len(values) != len(choices):
                raise _Unreadable(
                    f"this ballot names {len(choices)} projects and gives points {len(values)} times; "
                    f"there must be one number for each project, in the same order"
                )
        elif self._kind is BallotKind.RANKING:
            values = self._ranks(len(choices))
        else:
            return self._ticks(choices, recused)
        return self._with_values(choices, values, recused)

    def _positions(self, cell: str) -> list[int]:
        """Project ids, separated by commas, to positions."""
        try:
            return [self._places[name] for name in cell.split(",")]
        except KeyError:
            return [self._position(name) for name in map(str.strip, cell.split(",")) if name]

    def _position(self, name: str) -> int:
        try:
            return self._places[name]
        except KeyError:
            raise _Unreadable(
                f"this ballot names project {shorten(name)!r}, which does not stand under PROJECTS; "
                f"correct the id, or add the project"
            ) from None

    def _points(self, cell: str) -> list[Decimal]:
        texts = cell.split(",") if cell.strip() else []
        try:
            points = [parse_decimal(text) for text in texts]
        except BadNumber as error:
            raise _Unreadable(f"the points are wrong: {error}") from None
        if self._kind is not BallotKind.SCORES and any(mantissa < 0 for mantissa, _ in points):
            raise _Unreadable("points are negative; on these ballots they must be 0 or more")
        return points

    def _ranks(self, length: int) -> list[Decimal]:
        """What the places of a ranking are worth (Borda): the most for the first, one less for each next, never < 0."""
        first = length if self._first_place is None else self._first_place
        return [(max(first - place, 0), 0) for place in range(length)]

    def _ticks(self, choices: list[int], recused: frozenset[int]) -> Pile:
        choices.sort()
        once = tuple(choices)
        if len(once) > 1 and len(set(once)) < len(once):
            once = tuple(dict.fromkeys(once))
        if self._kind is BallotKind.CHOOSE_ONE and len(once) > 1:
            raise _Unreadable(f"this ballot names {len(once)} projects, and in this election a voter chooses one")
        _refuse_both(once, recused)
        return once, (), recused

    def _with_values(self, choices: list[int], values: Iterable[Decimal], recused: frozenset[int]) -> Pile:
        """Choices and values side by side, by position.

        A project that is named twice gets all the points that stand beside it; its first place or score otherwise.
        """
        beside: dict[int, Decimal] = {}
        for position, value in zip(choices, values, strict=True):
            if position not in beside:
                beside[position] = value
            elif self._kind in ADDED_UP:
                beside[position] = add(beside[position], value)
        _refuse_both(beside, recused)
        if self._default is not None:
            for position in self._places.values():
                if position not in recused:
                    beside.setdefault(position, self._default)
        ordered = sorted(beside.items())
        return tuple(position for position, _ in ordered), tuple(value for _, value in ordered), recused


def _refuse_both(choices: Iterable[int], recused: frozenset[int]) -> None:
    if recused and not recused.isdisjoint(choices):
        raise _Unreadable("this voter stepped back from a project and votes on it too; remove it from one column")


def _summed[Ballot](ballots: Sequence[Ballot], voters: Collection[int]) -> dict[Ballot, int]:
    """Ballots that turn out to be the same, taken together."""
    together = dict(zip(ballots, voters, strict=True))
    if len(together) < len(ballots):
        together = dict.fromkeys(together, 0)
        for ballot, number in zip(ballots, voters, strict=True):
            together[ballot] += number
    return together


def _ticks_at_once(votes: Sequence[str], places: Mapping[str, int]) -> list[Ticks]:
    """Ids to ascending positions, for many ballots in one sweep. Raises :class:`KeyError` for what is no id.

    Each position gets the number of its ballot in front, so that one sort puts every ballot in order; twice as fast as
    sorting them one by one.
    """
    positions = np.fromiter(map(places.__getitem__, ",".join(votes).split(",")), dtype=np.int64)
    lengths = np.fromiter(map(str.count, votes, repeat(",")), dtype=np.int64, count=len(votes)) + 1
    numbered = np.repeat(np.arange(len(votes)), lengths) * len(places) + positions
    numbered.sort()
    if (numbered[1:] == numbered[:-1]).any():  # a project twice on one ballot counts once
        numbered = np.unique(numbered)
        lengths = np.bincount(numbered // len(places), minlength=len(votes))
    flat: list[int] = (numbered % len(places)).tolist()
    ends: list[int] = np.cumsum(lengths).tolist()
    return [tuple(flat[start:end]) for start, end in pairwise([0, *ends])]
