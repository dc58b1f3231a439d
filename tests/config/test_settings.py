"""Production does not start unsafely; the settings are tried as a process of their own, as they would be."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEY = "a-long-key-that-is-only-used-in-tests-" * 2
SAFE = {"KANTELFONDS_MODE": "production", "SECRET_KEY": KEY, "ALLOWED_HOSTS": "fonds.example"}


def start(tmp_path: Path, environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}}
    return subprocess.run(
        [sys.executable, "-W", "error", *command],
        cwd=ROOT,
        env=clean | {"DATA_DIR": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "demo-key-that-production-refuses-to-start-with"}, "SECRET_KEY"),
        ({"DEBUG": "yes"}, "DEBUG"),
        ({"DEMO_SIGN_IN": "yes"}, "DEMO_SIGN_IN"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"KANTELFONDS_MODE": "live"}, "KANTELFONDS_MODE"),
        ({"DEBUG": "perhaps"}, "DEBUG"),
    ],
)
def test_production_refuses_to_start(tmp_path: Path, change: dict[str, str], word: str) -> None:
    finished = start(tmp_path, SAFE | change, "manage.py", "check")

    assert finished.returncode != 0
    assert "ImproperlyConfigured" in finished.stderr
    assert word in finished.stderr.splitlines()[-1]


def test_production_starts_safely_and_passes_the_deployment_check(tmp_path: Path) -> None:
    finished = start(tmp_path, SAFE, "manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert finished.returncode == 0, finished.stderr


def test_with_nothing_set_the_site_is_a_demo_that_answers_on_this_machine_only(tmp_path: Path) -> None:
    program = (
        "import json; from config import settings as s;"
        "print(json.dumps([s.MODE, s.DEBUG, s.ALLOWED_HOSTS, s.DEMO_SIGN_IN, s.DATABASES['default']['ENGINE']]))"
    )

    finished = start(tmp_path, {}, "-c", program)

    assert json.loads(finished.stdout) == [
        "demo",
        False,
        ["127.0.0.1", "localhost", "[::1]"],
        True,
        "django.db.backends.sqlite3",
    ]


def test_the_embedded_database_waits_its_turn_and_survives_a_power_cut(tmp_path: Path) -> None:
    program = (
        "import django, json; django.setup(); from django.db import connection as c; k = c.cursor();"
        "ask = lambda p: k.execute(f'PRAGMA {p}').fetchone()[0];"
        "print(json.dumps([ask('journal_mode'), ask('synchronous'), ask('busy_timeout'), c.transaction_mode]))"
    )

    finished = start(tmp_path, {"DJANGO_SETTINGS_MODULE": "config.settings"}, "-c", program)

    assert json.loads(finished.stdout) == ["wal", 2, 20000, "IMMEDIATE"], finished.stderr
