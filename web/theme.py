"""One colour, one name and one logo make the house style of a municipality.

The style sheet itself is built beforehand (see ``theme/``). What differs per municipality is a handful of
colour tokens, computed here from the one colour that the municipality chooses. No inline style is needed:
:func:`theme_css` is served as a style sheet of its own, and only when the colour is not the default.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

DEFAULT_COLOUR = "#13594c"
MINIMUM_CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3: normal text
LINK_CONTRAST = 7.0  # links also stand on tinted backgrounds, so they start from the stricter AAA ratio
BORDER_CONTRAST = 3.0  # WCAG 2.2, success criterion 1.4.11: parts of a control

_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)

type Rgb = tuple[float, float, float]
"""Red, green and blue, each from 0 to 1, gamma encoded (sRGB)."""


class NotAColour(ValueError):
    """The value is not a hexadecimal colour such as ``#13594c``."""

    def __init__(self, value: object) -> None:
        self.value = value
        super().__init__(_("Write the colour as # and six digits or letters, for example #13594c."))


class ContrastTooLow(ValueError):
    """White text cannot be read well enough on this colour. ``ratio`` is the measured contrast."""

    def __init__(self, ratio: float) -> None:
        self.ratio = ratio
        super().__init__(
            _(
                "This colour has a contrast of %(ratio)s to 1 with white. "
                "At least %(minimum)s to 1 is needed. Choose a darker colour."
            )
            % {
                # Rounded down, so that 4.49 is never shown as the 4.5 that would have been enough.
                "ratio": number_format(math.floor(ratio * 10) / 10, decimal_pos=1),
                "minimum": number_format(MINIMUM_CONTRAST, decimal_pos=1),
            }
        )


def parse_colour(value: str) -> Rgb:
    """Read ``#abc`` or ``#aabbcc`` (the # may be left out). Raises :class:`NotAColour`."""
    match = _HEX.fullmatch(value.strip())
    if match is None:
        raise NotAColour(value)
    digits = match.group(1)
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    return red, green, blue


def to_hex(rgb: Rgb) -> str:
    """Write a colour as ``#aabbcc``."""
    return "#" + "".join(f"{round(min(max(channel, 0), 1) * 255):02x}" for channel in rgb)


def relative_luminance(rgb: Rgb) -> float:
    """Lightness from 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    red, green, blue = (_linear(channel) for channel in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_ratio(one: str, other: str = "#ffffff") -> float:
    """Contrast between two colours, from 1 to 21, as WCAG 2.2 defines it."""
    darker, lighter = sorted((relative_luminance(parse_colour(one)), relative_luminance(parse_colour(other))))
    return (lighter + 0.05) / (darker + 0.05)


def check_colour(value: str) -> None:
    """Refuse a colour that white text cannot stand on.

    Raises :class:`NotAColour` or :class:`ContrastTooLow`; both say in plain words what to do.
    """
    ratio = contrast_ratio(to_hex(parse_colour(value)))
    if ratio < MINIMUM_CONTRAST:
        raise ContrastTooLow(ratio)


def validate_colour(value: str) -> None:
    """The same guard as a validator for a form or model field. Raises ``ValidationError``."""
    try:
        check_colour(value)
    except (NotAColour, ContrastTooLow) as refusal:
        raise ValidationError(str(refusal), code="colour") from refusal


def accent_tokens(colour: str) -> dict[str, str]:
    """All shades that follow from one colour: name of the design token → ``#aabbcc``.

    Shades keep the hue and change lightness in OKLCH, where equal steps look equal. The colour itself is used
    unchanged for buttons and bars; text and links use a shade that is dark enough for tinted backgrounds too.
    """
    base = to_hex(parse_colour(colour))
    lightness, chroma, hue = _to_oklch(parse_colour(base))

    def tint(light: float, share: float) -> str:
        return to_hex(_from_oklch(light, chroma * share, hue))

    def darker(step: float) -> str:
        return to_hex(_from_oklch(max(lightness - step, 0.12), chroma, hue))

    text = _dark_enough(base, LINK_CONTRAST)
    text_lightness = _to_oklch(parse_colour(text))[0]
    text_hover = to_hex(_from_oklch(max(text_lightness - 0.09, 0.12), chroma, hue))
    accent = "--basis-color-accent-1"
    return {
        f"{accent}-color-document": tint(0.25, 0.6),
        f"{accent}-color-subtle": base,
        f"{accent}-color-default": text,
        f"{accent}-color-hover": text_hover,
        f"{accent}-color-active": text_hover,
        f"{accent}-border-default": base,
        f"{accent}-border-subtle": tint(0.84, 0.45),
        f"{accent}-border-hover": darker(0.08),
        f"{accent}-border-active": darker(0.12),
        f"{accent}-bg-subtle": tint(0.982, 0.08),
        f"{accent}-bg-default": tint(0.958, 0.16),
        f"{accent}-bg-hover": tint(0.93, 0.25),
        f"{accent}-bg-active": tint(0.9, 0.32),
        f"{accent}-inverse-bg-default": base,
        f"{accent}-inverse-bg-hover": darker(0.08),
        f"{accent}-inverse-bg-active": darker(0.12),
        "--basis-color-action-1-inverse-bg-default": base,
    }


@lru_cache(maxsize=16)
def theme_css(colour: str) -> str:
    """The style sheet that recolours the whole site; an empty colour is the default. Raises :class:`NotAColour`.

    It only sets custom properties, so it is loaded after the main style sheet. It may be cached for a year under
    the address of :func:`theme_css_url`.
    """
    declarations = ";".join(f"{name}:{value}" for name, value in accent_tokens(colour or DEFAULT_COLOUR).items())
    return f".pf-theme{{{declarations}}}\n"


def theme_version() -> str:
    """Hash of the municipality's style sheet, for its address: a new colour is seen at once, whatever is cached."""
    return sha256(theme_css(municipality().colour).encode()).hexdigest()[:12]


