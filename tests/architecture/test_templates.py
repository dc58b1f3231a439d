"""Templates: nothing inline, nothing from elsewhere, no roles, and everything works without JavaScript."""

import re
from pathlib import Path

import pytest

from tests.architecture.house import APPS, ROOT, room, templates

TEMPLATES = templates()


def text_of(path: Path) -> str:
    """Return a template without its comments."""
    text = path.read_text(encoding="utf-8")
    return re.sub(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=room)
def test_no_inline_script_or_style(path: Path) -> None:
    text = re.sub(r"{%.*?%}", "", text_of(path), flags=re.DOTALL)

    found = re.findall(
        r"""<style\b|<script(?![^>]*\bsrc=)(?![^>]*type="application/json")|\sstyle=|\son[a-z]+=|javascript:""", text
    )

    assert found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=room)
def test_nothing_is_loaded_from_another_host(path: Path) -> None:
    found = re.findall(
        r"""(?:src|action)=["']?(?:https?:)?//[^"'\s>]+|<link[^>]+href=["'](?:https?:)?//""", text_of(path)
    )

    assert found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=room)
def test_every_htmx_request_also_works_without_javascript(path: Path) -> None:
    tags = re.findall(r"<[a-z][^<>]*\bhx-(?:get|post)=[^<>]*>", text_of(path))

    lonely = [
        tag
        for tag in tags
        if ("hx-get" in tag and not re.search(r"\b(href|action)=", tag))
        or ("hx-post" in tag and not tag.startswith("<form"))
    ]

    assert lonely == []


@pytest.mark.parametrize("path", TEMPLATES, ids=room)
def test_a_template_never_asks_for_a_role(path: Path) -> None:
    found = re.findall(
        r"{%\s*(?:el)?if[^%]*\b(?:is_official|is_staff|is_superuser|roles?\b|perms\b)[^%]*%}", text_of(path)
    )

    assert found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=room)
def test_every_form_that_posts_has_a_csrf_token(path: Path) -> None:
    forms = re.findall(r"""<form[^>]*method=["']?post.*?</form>""", text_of(path), flags=re.DOTALL | re.IGNORECASE)

    assert [form[:80] for form in forms if "csrf_token" not in form] == []


def test_templates_are_named_app_slash_noun_role() -> None:
    known = {"components", "web", "allauth", "account", "mfa", "socialaccount", "django"}  # libraries name their own
    loose = [
        room(path)
        for path in TEMPLATES
        if path.parent != ROOT / "templates"
        and path.relative_to(ROOT / "templates").parts[0] not in known
        and (
            path.relative_to(ROOT / "templates").parts[0] not in APPS
            or not re.fullmatch(r"[a-z]+(_[a-z]+)+\.html", path.name)
        )
    ]

    assert loose == []
