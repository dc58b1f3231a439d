import io
import re
import socket
import socketserver
import struct
import threading
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms
from pytest_django import Settings

from web.uploads import ACCEPT, Kind, Refusal, ScanResult, UploadRefused, inspect_upload, safe_name, scan

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: object) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else None).save(made, kind, **options)
    return made.getvalue()


def packed(parts: dict[str, bytes | str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


def word(**more: bytes | str) -> bytes:
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{WORD}"/></Types>'
    return packed({"[Content_Types].xml": types, "word/document.xml": "<w:document/>", **more})


def excel() -> bytes:
    return packed({"[Content_Types].xml": f'<Types ContentType="{EXCEL}"/>', "xl/workbook.xml": "<workbook/>"})


def libre(kind: str = "text", manifest: str = "<manifest/>", extra: str = "settings.xml") -> bytes:
    mimetype = f"application/vnd.oasis.opendocument.{kind}"
    return packed({"mimetype": mimetype, "content.xml": "<c/>", "META-INF/manifest.xml": manifest, extra: "<x/>"})


def refusal(content: bytes, name: str = "photo.jpg") -> UploadRefused:
    with pytest.raises(UploadRefused) as caught:
        inspect_upload(io.BytesIO(content), name)
    return caught.value


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture("JPEG"), Kind.JPEG),
        (picture("PNG"), Kind.PNG),
        (picture("WEBP"), Kind.WEBP),
        (PDF, Kind.PDF),
        (word(), Kind.DOCX),
        (excel(), Kind.XLSX),
        (libre(), Kind.ODT),
        (libre("spreadsheet"), Kind.ODS),
    ],
)
def test_a_file_is_what_its_content_says_whatever_it_is_called(content: bytes, kind: Kind) -> None:
    upload = inspect_upload(SimpleUploadedFile("virus.exe", content, "application/x-msdownload"), "virus.exe")

    assert upload.kind is kind
    assert upload.name == f"virus.{kind}"
    assert upload.size == len(upload.content)
    assert len(upload.sha256) == 64
    assert kind.content_type in ACCEPT


