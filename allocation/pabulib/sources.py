"""Where the lines of a file come from: a path, a text, bytes, or anything that gives lines."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from allocation.pabulib.errors import PabulibError
from allocation.pabulib.sections import LONGEST_LINE

LARGEST_FILE = 1024**3
"""Bytes; more than ten times the largest election on record. Larger files are refused before they are read."""

type Source = str | os.PathLike[str] | bytes | Iterable[str]


@contextmanager
def lines_of(source: Source) -> Iterator[Iterable[str]]:
    """The lines of a source, open as long as the context is. Raises :class:`PabulibError` for what is no text."""
    if isinstance(source, bytes):
        yield _decoded(source)
    elif isinstance(source, str) and "\n" in source:
        yield io.StringIO(source.removeprefix("\ufeff"), newline="")
    elif isinstance(source, str | os.PathLike):
        with _opened(Path(source)) as lines:
            yield lines
    else:
        yield source


def _decoded(content: bytes) -> io.StringIO:
    try:
        return io.StringIO(content.decode("utf-8-sig"), newline="")
    except UnicodeDecodeError:
        raise _not_text(io.BytesIO(content)) from None


@contextmanager
def _opened(path: Path) -> Iterator[Iterable[str]]:
    with path.open("rb") as raw:
        status = os.fstat(raw.fileno())
        if stat.S_ISCHR(status.st_mode) or stat.S_ISBLK(status.st_mode):
            raise PabulibError("this is a device and not a file; give a .pb file")
        if status.st_size > LARGEST_FILE:
            raise PabulibError(
                f"the file is {status.st_size / 1024**2:,.0f} MB and files of up to {LARGEST_FILE / 1024**2:,.0f} MB "
                f"are read; leave out columns that are not needed for counting, such as age and sex"
            )
        if b"\0" in raw.peek(8192)[:8192]:
            raise _not_text(raw)
        text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
        try:
            yield text if stat.S_ISREG(status.st_mode) else _bounded(text)
        except UnicodeDecodeError:
            with path.open("rb") as again:
                raise _not_text(again) from None


def _bounded(text: io.TextIOWrapper) -> Iterator[str]:
    """The lines of something that has no size to look at beforehand, and may never end."""
    characters = 0
    while line := text.readline(LONGEST_LINE + 1):
        characters += len(line)
        if len(line) > LONGEST_LINE or characters > LARGEST_FILE:
            raise PabulibError("there is no end to this; give a .pb file")
        yield line


def _not_text(raw: Iterable[bytes]) -> PabulibError:
    """Say where a file stops being text."""
    number, line = next((number, line) for number, line in enumerate(raw, start=1) if not _is_text(line))
    if b"\0" in line:
        return PabulibError("this is not a text file; give a .pb file, saved as plain text with the encoding UTF-8")
    return PabulibError(
        "this line is not UTF-8 text; save the file again as 'CSV UTF-8' or with the encoding UTF-8", number
    )


def _is_text(line: bytes) -> bool:
    try:
        line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return b"\0" not in line
