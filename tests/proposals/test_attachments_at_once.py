"""Two files at the same moment for the last place: one gets it, on both databases."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from pytest_django import Settings

from proposals.actions import TooManyAttachments, add_attachment, delete_attachment
from proposals.models import MOST_ATTACHMENTS, Attachment, Proposal
from tests.proposals.files import files_in, pdf, private_folder

pytestmark = pytest.mark.django_db(transaction=True)

type Together = Callable[[int, Callable[[int], object]], list[Any]]


@pytest.fixture
def folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The private storage, empty at the start."""
    return private_folder(tmp_path / "private", settings, monkeypatch)


@pytest.fixture
def together(draft: Proposal, tmp_path: Path) -> Iterator[Together]:
    """Return a function that runs another in several threads at the same moment, each with its own connection.

    SQLite's test database lives in memory, where threads cannot wait for each other's locks as they do in a file. So
    the threads get a copy of it in a file, in the same mode as in production.
    """
    names = connections.databases["default"]
    memory, file = names["NAME"], str(tmp_path / "shared.sqlite3")
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(file)) as copy:
            connection.connection.backup(copy)
        names["NAME"] = file

    def run(threads: int, work: Callable[[int], object]) -> list[Any]:
        barrier = Barrier(threads)

        def one(number: int) -> object:
            try:
                barrier.wait(timeout=30)
                return work(number)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(one, range(threads)))

    yield run
    names["NAME"] = memory


def test_of_many_files_at_once_no_more_than_eight_are_kept(draft: Proposal, folder: Path, together: Together) -> None:
    uploads = [pdf(number) for number in range(MOST_ATTACHMENTS + 4)]

    def add(number: int) -> object:
        try:
            return add_attachment(proposal=draft, upload=uploads[number], by=draft.initiator).place
        except TooManyAttachments:
            return "full"

    outcomes = together(len(uploads), add)

    assert sorted(map(str, outcomes)) == [*map(str, range(1, 9)), *["full"] * 4]
    assert together(1, lambda _number: Attachment.objects.count()) == [MOST_ATTACHMENTS]
    assert len(files_in(folder)) == MOST_ATTACHMENTS


def test_the_same_file_sent_twice_at_once_is_kept_once(draft: Proposal, folder: Path, together: Together) -> None:
    upload = pdf()

    outcomes = together(4, lambda _number: add_attachment(proposal=draft, upload=upload, by=draft.initiator).pk)

    assert len(set(outcomes)) == 1
    assert len(files_in(folder)) == 1


def test_deleted_twice_at_once_is_deleted_once(draft: Proposal, folder: Path, together: Together) -> None:
    upload = pdf()
    (attachment,) = together(1, lambda _number: add_attachment(proposal=draft, upload=upload, by=draft.initiator))

    def delete(_number: int) -> object:
        delete_attachment(attachment=attachment, by=draft.initiator)
        return Attachment.objects.count()

    assert together(3, delete) == [0, 0, 0]
    assert files_in(folder) == []
