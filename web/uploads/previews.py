"""A picture made small, to recognise it by on a page full of them."""

import io

from PIL import Image

from web.uploads.kinds import Kind

LONGEST_SIDE = 480  # pixels: sharp at half the width of a phone


def small_picture(content: bytes, kind: Kind) -> bytes:
    """Return a picture that was drawn anew by ``inspect_upload`` in its own kind and proportions, but small."""
    made = io.BytesIO()
    with Image.open(io.BytesIO(content)) as picture:
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        picture.save(made, "JPEG" if kind is Kind.JPEG else kind.name, quality=75)
    return made.getvalue()
