"""Judging a file that a stranger sends: by its content, never by its name, and never more of it than is allowed."""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from django.conf import settings

from web.uploads.documents import check_pdf, office_kind
from web.uploads.kinds import PAGE_MARKS, SIGNATURES, ZIP, Kind, Refusal, UploadRefused
from web.uploads.names import safe_name
from web.uploads.pictures import redraw

MEGABYTE = 1024 * 1024


class Sent(Protocol):
    """What comes in: Django's ``UploadedFile``, or anything that can be read and may know its size."""

    def read(self, amount: int, /) -> bytes:
        """Read at most so many bytes."""


@dataclass(frozen=True)
class Upload:
    """A file that was judged and cleaned, ready to be kept. ``size`` is in bytes, ``sha256`` in hexadecimal."""

    kind: Kind
    name: str
    content: bytes
    size: int
    sha256: str


def inspect_upload(file: Sent, name: str) -> Upload:
    """Judge a file and clean it: pictures are drawn anew, PDFs and office documents are kept byte for byte.

    No more than ``UPLOAD_MAX_BYTES`` are read, whatever size the file says it has.
    Raises :class:`UploadRefused` with a sentence for the person who sent it.
    """
    content = _read(file)
    kind = kind_of(content)
    if kind.is_picture:
        content = redraw(content, kind)
    elif kind is Kind.PDF:
        check_pdf(content)
    return Upload(kind, safe_name(name, kind), content, len(content), sha256(content).hexdigest())


def kind_of(content: bytes) -> Kind:
    """Say what a file is, by its content. Raises :class:`UploadRefused` for all that is not accepted."""
    if content.startswith(ZIP):
        return office_kind(content)
    for signature in SIGNATURES:
        if signature.fits(content):
            if isinstance(signature.what, Kind):
                return signature.what
            raise UploadRefused(signature.what)
    opening = re.sub(rb"\x00", b"", content[:4096]).lower()  # UTF-16 becomes readable without its zeros
    if any(mark in opening for mark in PAGE_MARKS):
        raise UploadRefused(Refusal.PAGE)
    raise UploadRefused(Refusal.UNKNOWN)


def _read(file: Sent) -> bytes:
    limit = settings.UPLOAD_MAX_BYTES
    size = getattr(file, "size", None)
    if size is not None and size > limit:
        raise UploadRefused(Refusal.TOO_BIG, limit=limit // MEGABYTE)
    content = file.read(limit + 1)
    if len(content) > limit:
        raise UploadRefused(Refusal.TOO_BIG, limit=limit // MEGABYTE)
    if not content.strip(b"\x00\t\r\n "):
        raise UploadRefused(Refusal.EMPTY)
    return content
