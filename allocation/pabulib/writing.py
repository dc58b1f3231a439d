"""An :class:`~allocation.model.Instance` to a ``.pb`` file that counts to the same digest.

What Pabulib has a place for stands in that place, so that its tools read the file as they read any other. The rest
stands in columns and META keys of our own (listed in ``allocation/README.md``), which are written only when they say
something; an ordinary election has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TextIO

from allocation.amounts import amount_text
from allocation.counting import count
from allocation.model import BallotGroup, BallotKind, Instance, Outcome

VOTE_TYPES = {
    BallotKind.APPROVAL: "approval",
    BallotKind.CHOOSE_ONE: "choose-1",
    BallotKind.YES_NO: "approval",
    BallotKind.POINTS: "cumulative",
    BallotKind.POT: "cumulative",
    BallotKind.SCORES: "scoring",
    BallotKind.RANKING: "ordinal",
}
"""How each kind of ballot is called in Pabulib. Those that share a name are told apart by ``ballot_kind``."""

PABULIB_RULES = {
    "greedy_votes": "greedy",
    "greedy_points": "greedy",
    "greedy_votes_threshold": "greedy-threshold",
    "greedy_points_threshold": "greedy-threshold",
    "greedy_votes_no_skip": "greedy-no-skip",
    "greedy_points_no_skip": "greedy-no-skip",
    "mes_cost": "equalshares",
    "mes_cost_add1": "equalshares/add1",
}
_ORDER = (
    "description", "country", "unit", "district", "subunit", "instance",
    "num_projects", "num_votes", "budget", "vote_type", "rule", "date_begin", "date_end",
    "min_length", "max_length", "min_sum_cost", "max_sum_cost", "min_points", "max_points",
    "min_sum_points", "max_sum_points", "default_score",
    "min_project_cost", "max_project_cost", "min_project_score_threshold",
    "neighborhoods", "subdistricts", "categories", "edition", "language", "currency",
)  # fmt: skip
"""The order in which Pabulib wants the keys of META; the ones that are not here come after these."""

_OURS = ("allocation_rule", "ballot_kind", "tie_order", "smallest_amount", "quorum", "majority", "default_score")


def write_pabulib(instance: Instance, file: TextIO, outcome: Outcome | None = None) -> None:
    """Write the election, and with ``outcome`` also what was funded, to a text file that is open for writing.

    Each voter gets a row, numbered from 1 in the order of the groups: a file says nothing about who voted what.

    Raises :class:`ValueError` for ids that a ballot in this format cannot name (empty, with a comma, or with spaces
    around them).
    """
    for candidate in instance.candidates:
        if not candidate.id or "," in candidate.id or candidate.id != candidate.id.strip():
            raise ValueError(f"{candidate.id!r} cannot be the id of a project in a .pb file")
    file.write("META\nkey;value\n")
    file.writelines(_row(pair) for pair in _meta(instance).items())
    file.write("PROJECTS\n")
    file.writelines(map(_row, _projects(instance, outcome)))
    file.write("VOTES\n")
    file.writelines(_votes(instance))


def _meta(instance: Instance) -> dict[str, str]:
    counted = {
        "num_projects": str(len(instance.candidates)),
        "num_votes": str(instance.voters),
        "budget": amount_text(instance.budget, instance.scale),
        "vote_type": VOTE_TYPES[instance.kind],
        **_declared_rule(instance),
    }
    if instance.threshold is not None:
        counted["min_project_score_threshold"] = str(instance.threshold)
    if instance.kind in (BallotKind.YES_NO, BallotKind.POT):
        counted["ballot_kind"] = instance.kind
    counted |= _tie_order(instance)
    if instance.kind is BallotKind.POT and instance.scale > 1:
        counted["smallest_amount"] = amount_text(1, instance.scale)
    if instance.quorum is not None:
        counted["quorum"] = _part(instance.quorum)
    if instance.majority != Fraction(1, 2):
        counted["majority"] = _part(instance.majority)
    kept = {key: value for key, value in instance.meta.items() if key not in (*_OURS, "min_project_score_threshold")}
    said = kept | counted
    in_order = [key for key in _ORDER if key in said] + [key for key in said if key not in (*_ORDER, *_OURS)]
    return {key: said[key] for key in (*in_order, *_OURS) if key in said}


def _declared_rule(instance: Instance) -> dict[str, str]:
    rule = instance.declared_rule
    if not rule:
        return {"rule": "unknown"}
    if rule == instance.meta.get("rule"):
        return {"rule": rule}
    return {"rule": PABULIB_RULES.get(rule, "unknown"), "allocation_rule": rule}


def _tie_order(instance: Instance) -> dict[str, str]:
    """How ties are broken, unless that is as it is in files that do not say it."""
    if instance.tie_order is None:
        return {"tie_order": "none"}
    ids = [instance.candidates[position].id for position in instance.tie_order]
    if instance.meta and "tie_order" not in instance.meta and ids == sorted(ids):
        return {}
    return {"tie_order": ",".join(ids)}


def _part(part: Fraction) -> str:
    return f"{part.numerator}/{part.denominator}"


def _projects(instance: Instance, outcome: Outcome | None) -> Iterator[list[str]]:
    """The heading and a row for each project."""
    tally = count(instance)
    columns: dict[str, list[str]] = {
        "project_id": [candidate.id for candidate in instance.candidates],
        "cost": [amount_text(candidate.cost, instance.scale) for candidate in instance.candidates],
        "votes": [str(support) for support in tally.support],
    }
    if VOTE_TYPES[instance.kind] in ("cumulative", "scoring", "ordinal"):
        columns["score"] = [amount_text(total, _value_scale(instance)) for total in tally.totals]
    columns["name"] = [candidate.name for candidate in instance.candidates]
    if outcome is not None:
        columns["selected"] = [str(int(line.taken)) for line in outcome.trace]
        if any(amount not in (0, c.cost) for amount, c in zip(outcome.amounts, instance.candidates, strict=True)):
            columns["amount"] = [amount_text(amount, instance.scale) for amount in outcome.amounts]
    elif instance.reported is not None:
        columns["selected"] = [str(int(position in instance.reported)) for position in range(len(instance.candidates))]
    if any(candidate.minimum is not None for candidate in instance.candidates):
        columns["minimum"] = [
            "" if candidate.minimum is None else amount_text(candidate.minimum, instance.scale)
            for candidate in instance.candidates
        ]
    if instance.exclusions:
        columns["excludes"] = [_excluded(instance, position) for position in range(len(instance.candidates))]
    yield list(columns)
    yield from map(list, zip(*columns.values(), strict=True))


def _excluded(instance: Instance, position: int) -> str:
    others = {other for exclusion in instance.exclusions if position in exclusion for other in exclusion - {position}}
    return _ids(instance, sorted(others))


def _value_scale(instance: Instance) -> int:
    return instance.scale if instance.kind is BallotKind.POT else instance.value_scale


def _votes(instance: Instance) -> Iterator[str]:
    """The heading and a row for each voter."""
    columns = _vote_columns(instance)
    yield _row(["voter_id", *columns])
    number = 0
    for group in instance.groups:
        cells = _row(_ballot(instance, group, columns))
        for _ in range(group.weight):
            number += 1
            yield f"{number};{cells}"


def _vote_columns(instance: Instance) -> list[str]:
    columns = ["vote"]
    if VOTE_TYPES[instance.kind] in ("cumulative", "scoring") or (
        instance.kind is BallotKind.RANKING and not all(_is_borda(instance, group) for group in instance.groups)
    ):
        columns.append("points")
    if instance.kind is BallotKind.YES_NO:
        columns += ["against", "abstained"]
    if any(group.recused for group in instance.groups):
        columns.append("recused")
    return columns


def _is_borda(instance: Instance, group: BallotGroup) -> bool:
    """Whether the values are the ones that a reader gives to a ranking without points."""
    first = int(instance.meta.get("max_length") or len(group.values))
    borda = [max(first - place, 0) * instance.value_scale for place in range(len(group.values))]
    return sorted(group.values, reverse=True) == borda and len(set(borda)) == len(borda)


def _ballot(instance: Instance, group: BallotGroup, columns: Sequence[str]) -> list[str]:
    """The cells of one ballot, without the voter."""
    pairs = list(zip(group.choices, group.values or (1,) * len(group.choices), strict=True))
    pairs.sort(key=lambda pair: -pair[1])  # the most points and the first place come first, as Pabulib has it
    listed = [pair for pair in pairs if instance.kind is not BallotKind.YES_NO or pair[1] > 0]
    cells = {
        "vote": _ids(instance, (position for position, _ in listed)),
        "points": ",".join(amount_text(value, _value_scale(instance)) for _, value in listed),
        "against": _ids(instance, (position for position, value in pairs if value < 0)),
        "abstained": _ids(instance, (position for position, value in pairs if value == 0)),
        "recused": _ids(instance, sorted(group.recused)),
    }
    return [cells[column] for column in columns]


def _ids(instance: Instance, positions: Iterable[int]) -> str:
    return ",".join(instance.candidates[position].id for position in positions)


def _row(cells: Iterable[str]) -> str:
    return ";".join(map(_cell, cells)) + "\n"


def _cell(text: str) -> str:
    if any(mark in text for mark in ';"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
