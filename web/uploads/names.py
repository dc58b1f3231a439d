"""The name of a file that somebody sends, made safe to keep, to show and to save under."""

import re
import unicodedata

from django.utils.translation import gettext as _

from web.uploads.kinds import Kind

LONGEST_NAME = 100  # characters, extension included

_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)  # names that Windows keeps for devices


def safe_name(name: str, kind: Kind) -> str:
    """Make a name that is only a name: no folder, no invisible signs, no tricks, and the extension of its `kind`."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    # Controls, directions (a right-to-left override hides an extension), private and unassigned signs.
    name = "".join(" " if sign.isspace() else sign for sign in name if sign.isspace() or not _is_hidden(sign))
    name = re.sub(r'[<>:"|?*%]', "_", name)
    stem = _EXTENSION.sub("", re.sub(r" +", " ", name).strip(" ."))
    while stem.lower().endswith(f".{kind}"):
        stem = stem[: -len(kind) - 1]
    stem = stem.strip(" .")[: LONGEST_NAME - len(kind) - 1].rstrip(" .")
    if not stem or _RESERVED.fullmatch(stem.split(".", 1)[0]):
        stem = f"{_('file')} {stem}".strip()
    return f"{stem}.{kind}"


def _is_hidden(sign: str) -> bool:
    return unicodedata.category(sign).startswith("C")
