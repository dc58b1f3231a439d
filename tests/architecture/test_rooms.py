"""Everything in its room: names of modules, size of files, direction of imports, who writes and who only reads."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import (
    APPS,
    EIGHT,
    EXTRA,
    FORBIDDEN,
    FRAMEWORK,
    PACKAGES,
    ROOT,
    python_files,
    room,
    tree_of,
)

WRITES = {"save", "create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create"}
LONGEST = 320  # about 300 lines; a longer module becomes a package with one file per noun


def test_imports_only_go_down() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]

    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert finished.returncode == 0, finished.stdout


@pytest.mark.parametrize("app", APPS)
def test_an_app_has_no_modules_but_the_eight_names(app: str) -> None:
    modules = {path.stem for path in (ROOT / app).iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}

    assert modules - EIGHT - FRAMEWORK - EXTRA.get(app, set()) == set()


def test_nothing_is_called_utils_or_helpers() -> None:
    assert [room(path) for path in python_files() if path.stem in FORBIDDEN] == []


def test_no_module_outgrows_its_room() -> None:
    lengths = {room(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    # All settings in one file is a rule of its own.
    lengths.pop("config/settings.py")

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


@pytest.mark.parametrize("app", APPS)
def test_an_app_has_a_readme(app: str) -> None:
    assert (ROOT / app / "README.md").is_file()


def modules_named(name: str) -> list[Path]:
    return [path for app in APPS for path in python_files(app) if name in path.parts or path.stem == name]


@pytest.mark.parametrize("path", modules_named("views"), ids=room)
def test_views_do_not_write_to_the_database(path: Path) -> None:
    writes = [
        f"line {node.lineno}: .{node.func.attr}()"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITES
        # request.session.update() and dict.update() write nothing to the database; .objects and querysets do.
        and "objects" in ast.unparse(node.func)
    ]

    assert writes == []


@pytest.mark.parametrize("path", modules_named("views"), ids=room)
def test_views_are_short(path: Path) -> None:
    lengths = {
        node.name: (node.end_lineno or 0) - node.lineno + 1
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef)
    }

    assert {name: lines for name, lines in lengths.items() if lines > 32} == {}


@pytest.mark.parametrize("path", modules_named("queries"), ids=room)
def test_queries_do_not_write(path: Path) -> None:
    writes = [
        f"line {node.lineno}: {ast.unparse(node.func)}"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITES - {"update"}
        and "objects" in ast.unparse(node.func)
    ]

    assert writes == []


@pytest.mark.parametrize("path", modules_named("models"), ids=room)
def test_models_do_not_override_save(path: Path) -> None:
    overridden = [
        f"{parent.name}.{node.name}"
        for parent in ast.walk(tree_of(path))
        if isinstance(parent, ast.ClassDef)
        for node in parent.body
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}
    ]

    assert overridden == []


@pytest.mark.parametrize("path", modules_named("actions"), ids=room)
def test_actions_know_no_web(path: Path) -> None:
    web = ("django.http", "django.forms", "django.contrib.messages", "django.shortcuts", "django.urls", "web.pages")
    imported = [
        name
        for node in ast.walk(tree_of(path))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
        if name.startswith(web)
    ]

    assert imported == []


@pytest.mark.parametrize("path", modules_named("permissions"), ids=room)
def test_a_permission_answers_a_plain_yes_or_no(path: Path) -> None:
    answers = {
        node.name: ast.unparse(node.returns) if node.returns else None
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }

    assert {name: returned for name, returned in answers.items() if returned != "bool"} == {}


@pytest.mark.parametrize("path", modules_named("models"), ids=room)
def test_foreign_keys_name_the_class(path: Path) -> None:
    strings = [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith(("ForeignKey", "OneToOneField", "ManyToManyField"))
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and node.args[0].value != "self"
    ]

    assert strings == []


@pytest.mark.parametrize("path", modules_named("models"), ids=room)
def test_moments_end_in_at_and_days_in_date(path: Path) -> None:
    ends = {"DateTimeField": "_at", "DateField": "_date"}
    misnamed = [
        target.id
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for kind, end in ends.items()
        if ast.unparse(node.value.func).endswith(f".{kind}")
        for target in node.targets
        if isinstance(target, ast.Name) and not target.id.endswith(end)
    ]

    assert misnamed == []


def test_money_is_never_a_float() -> None:
    floats = [
        f"{room(path)}:{node.lineno}"
        for path in python_files(*APPS)
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.Attribute) and node.attr in {"FloatField", "DecimalField"})
        or (isinstance(node, ast.Call) and ast.unparse(node.func) == "float" and ast.unparse(node) != "float('inf')")
    ]

    assert floats == []


def test_every_package_is_guarded_by_the_layers() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}

    assert packages == set(PACKAGES)
