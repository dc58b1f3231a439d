"""Outcomes as tables of plain text."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from textwrap import fill

from allocation.amounts import shorten
from allocation.digest import digest
from allocation.model import BallotKind, Instance, Outcome, Reason
from allocation.sentences.writing import plain_number

NARROWEST = 60
LONGEST_NAME = 60
_REMARKS = {
    Reason.TAKEN: "",
    Reason.TAKEN_IN_COMPLETION: "in completion",
    Reason.TAKEN_IN_PART: "in part",
    Reason.DEARER_THAN_BUDGET: "dearer than the budget",
    Reason.DOES_NOT_FIT: "did not fit",
    Reason.STOPPED: "its turn did not come",
    Reason.NO_SUPPORT: "no support",
    Reason.BELOW_THRESHOLD: "below the threshold",
    Reason.SUPPORTERS_SHORT: "supporters were short",
    Reason.NO_MAJORITY: "no majority",
    Reason.NO_QUORUM: "no quorum",
    Reason.BELOW_MINIMUM: "below its minimum",
    Reason.NOT_IN_BEST_SET: "not in the best set",
    Reason.EXCLUDED: "ruled out by another",
}


def result(
    file: str, instance: Instance, outcome: Outcome, rule: str, explanations: Mapping[int, str] | None = None
) -> str:
    """One outcome: what was taken, in that order, then what was left; with explanations, a few sentences under each."""
    taken = list(outcome.selected)
    left = [line.position for line in sorted(outcome.trace, key=lambda line: (-line.score, -line.support))]
    order = taken + [position for position in left if position not in set(taken)]
    money = _money(instance)
    rows = [["", "id", "project", "votes", *_score_heading(instance, outcome), "cost", "given", ""]]
    for position in order:
        candidate, line = instance.candidates[position], outcome.trace[position]
        rows.append(
            [
                "" if line.step is None else str(line.step),
                candidate.id,
                candidate.name,
                f"{line.support:,}",
                *([plain_number(line.score)] if _has_score(instance, outcome) else []),
                money(candidate.cost),
                money(line.amount) if line.taken else "-",
                _REMARKS[line.reason],
            ]
        )
    numbers = range(3, len(rows[0]) - 1)
    lines = _aligned(rows, right=(0, *numbers), shrink=2)
    if explanations is not None:
        lines = [lines[0]] + [
            text
            for line, position in zip(lines[1:], order, strict=True)
            for text in (line, _indented(explanations[position]), "")
        ]
    return "\n".join([*_heading(file, instance), f"Rule: {rule}", "", *lines, "", *_totals(instance, outcome)])


def _heading(file: str, instance: Instance) -> list[str]:
    about = instance.meta.get("description", "")
    currency = instance.meta.get("currency", "")
    return [
        f"{file}" + (f": {shorten(about, 80)}" if about else ""),
        f"Budget {_money(instance)(instance.budget)} {currency}".rstrip()
        + f", {len(instance.candidates):,} projects, {instance.voters:,} ballots ({instance.kind})",
    ]


def _totals(instance: Instance, outcome: Outcome) -> list[str]:
    money = _money(instance)
    part = f" ({Fraction(outcome.spent, instance.budget):.1%})" if instance.budget else ""
    left = money(instance.budget - outcome.spent)
    totals = [f"Given {money(outcome.spent)}{part} to {_projects(len(outcome.selected))}; {left} is left"]
    if not instance.voters:
        totals.append("There are no ballots, so this says nothing about what people want")
    elif not any(group.choices for group in instance.groups):
        totals.append("All ballots are blank, so this says nothing about what people want")
    if instance.reported is not None:
        totals.append(_against_report(instance, outcome, instance.reported))
    return [*totals, f"Digest {digest(instance, outcome)}"]


def _against_report(instance: Instance, outcome: Outcome, reported: frozenset[int]) -> str:
    taken = frozenset(outcome.selected)
    if taken == reported:
        return "The file says that just this was really funded"

    def names(positions: frozenset[int]) -> str:
        return ", ".join(instance.candidates[position].id for position in sorted(positions)) or "nothing"

    return (
        f"The file says that this was really funded as well: {names(reported - taken)}; "
        f"and this was not: {names(taken - reported)}"
    )


def _score_heading(instance: Instance, outcome: Outcome) -> list[str]:
    return ["score"] if _has_score(instance, outcome) else []


def _has_score(instance: Instance, outcome: Outcome) -> bool:
    """Whether the score says anything that the number of votes does not."""
    return any(line.score != line.support for line in outcome.trace)


def compared(file: str, instance: Instance, runs: Sequence[tuple[str, Outcome]]) -> str:
    """Several rules side by side, and the projects on which they differ."""
    money = _money(instance)
    rows = [["", "rule", "projects", "given", "left", "used", "voters with something", "as 1"]]
    first = frozenset(runs[0][1].selected) if runs else frozenset()
    for number, (name, outcome) in enumerate(runs, start=1):
        taken = frozenset(outcome.selected)
        rows.append(
            [
                str(number),
                name if name == outcome.rule else f"{name} ({outcome.rule})",
                f"{len(taken):,}",
                money(outcome.spent),
                money(instance.budget - outcome.spent),
                f"{Fraction(outcome.spent, instance.budget):.1%}" if instance.budget else "-",
                f"{Fraction(_served(instance, taken), instance.voters):.1%}" if instance.voters else "-",
                "" if number == 1 else "same" if taken == first else f"+{len(taken - first)} -{len(first - taken)}",
            ]
        )
    lines = [*_heading(file, instance), "", *_aligned(rows, right=(0, 2, 3, 4, 5, 6), shrink=1)]
    return "\n".join([*lines, "", *_differences(instance, [outcome for _, outcome in runs])])


def _differences(instance: Instance, outcomes: Sequence[Outcome]) -> list[str]:
    if not outcomes:
        return ["No rule here can count these ballots"]
    sets = [frozenset(outcome.selected) for outcome in outcomes]
    everywhere, anywhere = frozenset.intersection(*sets), frozenset.union(*sets)
    nowhere = len(instance.candidates) - len(anywhere)
    summary = f"All these rules take {_projects(len(everywhere))}, and none of them takes {nowhere:,} others"
    if everywhere == anywhere:
        return [summary]
    rows = [["id", "project", *(str(number) for number in range(1, len(sets) + 1))]]
    support = outcomes[0].trace
    for position in sorted(anywhere - everywhere, key=lambda position: -support[position].support):
        candidate = instance.candidates[position]
        rows.append([candidate.id, candidate.name, *("x" if position in taken else "." for taken in sets)])
    return [f"{summary}. They differ on:", "", *_aligned(rows, right=tuple(range(2, len(rows[0]))), shrink=1)]


def _projects(number: int) -> str:
    return "1 project" if number == 1 else f"{number:,} projects"


def _served(instance: Instance, taken: frozenset[int]) -> int:
    """Voters who see something funded that they voted for."""
    return sum(
        group.weight
        for group in instance.groups
        if any(
            position in taken and (instance.kind is not BallotKind.YES_NO or group.values[place] > 0)
            for place, position in enumerate(group.choices)
        )
    )


def _money(instance: Instance) -> Callable[[int], str]:
    """Writes units with thousands marked, and with all decimals wherever amounts have them."""
    decimals = len(str(instance.scale)) - 1

    def money(units: int) -> str:
        whole, part = divmod(units, instance.scale)
        return f"{whole:,}.{part:0{decimals}d}" if decimals else f"{whole:,}"

    return money


def _aligned(rows: Sequence[Sequence[str]], right: Sequence[int], shrink: int) -> list[str]:
    """Rows in columns; those in ``right`` are flush right. The column ``shrink`` is cut to fit the screen."""
    clean = [[" ".join(cell.split()) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*clean, strict=True)]
    room = max(shutil.get_terminal_size((120, 40)).columns, NARROWEST)
    others = sum(widths) - widths[shrink] + 2 * (len(widths) - 1)
    widths[shrink] = min(widths[shrink], LONGEST_NAME, max(room - others, 12))
    lines = []
    for row in clean:
        cells = []
        for column, (cell, width) in enumerate(zip(row, widths, strict=True)):
            shown = _cut(cell, width)
            space = " " * (width - _width(shown))
            cells.append(space + shown if column in right else shown + space)
        lines.append("  ".join(cells).rstrip())
    return lines


def _width(text: str) -> int:
    """Columns that a text takes on a screen: two for wide letters, none for marks that go over another."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _cut(text: str, width: int) -> str:
    if _width(text) <= width:
        return text
    while _width(text) > width - 1:
        text = text[:-1]
    return text + "…"


def _indented(text: str) -> str:
    room = max(shutil.get_terminal_size((120, 40)).columns, NARROWEST)
    return fill(text, min(room, 100), initial_indent="    ", subsequent_indent="    ")
