"""One photo or file: from the camera, or chosen."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from web.uploads import ACCEPT, Upload, UploadRefused, inspect_upload

MEGABYTE = 1024 * 1024


class AttachmentForm(forms.Form):
    """Two ways to choose one file. ``cleaned_data["upload"]`` is the file, judged by its content and cleaned."""

    mark_optional = False

    photo = forms.FileField(
        label=_("Take a photo"),
        help_text=_("This opens the camera of your phone or tablet."),
        required=False,
        allow_empty_file=True,
        # Only with exactly this does a phone open its camera at once.
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    file = forms.FileField(
        label=_("Choose a photo or file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = _("A photo, a PDF, or a Word, Excel or LibreOffice file. It can be %(limit)s MB at most.")
        self.fields["file"].help_text = words % {"limit": settings.UPLOAD_MAX_BYTES // MEGABYTE}

    def clean(self) -> dict[str, Any]:
        """Judge what was sent. The sentence of a refusal stands with the field that was used."""
        cleaned = super().clean() or {}
        used = "photo" if cleaned.get("photo") else "file"
        sent: UploadedFile[Any] | None = cleaned.get(used)
        if sent is None:
            raise ValidationError({"file": _("Choose a photo or a file first.")})
        try:
            cleaned["upload"] = inspect_upload(sent, sent.name or "")
        except UploadRefused as refused:
            raise ValidationError({used: str(refused)}) from refused
        return cleaned

    @property
    def upload(self) -> Upload:
        """The file of a form that is valid."""
        upload: Upload = self.cleaned_data["upload"]
        return upload
