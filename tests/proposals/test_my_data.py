"""My data: see, download, choose, close the account."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import ContactChannel, Notice, Person
from proposals.actions import SeatHeld, close_account, start_draft, write_message
from proposals.models import Proposal, ProposalVersion
from rounds.models import AuditEntry, Round
from tests.proposals.conftest import fill_in, send

type AsPerson = Callable[[Person | None], Client]


@pytest.fixture
def sent(finished_draft: Proposal, ines: Person) -> Proposal:
    send(finished_draft, ines)
    return finished_draft


@pytest.fixture(autouse=True)
def _english(client: Client) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


@pytest.mark.parametrize("more", [0, 2])
def test_somebody_sees_everything_in_few_questions(
    sent: Proposal,
    ines: Person,
    otto: Person,
    as_person: AsPerson,
    more: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for place in range(more):
        fill_in(start_draft(round=sent.round, by=ines))
        write_message(proposal=sent, text=f"Bericht {place}", by=otto, from_official=True, link="")
    client = as_person(ines)

    with django_assert_num_queries(6):
        content = client.get(reverse("accounts:my_data")).content.decode()

    assert "Samen koken 🍲" in content
    assert "Pannen: €150" in content


def test_the_file_holds_everything_and_nothing_of_others(
    sent: Proposal, ines: Person, omar: Person, otto: Person, as_person: AsPerson
) -> None:
    fill_in(start_draft(round=sent.round, by=omar))
    write_message(proposal=sent, text="Hallo", by=ines, from_official=False, link="")
    write_message(proposal=sent, text="Dag Ines", by=otto, from_official=True, link="")

    response = as_person(ines).get(reverse("accounts:my_data_json"))

    content = json.loads(response.content)
    assert set(content) == {"person", "notices", "proposals", "messages"}
    assert content["person"][0]["email"] == "ines@test.example"
    assert [proposal["title"] for proposal in content["proposals"]] == ["Samen koken 🍲"]
    assert [message["text"] for message in content["messages"]] == ["Hallo", "Dag Ines"]
    assert len(content["notices"]) == 2
    assert "omar" not in response.content.decode().lower()
    assert "attachment" in response["Content-Disposition"]


def test_the_same_is_there_to_print(sent: Proposal, ines: Person, as_person: AsPerson) -> None:
    start_draft(round=sent.round, by=ines)

    response = as_person(ines).get(reverse("accounts:my_data_pdf"))

    assert (response["Content-Type"], response.content[:5]) == ("application/pdf", b"%PDF-")


def test_somebody_chooses_how_to_hear_from_us_and_to_hear_less(ines: Person, as_person: AsPerson) -> None:
    client = as_person(ines)
    address = reverse("accounts:preferences")
    assert client.get(address).status_code == 200

    no_number = client.post(address, {"channel": "sms"})
    saved = client.post(address, {"channel": "post"})

    ines.refresh_from_db()
    assert "no mobile number" in no_number.content.decode()
    assert saved.status_code == 302
    assert (ines.channel, ines.wants_reminders) == (ContactChannel.POST, False)
    Person.objects.filter(pk=ines.pk).update(email=None, phone="+31612345678")
    assert "no mail address" in client.post(address, {"channel": "mail"}).content.decode()


def test_closing_the_account_leaves_what_was_sent_and_nobody_behind_it(
    sent: Proposal, ines: Person, as_person: AsPerson
) -> None:
    draft = fill_in(start_draft(round=sent.round, by=ines))
    client = as_person(ines)
    page = client.get(reverse("proposals:close_account")).content.decode()
    assert "1 draft that you did not send" in page

    response = client.post(reverse("proposals:close_account"), follow=True)

    assert "Your account is closed." in response.content.decode()
    ines.refresh_from_db()
    assert (ines.name, ines.email, ines.phone, ines.is_active) == ("", None, None, False)
    assert ines.closed_at is not None
    assert not Proposal.objects.filter(pk=draft.pk).exists()
    assert not Notice.objects.filter(person=ines).exists()
    kept = Proposal.objects.get(pk=sent.pk)
    assert (kept.initiator, kept.contact_name) == (ines, "Ines")
    assert ProposalVersion.objects.filter(proposal=kept).exists()
    assert AuditEntry.objects.latest("sequence").action == "close_account"


def test_a_session_on_another_device_ends_when_the_account_is_closed(ines: Person, as_person: AsPerson) -> None:
    elsewhere = as_person(ines)

    close_account(person=Person.objects.get(pk=ines.pk))

    assert elsewhere.get(reverse("proposals:mine")).status_code == 302


def test_somebody_with_a_seat_gives_that_up_first(otto: Person, as_person: AsPerson, open_round: Round) -> None:
    with pytest.raises(SeatHeld):
        close_account(person=otto)
    response = as_person(otto).post(reverse("proposals:close_account"))

    assert response.status_code == 409
    assert "You still have a seat" in response.content.decode()
    otto.refresh_from_db()
    assert otto.is_active is True
