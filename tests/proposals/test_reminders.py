"""Reminders of a draft that was not sent: when, to whom, once each, and how to stop them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import Notice, Person
from proposals.actions import remind, send_reminders, stop_reminders
from proposals.lifecycle import State
from proposals.models import Proposal
from proposals.queries import stop_token
from rounds.models import AuditEntry, Round

SITE = "https://site.example"


@pytest.fixture
def old_draft(draft: Proposal) -> Proposal:
    """A draft of Ines, begun long before closing."""
    Proposal.objects.filter(pk=draft.pk).update(started_at=timezone.now() - timedelta(days=30))
    return draft


def closes_in(round: Round, **time: int) -> None:
    Round.objects.filter(pk=round.pk).update(closes_at=timezone.now() + timedelta(**time))


@pytest.mark.parametrize(
    ("time", "number"),
    [({"days": 8}, 0), ({"days": 6}, 1), ({"hours": 25}, 1), ({"hours": 23}, 1), ({"hours": -1}, 0)],
)
def test_a_reminder_goes_out_in_the_week_and_in_the_day_before_closing(
    old_draft: Proposal, time: dict[str, int], number: int
) -> None:
    closes_in(old_draft.round, **time)

    assert (send_reminders(site=SITE), send_reminders(site=SITE)) == (number, 0)
    assert Notice.objects.count() == number


def test_each_of_the_two_goes_out_once(old_draft: Proposal, ines: Person) -> None:
    closes_in(old_draft.round, days=6)
    assert send_reminders(site=SITE) == 1
    closes_in(old_draft.round, hours=20)
    assert send_reminders(site=SITE) == 1
    assert send_reminders(site=SITE) == 0

    first, second = Notice.objects.all()
    assert first.person == second.person == ines
    assert f"{SITE}/proposals/{old_draft.pk}/write/" in first.text
    assert f"{SITE}/reminders/stop/{stop_token(old_draft)}/" in first.text
    assert "Participatiefonds" not in first.subject + first.text


def test_what_was_begun_inside_the_week_gets_no_reminder_of_the_week(draft: Proposal) -> None:
    closes_in(draft.round, days=3)

    assert send_reminders(site=SITE) == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda draft: Person.objects.filter(pk=draft.initiator_id).update(wants_reminders=False),
        lambda draft: Person.objects.filter(pk=draft.initiator_id).update(is_active=False),
        lambda draft: Proposal.objects.filter(pk=draft.pk).update(initiator=None),
        lambda draft: Proposal.objects.filter(pk=draft.pk).update(state=State.WITHDRAWN),
        lambda draft: Round.objects.filter(pk=draft.round_id).update(stage="screening"),
        lambda draft: stop_reminders(proposal=draft),
    ],
    ids=["not wanted", "closed account", "nobody known", "withdrawn", "round went on", "stopped"],
)
def test_who_must_not_be_reminded_is_not(old_draft: Proposal, change: Callable[[Proposal], object]) -> None:
    closes_in(old_draft.round, days=6)
    change(old_draft)

    assert send_reminders(site=SITE) == 0


def test_of_two_clocks_at_the_same_moment_one_sends(old_draft: Proposal, monkeypatch: pytest.MonkeyPatch) -> None:
    closes_in(old_draft.round, days=6)
    Proposal.objects.filter(pk=old_draft.pk).update(week_reminder_at=None)
    found = list(Proposal.objects.filter(pk=old_draft.pk).select_related("round", "initiator"))
    # Both clocks found the draft before either of them sent.
    monkeypatch.setattr("proposals.actions.reminders.drafts_to_remind", lambda *_: found)

    assert send_reminders(site=SITE) == 2  # one for the week, one for the day: the second pass finds both taken
    assert send_reminders(site=SITE) == 0


def test_the_task_and_the_command_do_the_same(old_draft: Proposal, capsys: pytest.CaptureFixture[str]) -> None:
    closes_in(old_draft.round, days=6)
    assert remind.call(SITE) == 1
    closes_in(old_draft.round, hours=20)

    call_command("send_reminders", site="https://site.example/")

    assert capsys.readouterr().out == "1 reminders\n"
    assert "https://site.example/proposals/" in Notice.objects.latest("pk").text


def test_the_link_stops_without_signing_in_and_only_by_the_button(old_draft: Proposal, client: Client) -> None:
    address = f"/reminders/stop/{stop_token(old_draft)}/"

    page = client.get(address)
    old_draft.refresh_from_db()
    assert (page.status_code, old_draft.reminders_stopped_at) == (200, None)

    client.post(address)
    client.post(address)

    old_draft.refresh_from_db()
    assert old_draft.reminders_stopped_at is not None
    assert AuditEntry.objects.filter(action="stop_reminders").count() == 1
    assert client.get(address).status_code == 200


def test_a_link_that_is_not_ours_or_of_a_draft_that_is_gone_leads_nowhere(old_draft: Proposal, client: Client) -> None:
    address = f"/reminders/stop/{stop_token(old_draft)}/"
    assert client.get(f"/reminders/stop/{old_draft.pk}:abc/").status_code == 404

    old_draft.delete()

    assert client.get(address).status_code == 404