@pytest.mark.parametrize("content", [PDF, word(), excel(), libre()])
def test_documents_are_kept_byte_for_byte(content: bytes) -> None:
    assert inspect_upload(io.BytesIO(content), "begroting").content == content


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Refusal.EMPTY),
        (b"\x00" * 100, Refusal.EMPTY),
        (b" \r\n", Refusal.EMPTY),
        (b"MZ\x90\x00" + b"\x00" * 200, Refusal.PROGRAM),
        (b"\x7fELF\x02", Refusal.PROGRAM),
        (b"#!/bin/sh\nrm -rf /\n", Refusal.PROGRAM),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', Refusal.PAGE),
        (b'\xef\xbb\xbf<?xml version="1.0"?><!-- x --><svg/>', Refusal.PAGE),
        ("<html><script>alert(1)</script></html>".encode("utf-16"), Refusal.PAGE),
        (b"<!DOCTYPE html><p>Hallo", Refusal.PAGE),
        (b"<?php system($_GET[0]);", Refusal.PAGE),
        (b"GIF89a/*" + b"\x00" * 20 + b"*/=1;alert(1)", Refusal.OTHER_PICTURE),
        (picture("GIF", mode="P"), Refusal.OTHER_PICTURE),
        (picture("TIFF"), Refusal.OTHER_PICTURE),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", Refusal.HEIC),
        (b"\x00\x00\x00\x18ftypisom", Refusal.FILM_OR_SOUND),
        (b"ID3\x03", Refusal.FILM_OR_SOUND),
        (b"Rar!\x1a\x07\x01\x00", Refusal.PACKED),
        (b"7z\xbc\xaf\x27\x1c", Refusal.PACKED),
        (b"\x1f\x8b\x08\x00", Refusal.PACKED),
        (packed({"a.txt": "a"}), Refusal.PACKED),
        (packed({}), Refusal.PACKED),
        (packed({"word/document.xml": "<w:document/>"}), Refusal.PACKED),
        (packed({"[Content_Types].xml": WORD}), Refusal.PACKED),
        (libre("presentation"), Refusal.PACKED),
        (packed({"mimetype": "application/zip", "content.xml": ""}), Refusal.BROKEN_DOCUMENT),
        (packed({f"{number}": "" for number in range(5001)}), Refusal.PACKED),
        (b"PK\x03\x04 and nothing more", Refusal.BROKEN_DOCUMENT),
        (word()[:-40], Refusal.BROKEN_DOCUMENT),
        (word(**{"word/vbaProject.bin": b"x"}), Refusal.MACROS),
        (word(**{"word/activeX/activeX1.bin": b"x"}), Refusal.MACROS),
        (word(**{"word\\vbaProject.bin": b"x"}), Refusal.MACROS),
        (word(**{"xl/macrosheets/sheet1.xml": b"x"}), Refusal.MACROS),
        (packed({"[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main+xml"}), Refusal.MACROS),
        (libre(extra="Basic/Standard/Module1.xml"), Refusal.MACROS),
        (libre(extra="Scripts/python/x.py"), Refusal.MACROS),
        (libre(manifest="<manifest:encryption-data/>"), Refusal.LOCKED),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600, Refusal.OLD_OFFICE),
        (b"{\\rtf1 Hallo}", Refusal.OLD_OFFICE),
        (b"%PDF-1.7 cut off on its way", Refusal.BROKEN_DOCUMENT),
        (b"\n%PDF-1.7 %%EOF", Refusal.UNKNOWN),
        (b"alert('hallo')", Refusal.UNKNOWN),
        (b"Zomaar wat tekst", Refusal.UNKNOWN),
        (picture("PNG")[:60], Refusal.BROKEN_PICTURE),
        (picture("JPEG")[:-200], Refusal.BROKEN_PICTURE),
        (b"\xff\xd8\xff\xe0 not a photo at all", Refusal.BROKEN_PICTURE),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", Refusal.BROKEN_PICTURE),
    ],
)
def test_what_is_not_accepted_is_refused_with_a_way_on(content: bytes, reason: Refusal) -> None:
    refused = refusal(content, "factuur.pdf")

    assert refused.reason is reason
    assert re.match(r"[A-Z].*\. .*\.$", str(refused)), "a sentence about the file, and one about how to go on"


def test_a_zip_with_a_program_in_front_is_no_document() -> None:
    assert refusal(b"MZ" + word()).reason is Refusal.PROGRAM
    assert refusal(b"junk" + word()).reason is Refusal.UNKNOWN


def test_a_locked_part_of_a_zip_is_refused() -> None:
    content = bytearray(word(**{"word/extra.xml": "x"}))
    place = content.rindex(b"PK\x01\x02")
    content[place + 8] |= 1

    assert refusal(bytes(content)).reason is Refusal.LOCKED


def test_a_zip_that_would_unpack_to_gigabytes_is_refused() -> None:
    content = bytearray(word())
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<L", 4_000_000_000)

    assert refusal(bytes(content)).reason is Refusal.PACKED


class Endless:
    """A file without an end that counts what is read of it, and may lie about its size."""

    def __init__(self, size: int | None) -> None:
        self.read_bytes = 0
        if size is not None:
            self.size = size

    def read(self, amount: int, /) -> bytes:
        self.read_bytes += amount
        return b"x" * amount


@pytest.mark.parametrize(("size", "most"), [(200 * 1024 * 1024, 0), (None, 1001), (10, 1001)])
def test_of_a_file_that_is_too_big_no_more_is_read_than_the_limit(
    size: int | None, most: int, settings: Settings
) -> None:
    settings.UPLOAD_MAX_BYTES = 1000 if size != 200 * 1024 * 1024 else 10 * 1024 * 1024
    file = Endless(size)

    with pytest.raises(UploadRefused) as caught:
        inspect_upload(file, "film.pdf")

    assert caught.value.reason is Refusal.TOO_BIG
    assert file.read_bytes == most