def theme_css_url() -> str | None:
    """Address of the municipality's own style sheet, or None while the default colour is in use."""
    if parse_colour(municipality().colour) == parse_colour(DEFAULT_COLOUR):
        return None
    return reverse("web:theme", kwargs={"version": theme_version()})


@dataclass(frozen=True)
class Municipality:
    """What a municipality fills in to make the site its own."""

    name: str
    fund_name: str
    colour: str
    logo: str
    help_phone: str

    @property
    def logo_url(self) -> str | None:
        """Address of the logo; None shows the neutral mark of the product."""
        if not self.logo:
            return None
        return self.logo if self.logo.startswith("/") else static(self.logo)

    @property
    def help_phone_link(self) -> str:
        """The help line as a ``tel:`` link, digits only."""
        return "tel:" + re.sub(r"[^+0-9]", "", self.help_phone)


def municipality() -> Municipality:
    """The municipality of this installation, from settings."""
    return Municipality(
        name=getattr(settings, "MUNICIPALITY_NAME", "") or "Gemeente Voorbeeldstad",
        fund_name=getattr(settings, "FUND_NAME", "") or "Participatiefonds",
        colour=getattr(settings, "MUNICIPALITY_COLOUR", "") or DEFAULT_COLOUR,
        logo=getattr(settings, "MUNICIPALITY_LOGO", "") or "",
        help_phone=getattr(settings, "HELP_PHONE", "") or "14 030",
    )


def theme_context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``municipality``, ``theme_css_url`` and whether this is a ``demo``, for the base template."""
    return {"municipality": municipality(), "theme_css_url": theme_css_url(), "demo": settings.DEMO_SIGN_IN}


def check_theme(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """System check: the site does not start with a colour that people cannot read."""
    colour = municipality().colour
    try:
        check_colour(colour)
    except (NotAColour, ContrastTooLow) as refusal:
        return [Error(str(refusal), hint=f"MUNICIPALITY_COLOUR = {colour!r}", id="theme.E001")]
    return []


def _dark_enough(colour: str, ratio: float) -> str:
    """The colour itself, or its lightest darker shade that reaches this contrast with white."""
    lightness, chroma, hue = _to_oklch(parse_colour(colour))
    shade = colour
    while contrast_ratio(shade) < ratio:
        lightness -= 0.01
        shade = to_hex(_from_oklch(lightness, chroma, hue))
    return shade


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _gamma(channel: float) -> float:
    return channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def _to_oklch(rgb: Rgb) -> tuple[float, float, float]:
    """Lightness 0–1, chroma and hue in radians (Björn Ottosson, "A perceptual color space", 2020)."""
    red, green, blue = (_linear(channel) for channel in rgb)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    green_red = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    blue_yellow = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(green_red, blue_yellow), math.atan2(blue_yellow, green_red)


def _from_oklch(lightness: float, chroma: float, hue: float) -> Rgb:
    """Back to sRGB; chroma is lowered until the colour exists on a screen."""
    while True:
        rgb = _oklch_to_linear(lightness, chroma, hue)
        if chroma < 0.001 or all(-0.0005 <= channel <= 1.0005 for channel in rgb):
            red, green, blue = (_gamma(min(max(channel, 0.0), 1.0)) for channel in rgb)
            return red, green, blue
        chroma *= 0.95


def _oklch_to_linear(lightness: float, chroma: float, hue: float) -> Rgb:
    green_red, blue_yellow = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * green_red + 0.2158037573 * blue_yellow) ** 3
    medium = (lightness - 0.1055613458 * green_red - 0.0638541728 * blue_yellow) ** 3
    short = (lightness - 0.0894841775 * green_red - 1.2914855480 * blue_yellow) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
