import io
import stat
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from web.downloads import private_file_response
from web.uploads import Kind


@pytest.mark.parametrize("kind", list(Kind))
def test_a_private_file_is_never_run_sniffed_or_kept_by_a_browser(kind: Kind) -> None:
    response = private_file_response(io.BytesIO(b"content"), f"plan.{kind}", kind)

    assert response["Content-Type"] == kind.content_type
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert ("sandbox" in response["Content-Security-Policy"]) == (kind is not Kind.PDF)
    assert b"".join(response.streaming_content) == b"content"  # type: ignore[arg-type]  # a file is read in turn


@pytest.mark.parametrize(("kind", "how"), [(Kind.JPEG, "inline"), (Kind.PDF, "inline"), (Kind.DOCX, "attachment")])
def test_only_pictures_and_pdfs_are_shown(kind: Kind, how: str) -> None:
    response = private_file_response(io.BytesIO(b""), "plan", kind)

    assert response["Content-Disposition"] == f'{how}; filename="plan"'


def test_a_name_cannot_add_a_header() -> None:
    response = private_file_response(io.BytesIO(b""), 'a"b\r\nSet-Cookie: x=één.pdf', Kind.PDF)

    assert "\n" not in response["Content-Disposition"]
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''")


def test_private_files_are_apart_from_everything_that_has_an_address() -> None:
    folder = Path(site_settings.STORAGES["private"]["OPTIONS"]["location"])

    assert folder == site_settings.DATA_DIR / "private"
    assert not folder.is_relative_to(site_settings.STATIC_ROOT)
    assert not site_settings.MEDIA_URL.strip("/")


def test_a_private_file_is_readable_for_the_site_alone(tmp_path: Path) -> None:
    options = {**site_settings.STORAGES["private"], "OPTIONS": {**site_settings.STORAGES["private"]["OPTIONS"]}}
    options["OPTIONS"]["location"] = tmp_path
    storage = storages.create_storage(options)

    name = storage.save("2027/plan.pdf", ContentFile(b"content"))

    assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "2027").stat().st_mode) == 0o700
