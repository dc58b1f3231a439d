"""The kinds of file that may come in, what makes each of them known, and the sentences for all the others."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    """What a file is, judged by its content. The value is its extension."""

    JPEG = "jpg"
    PNG = "png"
    WEBP = "webp"
    PDF = "pdf"
    ODT = "odt"
    ODS = "ods"
    DOCX = "docx"
    XLSX = "xlsx"

    @property
    def content_type(self) -> str:
        """The media type to serve it with."""
        return _CONTENT_TYPES[self]

    @property
    def is_picture(self) -> bool:
        """Whether it can be shown as a picture."""
        return self in PICTURES

    @property
    def opens_in_browser(self) -> bool:
        """Whether a browser shows it by itself; everything else is downloaded."""
        return self in PICTURES or self is Kind.PDF


PICTURES = frozenset({Kind.JPEG, Kind.PNG, Kind.WEBP})
_CONTENT_TYPES = {
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.WEBP: "image/webp",
    Kind.PDF: "application/pdf",
    Kind.ODT: "application/vnd.oasis.opendocument.text",
    Kind.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# For the `accept` of a file field. HEIC is left out on purpose: an iPhone then sends its photos as JPEG.
ACCEPT = ",".join([*_CONTENT_TYPES.values(), ".odt", ".ods", ".docx", ".xlsx"])


class Refusal(StrEnum):
    """Why a file is refused."""

    EMPTY = "empty"
    TOO_BIG = "too_big"
    PROGRAM = "program"
    PAGE = "page"
    PACKED = "packed"
    HEIC = "heic"
    OTHER_PICTURE = "other_picture"
    FILM_OR_SOUND = "film_or_sound"
    OLD_OFFICE = "old_office"
    MACROS = "macros"
    LOCKED = "locked"
    BROKEN_DOCUMENT = "broken_document"
    BROKEN_PICTURE = "broken_picture"
    TOO_MANY_PIXELS = "too_many_pixels"
    UNKNOWN = "unknown"


_SENTENCES = {
    Refusal.EMPTY: _("This file is empty. Choose it again, or make a new photo."),
    Refusal.TOO_BIG: _("This file is too big. It can be %(limit)s MB at most. Send a smaller file, or a photo of it."),
    Refusal.PROGRAM: _("This is a program. We cannot accept programs. Send a photo or a PDF of what you want to show."),
    Refusal.PAGE: _("This is a web page or a drawing with code. Make a PDF or a screenshot of it, and send that."),
    Refusal.PACKED: _("Here several files are packed into one. Unpack them, and send the files one by one."),
    Refusal.HEIC: _("We cannot read this kind of photo (HEIC). Make a screenshot of the photo, and send that."),
    Refusal.OTHER_PICTURE: _("We cannot read this kind of picture. Make a screenshot of it, and send that."),
    Refusal.FILM_OR_SOUND: _("We cannot accept films or sound. Send a photo, or tell us about it in words."),
    Refusal.OLD_OFFICE: _("This is an old kind of document. Open it, save it as PDF, and send that."),
    Refusal.MACROS: _("This document has macros: small programs. Save it as PDF, and send that."),
    Refusal.LOCKED: _("This document is locked with a password. Save it without the password, and send it again."),
    Refusal.BROKEN_DOCUMENT: _("We cannot open this document. Send it again, or save it as PDF and send that."),
    Refusal.BROKEN_PICTURE: _("We cannot open this picture. Send it again, or make a new photo."),
    Refusal.TOO_MANY_PIXELS: _("This picture is too large to open. Make a screenshot of it, and send that."),
    Refusal.UNKNOWN: _("We do not know this kind of file. Send a photo, a PDF, or a Word, Excel or LibreOffice file."),
}


class UploadRefused(Exception):
    """The file is not accepted. ``str()`` is a plain sentence that says how to go on; ``reason`` is for the program."""

    def __init__(self, reason: Refusal, **values: object) -> None:
        self.reason = reason
        super().__init__(str(_SENTENCES[reason]) % values)


@dataclass(frozen=True)
class Signature:
    """Bytes at a fixed place by which a kind of file is known."""

    magic: bytes
    what: Kind | Refusal
    at: int = 0

    def fits(self, content: bytes) -> bool:
        """Whether the content carries this signature."""
        return content.startswith(self.magic, self.at)


ZIP = b"PK\x03\x04"
# In this order: the first that fits says what it is. A zip may still be an office document.
SIGNATURES = [
    Signature(b"\xff\xd8\xff", Kind.JPEG),
    Signature(b"\x89PNG\r\n\x1a\n", Kind.PNG),
    Signature(b"WEBP", Kind.WEBP, at=8),
    Signature(b"%PDF-", Kind.PDF),
    Signature(b"MZ", Refusal.PROGRAM),
    Signature(b"\x7fELF", Refusal.PROGRAM),
    Signature(b"#!", Refusal.PROGRAM),
    Signature(b"\xca\xfe\xba\xbe", Refusal.PROGRAM),
    *(Signature(magic, Refusal.PROGRAM) for magic in (b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"\x00asm", b"dex\n")),
    Signature(b"\x4c\x00\x00\x00\x01\x14\x02\x00", Refusal.PROGRAM),  # a Windows shortcut
    Signature(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Refusal.OLD_OFFICE),  # also an office document with a password
    Signature(b"{\\rtf", Refusal.OLD_OFFICE),
    *(
        Signature(b"ftyp" + brand, Refusal.HEIC, at=4)
        for brand in (b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1")
    ),
    Signature(b"ftypavif", Refusal.OTHER_PICTURE, at=4),
    Signature(b"ftyp", Refusal.FILM_OR_SOUND, at=4),
    *(Signature(magic, Refusal.FILM_OR_SOUND) for magic in (b"\x1aE\xdf\xa3", b"OggS", b"ID3", b"\xff\xfb", b"fLaC")),
    *(Signature(kind, Refusal.FILM_OR_SOUND, at=8) for kind in (b"AVI ", b"WAVE")),
    *(Signature(magic, Refusal.OTHER_PICTURE) for magic in (b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"8BPS")),
    *(Signature(magic, Refusal.PACKED) for magic in (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"PK")),
    Signature(b"ustar", Refusal.PACKED, at=257),
]
# Marks of pages and drawings that a browser would run, anywhere in the first part of a text.
PAGE_MARKS = (b"<svg", b"<html", b"<!doctype", b"<script", b"<body", b"<?xml", b"<?php", b"<iframe", b"<head")
