"""Private files on their way out: behind a locked view, shown or saved, but never run and never kept by a browser."""

from typing import IO, Any

from django.core.files.base import File
from django.http import FileResponse

from web.uploads import Kind

# Nothing in a file may load, run or send anything, even when a browser opens it as a page of its own.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'; sandbox"
# Chromium does not show a PDF in a sandbox. Its viewer is apart from the site already, and runs nothing of ours.
PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"


def private_file_response(file: File[Any] | IO[bytes], name: str, kind: Kind) -> FileResponse:
    """Answer with a private file: pictures and PDFs are shown, all else is saved under its own name.

    The file is streamed and closed afterwards. The view that calls this must be locked.
    """
    response = FileResponse(
        file, as_attachment=not kind.opens_in_browser, filename=name, content_type=kind.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = PDF_POLICY if kind is Kind.PDF else POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
