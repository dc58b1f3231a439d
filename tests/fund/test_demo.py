import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Person
from fund.actions import DemoRefused, Loaded, load_demo
from fund.models import AllocationRun, RunKind
from proposals.models import Proposal
from rounds.lifecycle import Role, Stage
from rounds.models import AuditEntry, Fund, Round
from rounds.queries import broken_links
from voting.models import Ballot


@pytest.fixture
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without what would have been enough, which takes most of the time of a loading."""
    monkeypatch.setattr("fund.queries.engine.counts.SMALL", 0)
    monkeypatch.setattr("fund.queries.engine.counts.NEXT_IN_ROW", 0)


def test_the_demo_is_a_fund_with_three_rounds_each_in_another_stage(db: None, client: Client) -> None:
    assert load_demo() is Loaded.NOW

    fund = Fund.objects.get()
    stages = dict(fund.rounds.values_list("slug", "stage"))
    assert stages == {"2025": Stage.RUNNING, "2026": Stage.ADVICE, "2027": Stage.OPEN}
    assert fund.seats.filter(role__in=[Role.MEMBER, Role.CHAIR]).count() == 11
    assert Proposal.objects.filter(round__slug="2026").count() == 24
    assert Ballot.objects.filter(round__slug="2026").count() == 11
    told = Proposal.objects.filter(round__slug="2027").values_list("state", flat=True)
    assert Proposal.objects.filter(round__slug="2027", reference__startswith="2027-00").count() == 3
    assert sorted(told) == ["draft", "draft", "submitted", "supplement_asked", "withdrawn"]
    for run in AllocationRun.objects.filter(kind=RunKind.PUBLISHED):
        assert 0 < run.spent < run.budget == 100_000_00
        assert run.failure == ""
    assert list(broken_links()) == []
    for address in ("/", "/rounds/2025/", "/rounds/2026/", "/rounds/2027/", "/rounds/2026/compare/"):
        assert client.get(address).status_code == 200


@pytest.mark.usefixtures("in_a_hurry")
def test_loading_again_changes_nothing_and_takes_one_query(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    load_demo()
    before = AuditEntry.objects.count(), Person.objects.count(), Ballot.objects.count()

    with django_assert_num_queries(1):
        assert load_demo() is Loaded.BEFORE

    assert (AuditEntry.objects.count(), Person.objects.count(), Ballot.objects.count()) == before


@pytest.mark.usefixtures("in_a_hurry")
def test_a_demo_from_other_data_is_left_as_it_is(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_demo()
    newer = tmp_path / "nieuw.json"
    newer.write_text("{}")
    monkeypatch.setattr("fund.actions.demo.DATA", newer)

    assert load_demo() is Loaded.BEFORE_FROM_OTHER_DATA
    assert Round.objects.count() == 3


@pytest.mark.parametrize("told_weeks_ago", [-30, 0, 60])
@pytest.mark.usefixtures("in_a_hurry")
def test_the_dates_of_the_story_move_along_with_the_day(
    db: None, monkeypatch: pytest.MonkeyPatch, told_weeks_ago: int
) -> None:
    monkeypatch.setattr("fund.actions.demo.TOLD_ON", timezone.localdate() - timedelta(weeks=told_weeks_ago))

    load_demo()

    round, counted = Round.objects.get(slug="2027"), Round.objects.get(slug="2026")
    assert round.opens_at is not None
    assert round.closes_at is not None
    assert counted.voting_ends_at is not None
    shift = timedelta(weeks=told_weeks_ago)
    assert timezone.localdate(round.opens_at) == date(2026, 11, 2) + shift
    assert timezone.localdate(counted.voting_ends_at) == date(2026, 11, 13) + shift
    assert str(timezone.localdate(round.closes_at).year) in round.call


@pytest.mark.usefixtures("in_a_hurry")
def test_nobody_finds_in_the_database_who_voted_what(db: None) -> None:
    load_demo()

    receipts = list(Ballot.objects.filter(round__slug="2026").values_list("receipt", "cast_at"))
    assert all(len(receipt) == 14 and cast_at is None for receipt, cast_at in receipts)


@pytest.mark.usefixtures("in_a_hurry")
def test_production_takes_no_demo(db: None, settings: Settings) -> None:
    settings.PRODUCTION = True

    with pytest.raises(DemoRefused):
        load_demo()
    with pytest.raises(CommandError):
        call_command("load_demo")

    assert Person.objects.count() == 0


@pytest.mark.usefixtures("in_a_hurry")
def test_the_command_tells_who_there_is_and_is_quiet_without_an_address(db: None) -> None:
    out, again = io.StringIO(), io.StringIO()

    call_command("load_demo", address="http://127.0.0.1:8000", stdout=out)
    call_command("load_demo", stdout=again)

    assert "http://127.0.0.1:8000/demo/" in out.getvalue()
    assert "ines" in out.getvalue()
    assert "ines" not in again.getvalue()
