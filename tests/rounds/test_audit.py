import json
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Person
from rounds.actions import record
from rounds.models import AuditEntry, AuditHead, Fund
from rounds.queries import audit_trail_of, broken_links, last_link


@pytest.fixture
def five_lines(fund: Fund) -> Fund:
    """A fund about which five lines were written: that it was made, and four more."""
    for number in range(4):
        record(action="look", subject=fund, by=None, number=number)
    return fund


def problems() -> list[tuple[int, str]]:
    return [(link.sequence, link.problem) for link in broken_links()]


def test_a_line_says_who_what_when_and_why(fund: Fund, otto: Person, ines: Person) -> None:
    line = record(
        action="look", subject=fund, by=otto, on_behalf_of=ines, reason="Ze belde 🌷.", day=fund.created_at.date()
    )

    kept = AuditEntry.objects.get(pk=line.pk)
    assert (kept.actor, kept.on_behalf_of, kept.action, kept.reason) == (otto, ines, "look", "Ze belde 🌷.")
    assert (kept.subject_type, kept.subject_id) == ("fund", fund.pk)
    assert json.loads(kept.data) == {"day": fund.created_at.date().isoformat()}
    assert kept.computed_hash() == kept.hash


def test_each_line_hangs_on_the_one_before_it(five_lines: Fund) -> None:
    lines = list(AuditEntry.objects.all())

    assert [line.sequence for line in lines] == [1, 2, 3, 4, 5]
    assert [line.previous_hash for line in lines] == ["0" * 64, *(line.hash for line in lines[:-1])]
    assert last_link() == (5, lines[-1].hash)
    assert problems() == []


def test_an_empty_trail_holds(db: None) -> None:
    assert problems() == []
    assert last_link() == (0, "0" * 64)


@pytest.mark.parametrize(
    "alter",
    [
        lambda lines: lines.update(reason="Anders."),
        lambda lines: lines.update(action="other"),
        lambda lines: lines.update(data='{"number":9}'),
        lambda lines: lines.update(subject_id=77),
        lambda lines: lines.update(actor=None, on_behalf_of=None, recorded_at="2020-01-01T00:00Z"),
    ],
)
def test_an_altered_line_shows(five_lines: Fund, alter: Callable[[object], None]) -> None:
    alter(AuditEntry.objects.filter(sequence=3))

    assert problems() == [(3, "the line was altered")]


def test_an_altered_line_with_a_fitting_hash_shows_in_the_next(five_lines: Fund) -> None:
    line = AuditEntry.objects.get(sequence=3)
    line.reason = "Anders."
    AuditEntry.objects.filter(sequence=3).update(reason=line.reason, hash=line.computed_hash())

    assert problems() == [(4, "the line does not hang on the one before it")]


def test_a_line_removed_from_the_middle_shows(five_lines: Fund) -> None:
    AuditEntry.objects.filter(sequence=3).delete()

    assert problems() == [(3, "lines 3 to 3 are missing")]


def test_lines_removed_from_the_beginning_show(five_lines: Fund) -> None:
    AuditEntry.objects.filter(sequence__lte=2).delete()

    assert problems() == [(1, "lines 1 to 2 are missing")]


def test_a_line_removed_from_the_end_shows(five_lines: Fund) -> None:
    AuditEntry.objects.filter(sequence=5).delete()

    assert problems() == [(5, "the trail should end at line 5")]


def test_a_trail_without_its_end_shows(five_lines: Fund) -> None:
    AuditHead.objects.all().delete()

    assert problems() == [(6, "the end of the chain is gone")]


def insert(sequence: int, previous: AuditEntry) -> None:
    line = AuditEntry(
        sequence=sequence,
        recorded_at=previous.recorded_at,
        action="look",
        subject_type="fund",
        subject_id=1,
        previous_hash=previous.hash,
    )
    line.hash = line.computed_hash()
    line.save(force_insert=True)


def test_a_line_inserted_at_the_end_shows(five_lines: Fund) -> None:
    insert(6, AuditEntry.objects.get(sequence=5))

    assert problems() == [(7, "the trail should end at line 5")]


def test_a_line_inserted_in_the_middle_shows(five_lines: Fund) -> None:
    # Room is made by renumbering what came after it.
    for sequence in (5, 4, 3):
        AuditEntry.objects.filter(sequence=sequence).update(sequence=sequence + 1)
    insert(3, AuditEntry.objects.get(sequence=2))

    found = problems()

    assert (4, "the line does not hang on the one before it") in found
    assert (4, "the line was altered") in found
    assert found[-1] == (7, "the trail should end at line 5")


def test_a_line_before_the_first_shows(five_lines: Fund) -> None:
    insert(0, AuditEntry.objects.get(sequence=1))

    assert problems()[0] == (0, "the line does not hang on the one before it")


def test_a_failed_action_leaves_no_line(fund: Fund) -> None:
    before = AuditEntry.objects.count()

    with pytest.raises(TypeError):
        record(action="look", subject=fund, by=None, thing=object())

    assert AuditEntry.objects.count() == before
    assert problems() == []


def test_the_lines_about_one_thing_come_oldest_first(five_lines: Fund) -> None:
    assert [line.sequence for line in audit_trail_of("fund", five_lines.pk)] == [1, 2, 3, 4, 5]
    assert list(audit_trail_of("round", five_lines.pk)) == []


def verify(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_audit", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_says_that_the_trail_holds_and_prints_an_anchor(five_lines: Fund) -> None:
    number, digest = last_link()

    assert verify() == f"The audit trail holds: 5 lines. Keep elsewhere: --anchor 5:{digest}\n"
    assert "holds: 5 lines" in verify("--anchor", f"{number}:{digest}")
    assert "holds: 5 lines" in verify("--anchor", f"0:{'0' * 64}")


def test_the_command_names_each_broken_place(five_lines: Fund) -> None:
    AuditEntry.objects.filter(sequence=2).update(reason="Anders.")
    AuditEntry.objects.filter(sequence=5).delete()
    errors = StringIO()

    with pytest.raises(CommandError, match="2 place"):
        call_command("verify_audit", stderr=errors)

    assert errors.getvalue() == "line 2: the line was altered\nline 5: the trail should end at line 5\n"


def test_a_trail_that_was_rewritten_whole_does_not_fit_its_anchor(five_lines: Fund) -> None:
    _number, digest = last_link()
    AuditEntry.objects.all().delete()
    AuditHead.objects.all().delete()
    record(action="look", subject=five_lines, by=None)

    assert "holds: 1 lines" in verify()
    with pytest.raises(CommandError, match="1 place"):
        verify("--anchor", f"5:{digest}")


@pytest.mark.parametrize("anchor", ["5", "x:y", "5:short", f"٥:{'0' * 64}", f"-1:{'0' * 64}"])
def test_an_anchor_that_cannot_be_read_is_refused(anchor: str, db: None) -> None:
    with pytest.raises(CommandError, match="NUMBER:HASH"):
        verify(f"--anchor={anchor}")