def test_a_file_of_exactly_the_limit_is_accepted_and_the_limit_is_told(settings: Settings) -> None:
    settings.UPLOAD_MAX_BYTES = len(PDF)
    assert inspect_upload(io.BytesIO(PDF), "x").kind is Kind.PDF

    settings.UPLOAD_MAX_BYTES = 10 * 1024 * 1024
    with override("en"), pytest.raises(UploadRefused, match=r"It can be 10 MB at most\."):
        inspect_upload(Endless(200 * 1024 * 1024), "x")


def png_that_says_it_is(width: int, height: int) -> bytes:
    """Return a PNG of a few hundred bytes with the header of an enormous one."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack("!L", len(content)) + name + content + struct.pack("!L", zlib.crc32(name + content))

    header = struct.pack("!LLBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\x00" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(50_000, 50_000), (10_000, 10_000), (8001, 6250)])
def test_a_small_file_with_huge_pixels_is_refused_before_it_is_unpacked(width: int, height: int) -> None:
    content = png_that_says_it_is(width, height)

    assert len(content) < 500
    assert refusal(content).reason is Refusal.TOO_MANY_PIXELS


def test_where_when_and_by_whom_a_photo_was_taken_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0132] = "2027:03:03 14:03:00"
    exif.get_ifd(0x8825)[2] = (52.0, 5.0, 30.0)
    content = picture("JPEG", exif=exif, comment=b"SecretComment")
    assert b"SecretCamera" in content

    upload = inspect_upload(io.BytesIO(content), "photo.jpg")

    assert dict(opened(upload.content).getexif()) == {}
    assert b"Secret" not in upload.content
    assert b"Exif" not in upload.content


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_the_hidden_words_of_other_pictures_are_gone_too(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    content = picture(kind, exif=exif, xmp=b"<x:xmpmeta>SecretPlace</x:xmpmeta>")

    upload = inspect_upload(io.BytesIO(content), "photo")

    assert b"Secret" in content
    assert b"Secret" not in upload.content


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_that_was_taken_sideways_is_upright(kind: str) -> None:
    photo = Image.new("RGB", (64, 32), "blue")
    photo.paste("red", (0, 0, 32, 32))  # left half red
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter to the right: left becomes top
    made = io.BytesIO()
    photo.save(made, kind, exif=exif)

    upright = opened(inspect_upload(made, "photo").content) if made.seek(0) == 0 else None

    assert upright is not None
    assert upright.size == (32, 64)
    red, _, blue = upright.convert("RGB").getpixel((16, 8))  # type: ignore[misc]  # three channels
    assert red > blue


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGBA")])
def test_a_large_photo_is_made_smaller_in_its_own_proportions(kind: str, mode: str) -> None:
    upload = inspect_upload(io.BytesIO(picture(kind, (4800, 1200), mode)), "photo")

    assert opened(upload.content).size == (2400, 600)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_can_be_drawn_anew(mode: str) -> None:
    upload = inspect_upload(io.BytesIO(picture("PNG", mode=mode)), "drawing")

    assert opened(upload.content).mode in {"L", "RGB", "RGBA"}
    assert opened(upload.content).has_transparency_data == (mode in {"LA", "RGBA"})


def test_of_a_moving_picture_the_first_frame_is_kept() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    made = io.BytesIO()
    frames[0].save(made, "WEBP", save_all=True, append_images=frames[1:], duration=100)
    made.seek(0)

    still = opened(inspect_upload(made, "moving").content)

    assert getattr(still, "n_frames", 1) == 1
    assert still.convert("RGB").getpixel((10, 10))[0] > 200  # type: ignore[index]  # three channels


@pytest.mark.parametrize("profile", [ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), b"nonsense"])
def test_colours_become_those_that_every_screen_knows(profile: bytes) -> None:
    upload = inspect_upload(io.BytesIO(picture("JPEG", icc_profile=profile)), "photo")

    assert "icc_profile" not in opened(upload.content).info
    assert opened(upload.content).getpixel((5, 5))[0] > 240  # type: ignore[index]  # three channels


def test_a_script_behind_a_picture_does_not_survive() -> None:
    content = picture("JPEG") + b"<script>alert(1)</script>"

    upload = inspect_upload(io.BytesIO(content), "photo.html")

    assert b"script" not in upload.content
    assert upload.name == "photo.jpg"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("begroting.pdf", "begroting.pdf"),
        ("Mijn idee – versie 2.PDF", "Mijn idee – versie 2.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\Ines\\foto.jpeg", "foto.pdf"),
        ("factuur\u202efdp.exe", "factuurfdp.pdf"),
        ("a\x00b\r\nSet-Cookie: x\u200b.pdf", "ab Set-Cookie_ x.pdf"),
        ("", "file.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("...", "file.pdf"),
        ("CON.pdf", "file CON.pdf"),
        ("aux.tar.gz", "file aux.tar.pdf"),
        ("plan.pdf.pdf", "plan.pdf"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
        ('"quoted"<name>|?*%.pdf', "_quoted__name_____.pdf"),
        ("e\u0301e\u0301n", "één.pdf"),
        ("فاتورة.pdf", "فاتورة.pdf"),
    ],
)
def test_a_name_is_only_a_name(name: str, safe: str) -> None:
    with override("en"):
        assert safe_name(name, Kind.PDF) == safe


@given(name=st.text(max_size=300), kind=st.sampled_from(Kind))
def test_no_name_at_all_escapes(name: str, kind: Kind) -> None:
    safe = safe_name(name, kind)

    assert safe.endswith(f".{kind}")
    assert len(f".{kind}") < len(safe) <= 100
    assert not re.search(r'[/\\\x00-\x1f\u202a-\u202e<>:"|?*]|^\.', safe)


class FakeClam(socketserver.StreamRequestHandler):
    """As much of clamd as its INSTREAM command."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        if b"EICAR" in content:
            self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0")
        elif b"STRANGE" in content:
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
        elif b"SILENT" not in content:
            self.wfile.write(b"stream: ")
            self.wfile.flush()
            self.wfile.write(b"OK\0")


