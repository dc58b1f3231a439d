"""Count elections from the command line: ``python -m allocation FILE.pb``. See ``allocation/README.md``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allocation.amounts import amount_text
from allocation.declared import UNAPPLIED
from allocation.digest import digest
from allocation.model import AllocationError, Instance, Outcome
from allocation.pabulib import read_pabulib
from allocation.progress import Ticker
from allocation.rules import RULES, allocate, can_repeat, resolve
from allocation.sentences import explain
from allocation.tables import compared, result
from allocation.what_if import what_if

DECLARED = "declared"
OTHERWISE = "greedy_votes"


@dataclass(frozen=True, slots=True)
class Counted:
    """One file counted by one rule. ``asked`` is the rule as it was asked for, ``instance`` what it was run on."""

    asked: str
    instance: Instance
    outcome: Outcome


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Returns 0, or 1 when a file could not be counted; wrong usage exits with 2."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a letter still shows the rest
    try:
        failed = 0
        for file in options.files:
            try:
                _count_file(file, options)
            except BrokenPipeError:
                raise
            except (AllocationError, OSError, MemoryError) as error:
                failed += 1
                sys.stdout.flush()
                print(f"{file}: {_sentence(error)}", file=sys.stderr)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever was reading has seen enough. Python would complain once more when it closes the stream at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m allocation",
        description="Divide the budget of an election in the Pabulib .pb format.",
        epilog="rules: " + "; ".join(f"{rule.name} ({rule.summary})" for rule in RULES.values()),
    )
    parser.add_argument("files", nargs="+", metavar="FILE.pb", help="an election; several may be given")
    parser.add_argument(
        "--rule",
        choices=[*RULES, DECLARED],
        metavar="NAME",
        help=f"the rule to count by; without it the one that the file declares, or else {OTHERWISE}",
    )
    parser.add_argument("--compare", action="store_true", help="count by every rule that suits the ballots")
    parser.add_argument(
        "--explain", action="store_true", help="say for each project why, and what would have been enough"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per line instead of tables")
    return parser


def _count_file(file: str, options: argparse.Namespace) -> None:
    with Ticker(f"{file}: reading", "ballots") as ticker:
        instance = read_pabulib(Path(file), warn=lambda warning: _warn(file, warning), progress=ticker)
    if options.compare:
        _compare(file, instance, options)
        return
    asked = options.rule or (DECLARED if can_repeat(instance) else OTHERWISE)
    counted = _count(file, instance, asked)
    explanations = _explanations(file, counted) if options.explain else None
    if options.json:
        _print_json(file, counted, explanations)
    else:
        print(result(file, counted.instance, counted.outcome, _why(instance, options.rule, counted), explanations))
        print()


def _count(file: str, instance: Instance, asked: str) -> Counted:
    rule, meant = resolve(instance, asked)
    with Ticker(f"{file}: {rule.name}", "steps") as ticker:
        return Counted(asked, meant, allocate(meant, rule.name, ticker))


def _compare(file: str, instance: Instance, options: argparse.Namespace) -> None:
    """Count by every rule that can count these ballots; ``--rule`` names the one to hold the others against."""
    suitable = [rule.name for rule in RULES.values() if instance.kind in rule.kinds]
    first = options.rule or (DECLARED if can_repeat(instance) else None)
    names = [first, *(name for name in suitable if name != first)] if first else suitable
    runs = []
    for name in names:
        try:
            runs.append(_count(file, instance, name))
        except AllocationError as error:
            if name == options.rule:
                raise
            _warn(file, f"{name}: {error}")
    if options.json:
        for counted in runs:
            _print_json(file, counted, _explanations(file, counted) if options.explain else None)
        return
    print(compared(file, instance, [(counted.asked, counted.outcome) for counted in runs]))
    print()
    for counted in runs if options.explain else ():
        why = _why(instance, counted.asked, counted)
        print(result(file, counted.instance, counted.outcome, why, _explanations(file, counted)))
        print()


def _explanations(file: str, counted: Counted) -> dict[int, str]:
    """A few sentences for each candidate, by position."""
    instance, outcome = counted.instance, counted.outcome
    sentences = {}
    with Ticker(f"{file}: what would have been enough", "projects") as ticker:
        for position in range(len(instance.candidates)):
            change = None
            if not outcome.trace[position].taken:
                change = what_if(instance, outcome.rule, position, outcome)
            sentences[position] = explain(instance, outcome, position, change)
            ticker(position + 1, len(instance.candidates))
    return sentences


def _print_json(file: str, counted: Counted, explanations: dict[int, str] | None) -> None:
    instance, outcome = counted.instance, counted.outcome
    ids = [candidate.id for candidate in instance.candidates]
    told: dict[str, Any] = {
        "file": file,
        "rule": counted.asked,
        "budget": amount_text(instance.budget, instance.scale),
        "selected": [ids[position] for position in outcome.selected],
        "amounts": {
            ids[position]: amount_text(outcome.amounts[position], instance.scale) for position in outcome.selected
        },
        "spent": amount_text(outcome.spent, instance.scale),
        "digest": digest(instance, outcome),
    }
    if explanations is not None:
        told["explanation"] = {ids[position]: sentence for position, sentence in explanations.items()}
    print(json.dumps(told))


def _why(instance: Instance, asked: str | None, counted: Counted) -> str:
    """The rule, and where it comes from."""
    rule = counted.outcome.rule
    if counted.asked == DECLARED:
        also = [said for key, said in UNAPPLIED.items() if key in instance.meta]
        note = f"\nThe file also says {' and '.join(also)}, which is not applied here" if also else ""
        return f"{rule} (the file declares {instance.declared_rule}){note}"
    if asked:
        return rule
    said = f"the file declares {instance.declared_rule!r}" if instance.declared_rule else "the file declares no rule"
    return f"{rule} ({said}, so this one was chosen; choose another with --rule)"


def _warn(file: str, warning: str) -> None:
    print(f"{file}: {warning}", file=sys.stderr)


def _sentence(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, IsADirectoryError):
        return "this is a folder; give a .pb file"
    if isinstance(error, OSError):
        return f"the file cannot be opened ({error.strerror})"
    if isinstance(error, MemoryError):
        return "there is not enough memory to count this file"
    return str(error)


if __name__ == "__main__":
    sys.exit(main())
