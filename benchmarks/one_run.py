"""Reads one election and counts it by some rules in a fresh process, and prints what each took and the peak of memory.

``python -m benchmarks.one_run FILE RULE...``; one object of JSON on one line.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path

from allocation import RULES, allocate, read_pabulib
from benchmarks.synthetic import as_kind, fitting_kind


def megabytes() -> float:
    """The most memory this process ever held. (Linux lets ``ru_maxrss`` start at that of the process that began it.)"""
    status = Path("/proc/self/status")
    if status.exists():
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main() -> None:
    bare = megabytes()
    start = time.process_time()
    election = read_pabulib(sys.argv[1], warn=lambda message: None)
    reading = time.process_time() - start
    found: dict[str, object] = {
        "bare": bare,
        "reading": reading,
        "reading_memory": megabytes(),
        "voters": election.voters,
        "groups": len(election.groups),
    }
    seconds = {}
    memory = {}
    for name in sys.argv[2:]:
        kind = fitting_kind(name, RULES[name].kinds)
        asked = replace(as_kind(election, kind))
        start = time.process_time()
        allocate(asked, name)
        seconds[name] = time.process_time() - start
        memory[name] = megabytes()
    print(json.dumps(found | {"seconds": seconds, "memory": memory}))


if __name__ == "__main__":
    main()