@pytest.fixture
def clam(settings: Settings) -> Iterator[None]:
    with socketserver.TCPServer(("127.0.0.1", 0), FakeClam) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        settings.CLAMD_URL = f"tcp://127.0.0.1:{server.server_address[1]}"
        yield
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("content", "result"),
    [
        (b"", ScanResult.CLEAN),
        (PDF * 5000, ScanResult.CLEAN),
        (b"x" * 100_000 + b"EICAR", ScanResult.FOUND),
        (b"STRANGE", ScanResult.UNAVAILABLE),
        (b"SILENT", ScanResult.UNAVAILABLE),
    ],
)
def test_a_scanner_is_asked_and_believed(content: bytes, result: ScanResult, clam: None) -> None:
    assert scan(content) is result


def test_a_scanner_on_a_socket_of_this_machine_is_asked_too(settings: Settings, tmp_path: Path) -> None:
    path = str(tmp_path / "clamd.ctl")
    with socketserver.UnixStreamServer(path, FakeClam) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        settings.CLAMD_URL = f"unix://{path}"

        result = scan(b"EICAR")

        thread.join()
    assert result is ScanResult.FOUND


def test_without_an_address_there_is_no_scanner(settings: Settings) -> None:
    settings.CLAMD_URL = ""

    assert scan(b"EICAR") is ScanResult.OFF


def test_a_scanner_that_does_not_answer_is_unavailable_and_never_clean(settings: Settings, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.CLAMD_URL = f"tcp://127.0.0.1:{port}"
    assert scan(PDF) is ScanResult.UNAVAILABLE

    settings.CLAMD_URL = f"unix://{tmp_path / 'gone'}"
    assert scan(PDF) is ScanResult.UNAVAILABLE
