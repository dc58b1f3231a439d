from io import StringIO
from pathlib import Path
from types import ModuleType

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from rounds import lifecycle
from rounds.management.commands.write_lifecycles import tables_of, the_page


@pytest.fixture
def elsewhere(tmp_path: Path, settings: Settings) -> Path:
    """A house of its own, so that a test does not write in this one."""
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    return tmp_path / "docs" / "lifecycles.md"


def test_the_page_of_life_cycles_is_current() -> None:
    call_command("write_lifecycles", "--check", stdout=StringIO())


def test_writing_makes_the_page_current(elsewhere: Path) -> None:
    with pytest.raises(CommandError, match="not current"):
        call_command("write_lifecycles", "--check")

    call_command("write_lifecycles", stdout=StringIO())
    call_command("write_lifecycles", "--check")

    assert "planned --> open: open (official)" in elsewhere.read_text(encoding="utf-8")


def test_an_old_page_is_found_out(elsewhere: Path) -> None:
    elsewhere.write_text("# Old", encoding="utf-8")

    with pytest.raises(CommandError, match="write_lifecycles"):
        call_command("write_lifecycles", "--check")


def test_the_page_has_every_row_of_every_table() -> None:
    page = the_page()

    assert page.count("```mermaid") >= 2
    for row in lifecycle.TRANSITIONS:
        assert f"{row.source.value} --> {row.target.value}: {row.event.value} (" in page


def test_a_module_without_a_table_takes_no_part() -> None:
    assert tables_of(ModuleType("empty")) == {}
