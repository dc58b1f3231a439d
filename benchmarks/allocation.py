"""How fast, how large and how right the allocation engine is, beside others in one run.

``make bench``, or ``python -m benchmarks.allocation [--part lodz|synthetic|committee|agreement]``. What is
measured, and how, is told in ``benchmarks/README.md``. Nothing here passes or fails: it prints.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from allocation import RULES, AllocationError, Instance, allocate, read_pabulib
from allocation.what_if import what_ifs
from benchmarks.rival_process import Rivals, rivals_python
from benchmarks.synthetic import as_kind, committee, fitting_kind, write_election

ROOT = Path(__file__).resolve().parent.parent
PABULIB = Path(os.environ.get("PABULIB_DIR", ROOT.parent / "shared" / "pabulib"))
LODZ = PABULIB / "elections" / "Poland_Lodz_2025.pb"
SIZES = (10_000, 100_000, 1_000_000)


def seconds[**P](action: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> float:
    """How long it keeps the processor busy, once: other work on the machine does not count."""
    start = time.process_time()
    action(*args, **kwargs)
    return time.process_time() - start


def rule_seconds(election: Instance, rule: str) -> float:
    """How long a rule takes, once, on an election that it has never seen."""
    return seconds(allocate, replace(election), rule)


def traced_seconds(election: Instance, rule: str) -> float:
    """The same, with the whole trace read: all lines and who paid what."""
    return seconds(read_trace, replace(election), rule)


def read_trace(election: Instance, rule: str) -> int:
    """Run a rule and read all of its trace, which some rules only make when it is read."""
    return sum(share > 0 for line in allocate(election, rule).trace for _, share in line.payments)


def quiet(message: str) -> None:
    """Oddities of a file are told elsewhere."""
    del message


def read(path: Path) -> Instance:
    return read_pabulib(path, warn=quiet)


def duration(value: float) -> str:
    """Seconds for people: 1.23 s, 45.6 ms, 789 µs."""
    if value >= 1:
        return f"{value:.2f} s"
    return f"{value * 1e3:.2f} ms" if value >= 1e-3 else f"{value * 1e6:.0f} µs"


def heading(text: str) -> None:
    print(f"\n{text}\n{'-' * len(text)}")


def table(rows: Sequence[Sequence[str]]) -> None:
    """Columns beside each other; the first to the left, the others to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        print("  " + "   ".join(cells).rstrip())


# Parts ------------------------------------------------------------------------------------------------------------


def lodz(rounds: int = 7) -> None:
    """The largest election at hand, ours and the rivals' in turn."""
    heading("Łódź 2025")
    if not LODZ.exists():
        print(f"Skipped: {LODZ} is not there. Set PABULIB_DIR to a folder with elections/ in it.")
        return
    _reading(rounds)
    python = rivals_python()
    if python is None:
        _ours_alone(rounds)
        return
    with Rivals(python, LODZ) as rivals:
        _against(rivals, rounds)


def _split() -> None:
    with LODZ.open(encoding="utf-8", newline="") as file:
        for _ in csv.reader(file, delimiter=";"):
            pass


def _reading(rounds: int) -> None:
    election = read(LODZ)
    times: dict[str, list[float]] = {"split": [], "read": [], "count": []}
    for _ in range(rounds):
        times["split"].append(seconds(_split))
        times["read"].append(seconds(read, LODZ))
        times["count"].append(rule_seconds(election, "mes_cost"))
    split, reading, counting = (median(times[name]) for name in times)
    print(
        f"  {election.voters:,} voters, {len(election.candidates)} projects, {len(election.groups):,} different ballots"
    )
    table(
        [
            ("splitting the file with csv", duration(split), "1.0 x"),
            ("reading and grouping", duration(reading), f"{reading / split:.1f} x"),
            (
                "reading and grouping and equal shares",
                duration(reading + counting),
                f"{(reading + counting) / split:.1f} x",
            ),
        ]
    )
    found = one_run(LODZ, ["mes_cost"])
    print(
        f"  peak memory: {found['bare']:.0f} MB before reading, {found['reading_memory']:.0f} MB after reading,",
        end=" ",
    )
    print(f"{found['memory']['mes_cost']:.0f} MB after equal shares")


def _ours_alone(rounds: int) -> None:
    election = read(LODZ)
    for rule in ("mes_cost", "mes_cost_add1", "mes_cost_add1u"):
        print(f"  {rule}: {duration(median(rule_seconds(election, rule) for _ in range(rounds)))}")


def _ids(election: Instance, rule: str) -> set[str]:
    try:
        outcome = allocate(election, rule)
    except AllocationError as error:
        return {f"({error})"}  # equal to nothing
    return {election.candidates[position].id for position in outcome.selected}


