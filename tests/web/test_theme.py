from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from web.theme import (
    DEFAULT_COLOUR,
    LINK_CONTRAST,
    MINIMUM_CONTRAST,
    ContrastTooLow,
    NotAColour,
    accent_tokens,
    check_colour,
    check_theme,
    contrast_ratio,
    municipality,
    parse_colour,
    theme_css,
    theme_css_url,
    theme_version,
    to_hex,
    validate_colour,
)

ROOT = Path(site_settings.BASE_DIR)
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_measured_as_wcag_defines_it() -> None:
    assert contrast_ratio("#000000", "#ffffff") == 21
    assert contrast_ratio("#ffffff") == 1
    assert round(contrast_ratio("#767676"), 2) == 4.54
    assert round(contrast_ratio("#777777"), 2) == 4.48


@pytest.mark.parametrize("colour", [DEFAULT_COLOUR, "#767676", "#000", "13594c", " #13594C "])
def test_a_dark_enough_colour_is_accepted(colour: str) -> None:
    check_colour(colour)


def test_a_light_colour_is_refused_with_the_measured_ratio() -> None:
    with translation.override("en"), pytest.raises(ContrastTooLow) as refusal:
        check_colour("#e17000")

    assert round(refusal.value.ratio, 2) == 3.22
    assert str(refusal.value) == (
        "This colour has a contrast of 3.2 to 1 with white. At least 4.5 to 1 is needed. Choose a darker colour."
    )


def test_a_ratio_just_too_low_is_not_rounded_up_to_enough() -> None:
    with translation.override("en"), pytest.raises(ContrastTooLow, match=r"contrast of 4\.4 to 1"):
        check_colour("#777777")


@pytest.mark.parametrize("value", ["", "green", "#12", "#12345g", "#1234567", "url(x)", "#fff;}body{}"])
def test_what_is_not_a_colour_is_refused(value: str) -> None:
    with pytest.raises(NotAColour):
        check_colour(value)


def test_the_guard_is_a_form_validator_too() -> None:
    validate_colour(DEFAULT_COLOUR)
    with pytest.raises(ValidationError):
        validate_colour("#ffcc00")
    with pytest.raises(ValidationError):
        validate_colour("yellow")


@given(COLOURS)
def test_a_colour_survives_reading_and_writing(colour: str) -> None:
    assert to_hex(parse_colour(colour)) == colour


@given(COLOURS.filter(lambda colour: contrast_ratio(colour) >= MINIMUM_CONTRAST))
def test_every_accepted_colour_gives_shades_that_can_be_read(colour: str) -> None:
    tokens = {name.removeprefix("--basis-color-"): value for name, value in accent_tokens(colour).items()}

    assert tokens["accent-1-inverse-bg-default"] == colour
    for state in ("default", "hover", "active"):
        assert contrast_ratio(tokens[f"accent-1-inverse-bg-{state}"]) >= MINIMUM_CONTRAST, "white text on a button"
        assert contrast_ratio(tokens[f"accent-1-color-{state}"]) >= LINK_CONTRAST, "a link on white"
        for ground in ("subtle", "default", "hover"):
            ratio = contrast_ratio(tokens[f"accent-1-color-{state}"], tokens[f"accent-1-bg-{ground}"])
            assert ratio >= MINIMUM_CONTRAST, f"a link on a {ground} tint"
    assert contrast_ratio(tokens["accent-1-color-document"], tokens["accent-1-bg-active"]) >= MINIMUM_CONTRAST


def test_the_built_style_sheet_has_the_default_colour() -> None:
    source = (ROOT / "theme/src/default-colour.css").read_text()

    assert source.splitlines()[-1] + "\n" == theme_css(DEFAULT_COLOUR)


def test_the_style_sheet_only_sets_colours() -> None:
    css = theme_css("#00387d")

    assert css.startswith(".pf-theme{--basis-color-accent-1-color-document:#")
    assert css.count("{") == 1
    assert css.endswith("}\n")


def test_the_default_colour_needs_no_style_sheet_of_its_own(settings: Settings) -> None:
    settings.MUNICIPALITY_COLOUR = ""
    assert theme_css_url() is None
    settings.MUNICIPALITY_COLOUR = DEFAULT_COLOUR.upper()
    assert theme_css_url() is None


def test_another_colour_has_an_address_of_its_own(settings: Settings) -> None:
    settings.MUNICIPALITY_COLOUR = "#00387d"
    blue = theme_version()
    settings.MUNICIPALITY_COLOUR = "#8a1538"

    assert theme_version() != blue
    assert theme_version() in str(theme_css_url())


def test_a_site_with_an_unreadable_colour_does_not_start(settings: Settings) -> None:
    settings.MUNICIPALITY_COLOUR = "#ffcc00"
    assert [message.id for message in check_theme()] == ["theme.E001"]
    settings.MUNICIPALITY_COLOUR = "#00387d"
    assert check_theme() == []


def test_a_municipality_is_a_name_a_logo_and_one_colour(settings: Settings) -> None:
    settings.MUNICIPALITY_NAME = "Gemeente Elders"
    settings.MUNICIPALITY_LOGO = "/media/logo.svg"
    settings.HELP_PHONE = "14 (030) 12"

    ours = municipality()

    assert (ours.name, ours.logo_url, ours.help_phone_link) == ("Gemeente Elders", "/media/logo.svg", "tel:1403012")
    settings.MUNICIPALITY_LOGO = "img/logo.svg"
    assert municipality().logo_url == "/static/img/logo.svg"
    settings.MUNICIPALITY_LOGO = ""
    assert municipality().logo_url is None
