"""A round in every stage, and a database that several threads can really share."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, connections

from accounts.models import Person
from rounds.actions import advance
from rounds.lifecycle import Event, Stage
from rounds.models import Round


@pytest.fixture
def open_round(planned_round: Round, otto: Person) -> Round:
    """A round that is open, with its rule frozen."""
    return advance(planned_round, Event.OPEN, otto)


@pytest.fixture
def in_stage(planned_round: Round) -> Callable[[Stage], Round]:
    """Return a function that puts the round in a stage, past everything that may stand in the way there."""

    def put(stage: Stage) -> Round:
        Round.objects.filter(pk=planned_round.pk).update(stage=stage)
        return Round.objects.select_related("fund").get(pk=planned_round.pk)

    return put


@pytest.fixture
def personas(
    ines: Person, corrie: Person, vera: Person, otto: Person, bea: Person, raf: Person
) -> dict[str, Person | AnonymousUser]:
    """Everybody by name, the visitor who is not signed in among them."""
    people = {"ines": ines, "corrie": corrie, "vera": vera, "otto": otto, "bea": bea, "raf": raf}
    return {"visitor": AnonymousUser(), **people}


type Together[T] = Callable[[int, Callable[[int], T]], list[T]]


@pytest.fixture
def together(transactional_db: None, tmp_path: Path) -> Iterator[Together[object]]:
    """Return a function that runs another in several threads at the same moment, each with its own connection.

    SQLite's test database lives in memory, where threads cannot wait for each other's locks as they do in a file. So
    the threads get a copy of it in a file, in the same mode as in production.
    """
    settings = connections.databases["default"]
    name = settings["NAME"]
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(tmp_path / "shared.sqlite3")) as copy:
            connection.connection.backup(copy)

    def run(threads: int, work: Callable[[int], object]) -> list[object]:
        barrier = Barrier(threads)

        def one(number: int) -> object:
            try:
                barrier.wait(timeout=30)
                return work(number)
            finally:
                connections.close_all()

        if connection.vendor == "sqlite":
            settings["NAME"] = str(tmp_path / "shared.sqlite3")
        try:
            with ThreadPoolExecutor(threads) as pool:
                return list(pool.map(one, range(threads)))
        finally:
            settings["NAME"] = name

    yield run
    settings["NAME"] = name
