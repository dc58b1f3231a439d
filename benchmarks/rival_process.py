"""The rivals' own environment, and the process in which they run."""

from __future__ import annotations

import json
import subprocess
import venv
from pathlib import Path
from types import TracebackType
from typing import Self

HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE.parent / ".venv-bench"


class Rivals:
    """A process in which other people's implementations run, one run at a time when asked, on one election."""

    def __init__(self, python: Path, election: Path) -> None:
        command = [python, HERE / "rivals.py", election]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def run(self, name: str) -> tuple[float, list[str]]:
        """The seconds a rival took and what it selected."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the rivals cannot be talked to")
        self._process.stdin.write(name + "\n")
        self._process.stdin.flush()
        found = json.loads(self._process.stdout.readline())
        return found["seconds"], found["selected"]


def rivals_python() -> Path | None:
    """The Python of the rivals' own environment, made when it is not there; None (and why) when that fails."""
    python = ENVIRONMENT / "bin" / "python"
    wanted = HERE / "requirements.txt"
    done = ENVIRONMENT / "installed.txt"
    if python.exists() and done.exists() and done.read_text() == wanted.read_text():
        return python
    print(f"Making {ENVIRONMENT.name} for the rivals (once) ...", flush=True)
    install: list[str | Path] = [
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
    ]
    try:
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        subprocess.run([*install, "--requirement", wanted], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"The rivals are skipped: their environment could not be made ({error}).")
        return None
    done.write_text(wanted.read_text())
    return python
