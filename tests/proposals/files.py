"""Files to send, and a private storage of the test's own to find them in."""

import io
from pathlib import Path

import pytest
from django.core.files.storage import storages
from PIL import Image
from pytest_django import Settings

from proposals.models import Attachment
from web.uploads import Upload, inspect_upload

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%% note\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def private_folder(place: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the private storage of this test be a folder of its own, and return that folder."""
    options = {**settings.STORAGES["private"]["OPTIONS"], "location": place}
    settings.STORAGES = {**settings.STORAGES, "private": {**settings.STORAGES["private"], "OPTIONS": options}}
    # A field asks for its storage once, when its model is made.
    for name in ("file", "preview"):
        monkeypatch.setattr(Attachment._meta.get_field(name), "storage", storages["private"])
    return place


def files_in(folder: Path) -> list[Path]:
    """Return every file in a folder and the folders in it."""
    return [path for path in folder.rglob("*") if path.is_file()]


def photo(colour: str = "red", size: tuple[int, int] = (1600, 800)) -> bytes:
    """Return a JPEG."""
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, "JPEG")
    return made.getvalue()


def judged(content: bytes, name: str = "plan.pdf") -> Upload:
    """Return a file as it comes out of inspection."""
    return inspect_upload(io.BytesIO(content), name)


def pdf_bytes(note: object = "note") -> bytes:
    """Return a PDF that differs by its note."""
    return PDF.replace(b"note", str(note).encode())


def pdf(note: object = "note") -> Upload:
    """Return such a PDF after inspection."""
    return judged(pdf_bytes(note), f"plan {note}.pdf")
