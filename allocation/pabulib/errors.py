"""What is wrong with a file, said to the person who can mend it."""

from __future__ import annotations

from allocation.model import AllocationError


class PabulibError(AllocationError):
    """The file cannot be counted. ``line`` is where (1 for the first line), or None when it is about the whole file."""

    def __init__(self, message: str, line: int | None = None) -> None:
        self.line = line
        self.sentence = message
        super().__init__(message if line is None else f"line {line}: {message}")
