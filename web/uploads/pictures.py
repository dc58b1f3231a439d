"""Pictures are drawn anew: upright, not larger than needed, and without where, when and by what they were taken."""

import io
import struct
import zlib
from typing import Any

from django.conf import settings
from PIL import Image, ImageCms, ImageOps

from web.uploads.kinds import Kind, Refusal, UploadRefused

LONGEST_SIDE = 2400  # pixels: sharp on a sheet of A4 and on any screen

_FORMATS = {Kind.JPEG: "JPEG", Kind.PNG: "PNG", Kind.WEBP: "WEBP"}
_OPTIONS: dict[Kind, dict[str, Any]] = {
    Kind.JPEG: {"quality": 85, "optimize": True, "progressive": True},
    Kind.PNG: {},
    Kind.WEBP: {"quality": 85, "method": 4},
}
# All that Pillow's readers raise on a file that is not what it says it is.
_UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    OverflowError,
    struct.error,
    zlib.error,
)
_BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def redraw(content: bytes, kind: Kind) -> bytes:
    """Draw a picture anew from its pixels; of a moving picture the first frame.

    Raises :class:`UploadRefused` for a picture that cannot be read, or has more pixels than ``UPLOAD_MAX_PIXELS``.
    """
    try:
        with Image.open(io.BytesIO(content), formats=[_FORMATS[kind]]) as picture:
            width, height = picture.size  # from the header: nothing has been unpacked yet
            if width * height > settings.UPLOAD_MAX_PIXELS:
                raise UploadRefused(Refusal.TOO_MANY_PIXELS)
            return _saved(_clean(picture, kind), kind)
    except _BOMB as bomb:
        raise UploadRefused(Refusal.TOO_MANY_PIXELS) from bomb
    except _UNREADABLE as mistake:
        raise UploadRefused(Refusal.BROKEN_PICTURE) from mistake


def _clean(picture: Image.Image, kind: Kind) -> Image.Image:
    if kind is Kind.JPEG:
        picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # unpacks no more pixels than are needed
    else:
        picture.seek(0)
    orientation = picture.getexif()  # read before the pixels are: WebP and PNG may keep it behind them
    profile = picture.info.get("icc_profile")
    drawn = _in_plain_colours(picture, profile)
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    drawn.getexif().update(orientation)
    drawn = ImageOps.exif_transpose(drawn)
    # Only the pixels go on: comments, places, thumbnails and profiles stay behind with the old file.
    bare = Image.new(drawn.mode, drawn.size)
    bare.paste(drawn)
    return bare


def _in_plain_colours(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The colours that every screen knows (sRGB), with transparency where there is any."""
    see_through = picture.has_transparency_data
    if profile and picture.mode in {"RGB", "CMYK"}:
        try:
            own, plain = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, own, plain, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):  # a profile that makes no sense: the colours are taken as they are
            converted = None
        if converted is not None:
            return converted
    wanted = "RGBA" if see_through else "L" if picture.mode == "L" else "RGB"
    return picture if picture.mode == wanted else picture.convert(wanted)  # a copy of a large picture takes much memory


def _saved(picture: Image.Image, kind: Kind) -> bytes:
    made = io.BytesIO()
    picture.save(made, _FORMATS[kind], **_OPTIONS[kind])
    return made.getvalue()
