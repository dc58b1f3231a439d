"""Many at the same moment, on a database with real transactions."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections

from accounts.models import Person
from proposals.actions import AnsweredMeanwhile, count_step, save_answer, start_draft, submit_proposal
from proposals.models import AnswerEdit, Field, FunnelCount, FunnelStep, Proposal, ProposalVersion
from rounds.models import AuditHead, Round
from rounds.queries import broken_links
from tests.proposals.conftest import fill_in

pytestmark = pytest.mark.django_db(transaction=True)


type AtOnce = Callable[..., list[Any]]


@pytest.fixture
def at_once(transactional_db: None, tmp_path: Path) -> Iterator[AtOnce]:
    """Return a function that runs jobs at the same moment, each with a connection of its own.

    SQLite's test database lives in memory, where threads cannot wait for each other's locks as they do in a file. So
    from the first call on the test works on a copy of it in a file, in the same mode as in production.
    """
    names, in_memory = connections.databases["default"], connection.connection
    memory, file = names["NAME"], str(tmp_path / "shared.sqlite3")

    def run(*jobs: Callable[[], Any]) -> list[Any]:
        if connection.vendor == "sqlite" and names["NAME"] != file:
            connection.ensure_connection()
            with closing(sqlite3.connect(file)) as copy:
                connection.connection.backup(copy)
            names["NAME"], connection.connection = file, None
        barrier = Barrier(len(jobs))

        def one(job: Callable[[], Any]) -> Any:
            try:
                barrier.wait(timeout=30)
                return job()
            except AnsweredMeanwhile as meanwhile:
                return meanwhile
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(jobs)) as pool:
            return list(pool.map(one, jobs))

    yield run
    if names["NAME"] != memory:
        connection.close()
        names["NAME"], connection.connection = memory, in_memory


def test_of_two_saves_of_one_answer_one_is_kept_and_the_other_is_told(
    draft: Proposal, ines: Person, at_once: AtOnce
) -> None:
    def save(page: str) -> Callable[[], Any]:
        mine = Proposal.objects.get(pk=draft.pk)
        return lambda: save_answer(
            proposal=mine, field=Field.SUMMARY, text=f"van {page}", seen=0, page_key=page, by=ines
        )

    outcomes = at_once(save("telefoon"), save("laptop"))

    (edit,) = AnswerEdit.objects.all()
    (refused,) = [outcome for outcome in outcomes if isinstance(outcome, AnsweredMeanwhile)]
    assert refused.edit == edit
    assert Proposal.objects.get(pk=draft.pk).summary == edit.text


def test_two_saves_of_one_page_are_both_kept(draft: Proposal, ines: Person, at_once: AtOnce) -> None:
    def save(text: str) -> Callable[[], Any]:
        mine = Proposal.objects.get(pk=draft.pk)
        return lambda: save_answer(proposal=mine, field=Field.SUMMARY, text=text, seen=0, page_key="one", by=ines)

    at_once(save("Elke"), save("Elke donderdag"))

    edits = list(AnswerEdit.objects.order_by("edition"))
    assert [edit.edition for edit in edits] == [1, 2]
    assert Proposal.objects.get(pk=draft.pk).summary == edits[-1].text


def test_a_double_press_makes_one_version_one_reference_and_one_line(
    finished_draft: Proposal, ines: Person, at_once: AtOnce
) -> None:
    key, lines = uuid4(), AuditHead.objects.get().sequence

    def press() -> Any:
        return submit_proposal(
            proposal=Proposal.objects.select_related("round").get(pk=finished_draft.pk), submission_key=key, by=ines
        )

    versions = at_once(press, press, press)

    assert len({version.pk for version in versions}) == ProposalVersion.objects.count() == 1
    assert AuditHead.objects.get().sequence == lines + 1


def test_references_have_no_gaps_and_no_doubles(open_round: Round, ines: Person, at_once: AtOnce) -> None:
    drafts = [fill_in(start_draft(round=open_round, by=ines)) for _number in range(5)]

    at_once(*(lambda draft=draft: submit_proposal(proposal=draft, submission_key=uuid4(), by=ines) for draft in drafts))

    assert list(Proposal.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert list(broken_links()) == []


def test_drafts_that_begin_together_are_all_counted(open_round: Round, ines: Person, at_once: AtOnce) -> None:
    at_once(*(lambda: start_draft(round=open_round, by=ines) for _number in range(4)))

    assert FunnelCount.objects.get().count == 4


def test_the_first_two_of_a_day_are_both_counted(open_round: Round, ines: Person, at_once: AtOnce) -> None:
    drafts = [start_draft(round=open_round, by=ines) for _number in range(2)]
    FunnelCount.objects.all().delete()

    at_once(*(lambda draft=draft: count_step(proposal=draft, step=FunnelStep.TITLE) for draft in drafts))

    assert FunnelCount.objects.get().count == 2


def test_an_answer_saved_while_sending_is_in_what_was_sent_or_refused(
    finished_draft: Proposal, ines: Person, at_once: AtOnce
) -> None:
    late = Proposal.objects.get(pk=finished_draft.pk)

    def save() -> Any:
        try:
            save_answer(proposal=late, field=Field.TITLE, text="Anders", seen=1, page_key="p", by=ines)
        except Exception as refusal:  # noqa: BLE001 - whatever it is, it is looked at below
            return refusal
        return "saved"

    outcome, version = at_once(save, lambda: submit_proposal(proposal=finished_draft, submission_key=uuid4(), by=ines))

    kept = Proposal.objects.get(pk=finished_draft.pk)
    assert f'"title":"{kept.title}"' in version.document
    assert kept.title == ("Anders" if outcome == "saved" else "Samen koken 🍲")
