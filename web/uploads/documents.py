"""Documents are kept byte for byte, when they are what they say they are and carry no programs."""

import io
import re
import struct
import zipfile
import zlib

from web.uploads.kinds import Kind, Refusal, UploadRefused

MOST_PARTS = 5000
MOST_UNPACKED = 500 * 1024 * 1024  # bytes: a real document with photos stays far below it
LONGEST_LIST = 1024 * 1024  # bytes of a list of contents

# What each kind says of itself: OpenDocument in the part `mimetype`, Office Open XML in `[Content_Types].xml`.
_OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": Kind.ODT,
    b"application/vnd.oasis.opendocument.spreadsheet": Kind.ODS,
}
_OPEN_XML = {
    b"wordprocessingml.document.main+xml": ("word/document.xml", Kind.DOCX),
    b"spreadsheetml.sheet.main+xml": ("xl/workbook.xml", Kind.XLSX),
}
# Parts in which programs travel: VBA, ActiveX, Excel 4 macros, LibreOffice Basic and scripts, embedded objects.
_PROGRAMS = re.compile(
    r"(^|/)(vbaproject\.bin|vbadata\.xml|activex/|macrosheets/|dialogsheets/|oleobject[^/]*\.bin)"
    r"|^(basic|scripts|object [0-9]+/basic)/"
)
_UNREADABLE = (zipfile.BadZipFile, OSError, ValueError, EOFError, KeyError, NotImplementedError, RuntimeError)


def check_pdf(content: bytes) -> None:
    """Refuse a PDF that has no end, as one that was cut off on its way. Raises :class:`UploadRefused`."""
    if b"%%EOF" not in content:
        raise UploadRefused(Refusal.BROKEN_DOCUMENT)


def office_kind(content: bytes) -> Kind:
    """Say which office document a zip is. Raises :class:`UploadRefused` when it is none, is locked or has macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise UploadRefused(Refusal.PACKED)
            kind = _open_document(packed) or _open_xml(packed)
            if kind is None:
                raise UploadRefused(Refusal.PACKED)
            if any(part.flag_bits & 1 for part in parts):
                raise UploadRefused(Refusal.LOCKED)
            if any(_PROGRAMS.search(part.filename.replace("\\", "/").lower()) for part in parts):
                raise UploadRefused(Refusal.MACROS)
    except (*_UNREADABLE, struct.error, zlib.error) as mistake:
        raise UploadRefused(Refusal.BROKEN_DOCUMENT) from mistake
    return kind


def _open_document(packed: zipfile.ZipFile) -> Kind | None:
    names = packed.namelist()
    if "mimetype" not in names or "content.xml" not in names:
        return None
    if b"encryption-data" in _part(packed, "META-INF/manifest.xml"):
        raise UploadRefused(Refusal.LOCKED)
    return _OPEN_DOCUMENT.get(_part(packed, "mimetype").strip())


def _open_xml(packed: zipfile.ZipFile) -> Kind | None:
    names = packed.namelist()
    if "[Content_Types].xml" not in names:
        return None
    contents = _part(packed, "[Content_Types].xml")
    if b"macroenabled" in contents.lower() or b"vbaproject" in contents.lower():
        raise UploadRefused(Refusal.MACROS)
    found = [kind for mark, (part, kind) in _OPEN_XML.items() if mark in contents and part in names]
    return found[0] if found else None


def _part(packed: zipfile.ZipFile, name: str) -> bytes:
    """One part of a document, of which no more is unpacked than a list of contents can need."""
    with packed.open(name) as part:
        return part.read(LONGEST_LIST)