def _against(rivals: Rivals, rounds: int) -> None:
    election = read(LODZ)
    plain: list[float] = []
    traced: list[float] = []
    theirs: list[float] = []
    selected: list[str] = []
    for _ in range(rounds):
        plain.append(rule_seconds(election, "mes_cost"))
        took, selected = rivals.run("cpp")
        theirs.append(took)
        traced.append(traced_seconds(election, "mes_cost"))
    ours, cpp = median(plain), median(theirs)
    slow, exact = rivals.run("pabutools")
    mine = _ids(election, "mes_cost")
    rows = [
        ("equal shares (cost)", "time", "ours is faster by", "same projects as ours"),
        ("ours, exact", duration(ours), "", ""),
        ("ours, exact, all of the trace read", duration(median(traced)), "", ""),
        ("muoblpbindings, C++, float", duration(cpp), f"{cpp / ours:.1f} x", _same(mine, selected)),
        ("pabutools, Python, exact (once)", duration(slow), f"{slow / ours:,.0f} x", _same(mine, exact)),
    ]
    raised: dict[str, list[float]] = {"mes_cost_add1": [], "mes_cost_add1u": [], "cpp": []}
    for _ in range(2):
        raised["mes_cost_add1"].append(rule_seconds(election, "mes_cost_add1"))
        took, selected = rivals.run("cpp_add1")
        raised["cpp"].append(took)
        raised["mes_cost_add1u"].append(rule_seconds(election, "mes_cost_add1u"))
    add1, add1u, cpp = (median(raised[name]) for name in raised)
    rows += [
        ("", "", "", ""),
        ("with raised endowments", "time", "ours is faster by", "same projects as ours"),
        ("ours, mes_cost_add1", duration(add1), "", ""),
        ("ours, mes_cost_add1u", duration(add1u), "", ""),
        (
            "muoblpbindings, C++, float",
            duration(cpp),
            f"{cpp / add1:.1f} x",
            _same(_ids(election, "mes_cost_add1"), selected),
        ),
    ]
    table(rows)


def _same(ours: set[str], theirs: Sequence[str]) -> str:
    different = len(ours ^ set(theirs))
    return "yes" if not different else f"no, {different} differ"


def one_run(path: Path, rules: Sequence[str]) -> dict[str, Any]:
    """What ``benchmarks.one_run`` finds in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.one_run", str(path), *rules]
    found = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    answer: dict[str, Any] = json.loads(found.stdout)
    return answer


def synthetic() -> None:
    """Growth: the same kind of election with ten and a hundred times as many voters."""
    heading("Made-up elections, 200 projects")
    rules = [name for name in RULES if name != "declared"]
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            path = Path(folder) / f"{size}.pb"
            write_election(path, size)
            found.append(one_run(path, rules))
            path.unlink()
    growth = SIZES[-1] / SIZES[0]
    header = ["", *(f"{size:,}" for size in SIZES), f"growth (voters: {growth:.0f} x)"]
    rows: list[Sequence[str]] = [header]
    rows.append(["different ballots", *(f"{run['groups']:,}" for run in found), ""])

    def row(label: str, times: list[float]) -> Sequence[str]:
        return [label, *map(duration, times), f"{times[-1] / times[0]:.0f} x"]

    rows.append(row("reading and grouping", [run["reading"] for run in found]))
    rows += [row(name, [run["seconds"][name] for run in found]) for name in rules]
    rows.append(["peak memory, reading", *(f"{run['reading_memory']:.0f} MB" for run in found), ""])
    last = rules[-1]
    rows.append(["peak memory, all rules", *(f"{run['memory'][last]:.0f} MB" for run in found), ""])
    table(rows)


def committee_of_15(rounds: int = 50) -> None:
    """What a real meeting needs: every rule with its trace, and what would have been enough for each that was left."""
    heading("A committee of 15 on 40 proposals")
    approvals = committee()
    rows = [["", "with trace", "left", "what-ifs of all left", "what-if of one"]]
    for name, rule in RULES.items():
        election = as_kind(approvals, fitting_kind(name, rule.kinds))
        try:
            outcome = allocate(election, name)
        except AllocationError as error:
            rows.append([name, str(error), "", "", ""])
            continue
        first = traced_seconds(election, name)
        took = median([first, *(traced_seconds(election, name) for _ in range(rounds if first < 0.02 else 5))])
        left = sum(not line.taken for line in outcome.trace)
        once = seconds(what_ifs, election, name, outcome)
        every = median([once, *(seconds(what_ifs, election, name, outcome) for _ in range(4 if once < 0.5 else 0))])
        rows.append([name, duration(took), str(left), duration(every), duration(every / max(left, 1))])
    table(rows)


def agreement() -> None:
    """Every rule on every real file against the expected outcomes."""
    heading("Agreement with known outcomes")
    if not (PABULIB / "expected.json").exists():
        print(f"Skipped: {PABULIB}/expected.json is not there. Set PABULIB_DIR.")
        return
    known = json.loads((PABULIB / "expected.json").read_text(encoding="utf-8"))
    equal: dict[str, int] = {}
    asked: dict[str, int] = {}
    wrong: list[str] = []
    for name, outcomes in known["files"].items():
        election = read(PABULIB / "elections" / Path(name).name)
        wanted = {rule: outcome["selected"] for rule, outcome in outcomes.items()}
        observed = known["observed"][name]
        if observed.get("reproduced_by") and observed.get("selected") is not None:
            wanted["declared"] = observed["selected"]
        for rule, selected in wanted.items():
            asked[rule] = asked.get(rule, 0) + 1
            if _ids(election, rule) == set(selected):
                equal[rule] = equal.get(rule, 0) + 1
            else:
                wrong.append(f"{name} {rule}")
    table([[rule, f"{equal.get(rule, 0)} of {count}"] for rule, count in sorted(asked.items())])
    print(f"  altogether {sum(equal.values())} of {sum(asked.values())} equal, by id")
    for line in wrong[:10]:
        print(f"  different: {line}")
    if len(wrong) > 10:
        print(f"  and {len(wrong) - 10} more")


PARTS: dict[str, Callable[[], None]] = {
    "agreement": agreement,
    "committee": committee_of_15,
    "lodz": lodz,
    "synthetic": synthetic,
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the allocation engine.")
    parser.add_argument("--part", choices=PARTS, action="append", help="only this part; may be given more than once")
    parts = parser.parse_args().part or list(PARTS)
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}")
    for name in parts:
        print(end="", flush=True)
        start = time.perf_counter()
        PARTS[name]()
        print(f"  ({time.perf_counter() - start:.0f} s by the clock)", flush=True)


if __name__ == "__main__":
    main()
