"""Progress on the screen, for long work, when there is a screen."""

from __future__ import annotations

import sys
import time
from types import TracebackType

PATIENCE = 1.0  # seconds before anything is shown
PAUSE = 0.2  # seconds between two updates


class Ticker:
    """Shows one line on stderr that is written over again and again, and wiped at the end.

    Shows nothing when stderr is not a terminal, nor when the work is done within a second.
    """

    def __init__(self, what: str, unit: str) -> None:
        self._what = what
        self._unit = unit
        self._shown = 0
        self._next = time.monotonic() + PATIENCE
        self._on = sys.stderr.isatty()

    def __enter__(self) -> Ticker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            sys.stderr.write("\r" + " " * self._shown + "\r")
            sys.stderr.flush()

    def __call__(self, done: int, total: int | None = None) -> None:
        """Tell how far it is."""
        if not self._on or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + PAUSE
        of = "" if total is None else f" of {total:,}"
        line = f"{self._what}: {done:,}{of} {self._unit}"
        sys.stderr.write("\r" + line.ljust(self._shown))
        sys.stderr.flush()
        self._shown = len(line)
