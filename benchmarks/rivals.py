"""Other people's implementations, run in their own environment and timed from the inside.

Started by ``benchmarks.allocation`` with the Python of ``.venv-bench``. Reads the name of a run per line and answers
with one line of JSON: ``{"seconds": ..., "selected": [...]}``. Only the rule itself is timed, not reading the file.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import muoblpbindings
from pabutools.election import Cost_Sat, parse_pabulib
from pabutools.rules import method_of_equal_shares


def sections(path: Path) -> dict[str, list[dict[str, str]]]:
    """The rows of each section of a .pb file, read the simple way."""
    found: dict[str, list[dict[str, str]]] = {}
    section, heading = "", None
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file, delimiter=";"):
            if row and row[0].strip() in ("META", "PROJECTS", "VOTES"):
                section, heading = row[0].strip(), None
                found[section] = []
            elif heading is None:
                heading = row
            elif row:
                found[section].append(dict(zip(heading, row, strict=False)))
    return found


class Rivals:
    """One election, prepared for each of the rivals in the form they want."""

    def __init__(self, path: Path) -> None:
        self.path = path
        found = sections(path)
        meta = {row["key"]: row["value"] for row in found["META"]}
        self.budget = float(meta["budget"])
        self.costs = {row["project_id"]: int(float(row["cost"])) for row in found["PROJECTS"]}
        self.voters: list[str] = []
        self.supporters: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for number, row in enumerate(found["VOTES"]):
            self.voters.append(str(number))
            for project in {name.strip() for name in row["vote"].split(",")} & self.costs.keys():
                self.supporters[project].append((str(number), self.costs[project]))
        self.worth = {project: cost * len(self.supporters[project]) for project, cost in self.costs.items()}

    def cpp(self) -> tuple[float, list[str]]:
        """Equal shares with cost utilities in C++, floating point."""
        return self._cpp(muoblpbindings.equal_shares_utils)

    def cpp_add1(self) -> tuple[float, list[str]]:
        """The same with raised endowments."""
        return self._cpp(muoblpbindings.equal_shares_add1)

    def _cpp(self, rule: Any) -> tuple[float, list[str]]:
        start = time.process_time()
        selected = rule(self.voters, list(self.costs), self.costs, self.supporters, self.worth, self.budget)
        return time.process_time() - start, list(selected)

    def pabutools(self) -> tuple[float, list[str]]:
        """Equal shares with cost utilities in Python, exact fractions."""
        election, profile = parse_pabulib(str(self.path))
        start = time.process_time()
        selected = method_of_equal_shares(election, profile, sat_class=Cost_Sat)
        return time.process_time() - start, [project.name for project in selected]


def main() -> None:
    rivals = Rivals(Path(sys.argv[1]))
    runs = {"cpp": rivals.cpp, "cpp_add1": rivals.cpp_add1, "pabutools": rivals.pabutools}
    for line in sys.stdin:
        seconds, selected = runs[line.strip()]()
        print(json.dumps({"seconds": seconds, "selected": selected}), flush=True)


if __name__ == "__main__":
    main()
