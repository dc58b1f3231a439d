"""Files that people send: judged by content, cleaned, scanned, kept apart. How they go out again: ``web.downloads``."""

from web.uploads.inspection import Upload, inspect_upload
from web.uploads.kinds import ACCEPT, PICTURES, Kind, Refusal, UploadRefused
from web.uploads.names import safe_name
from web.uploads.previews import small_picture
from web.uploads.scanning import ScanResult, scan

__all__ = [
    "ACCEPT",
    "PICTURES",
    "Kind",
    "Refusal",
    "ScanResult",
    "Upload",
    "UploadRefused",
    "inspect_upload",
    "safe_name",
    "scan",
    "small_picture",
]
