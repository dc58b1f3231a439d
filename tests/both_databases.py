"""Run the tests on SQLite and then on PostgreSQL, where one answers: ``python -m tests.both_databases``.

PostgreSQL is looked for at POSTGRES_URL, then at 127.0.0.1:5432. The last lines printed are pytest's.
"""

import os
import subprocess
import sys

import psycopg

DEFAULT_POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"


def postgres_url() -> str | None:
    """Return the address of a PostgreSQL that answers, or None. A named one that does not answer is an error."""
    named = os.environ.get("POSTGRES_URL", "")
    try:
        psycopg.connect(named or DEFAULT_POSTGRES, connect_timeout=3).close()
    except psycopg.OperationalError:
        if named:
            raise
        return None
    return named or DEFAULT_POSTGRES


# The engine knows no database: its tests need to pass once.
WITHOUT_DATABASE = ["--ignore=tests/allocation"]


def run_tests(database_url: str, label: str, *options: str) -> int:
    """Run pytest once; return its exit code."""
    print(f"\n=== {label} ===", flush=True)
    command = [sys.executable, "-m", "pytest", "-n", "auto", "--dist", "loadgroup", *options, *sys.argv[1:]]
    return subprocess.run(command, env=os.environ | {"DATABASE_URL": database_url}, check=False).returncode


def main() -> int:
    """Run both; the first failure is the answer."""
    postgres = postgres_url()
    if postgres is None:
        print("No PostgreSQL answers at POSTGRES_URL or 127.0.0.1:5432: the tests run on SQLite only.", flush=True)
    failed = run_tests("", "SQLite")
    return failed or (run_tests(postgres, "PostgreSQL", *WITHOUT_DATABASE) if postgres else 0)


if __name__ == "__main__":
    sys.exit(main())
