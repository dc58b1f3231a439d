"""The pages of somebody's own proposals, and those of the officials about them."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Notice, Person
from proposals.actions import start_draft, write_message
from proposals.lifecycle import State
from proposals.models import AnswerEdit, Budget, Field, Message, Proposal, ProposalVersion, Row
from rounds.lifecycle import Stage
from rounds.models import Round
from tests.proposals.conftest import answer, close_call, fill_in, send

type AsPerson = Callable[[Person | None], Client]
AUTOSAVE = {"X-Autosave": "yes"}
MINE = ["my_proposal", "my_versions", "thread", "change", "withdraw"]


def url(name: str, proposal: Proposal, *more: object) -> str:
    return reverse(f"proposals:{name}", args=[proposal.pk, *more])


@pytest.fixture
def sent(finished_draft: Proposal, ines: Person) -> Proposal:
    send(finished_draft, ines)
    return finished_draft


@pytest.fixture(autouse=True)
def _english(client: Client) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


def more_of_ines(round: Round, ines: Person, number: int) -> None:
    for place in range(number):
        other = fill_in(start_draft(round=round, by=ines))
        if place:
            send(other, ines)


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_asks_few_questions_however_long_it_is(
    sent: Proposal, ines: Person, as_person: AsPerson, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    more_of_ines(sent.round, ines, more)
    client = as_person(ines)

    with django_assert_num_queries(4):
        response = client.get(reverse("proposals:mine"))

    content = response.content.decode()
    assert content.count('href="/my/proposals/') - content.count('href="/my/proposals/"') == more + 1


@pytest.mark.parametrize(
    ("name", "number"), [("my_proposal", 6), ("my_versions", 5), ("thread", 6), ("change", 6), ("withdraw", 4)]
)
@pytest.mark.parametrize("times", [1, 3])
def test_a_page_of_ones_own_asks_few_questions(
    sent: Proposal,
    ines: Person,
    otto: Person,
    as_person: AsPerson,
    django_assert_num_queries: DjangoAssertNumQueries,
    name: str,
    number: int,
    times: int,
) -> None:
    for place in range(times):
        write_message(proposal=sent, text=f"Bericht {place}", by=otto, from_official=True, link="")
    answer(sent, Field.BUDGET, Budget((Row("Pannen", 1_00),)).as_text(), seen=1)
    client = as_person(ines)

    with django_assert_num_queries(number):
        assert client.get(url(name, sent)).status_code == 200


@pytest.mark.parametrize("name", [*MINE, "delete_draft"])
def test_somebody_elses_is_not_there(
    sent: Proposal, omar: Person, otto: Person, as_person: AsPerson, name: str
) -> None:
    assert as_person(omar).get(url(name, sent)).status_code == 404
    assert as_person(otto).get(url(name, sent)).status_code == 404
    assert as_person(None).get(url(name, sent)).status_code == 302


@pytest.mark.parametrize("name", ["thread_office", "versions_office"])
def test_the_officials_pages_are_there_for_them_alone(
    sent: Proposal, ines: Person, corrie: Person, otto: Person, as_person: AsPerson, name: str
) -> None:
    assert as_person(ines).get(url(name, sent)).status_code == 404
    assert as_person(corrie).get(url(name, sent)).status_code == 404
    assert as_person(otto).get(url(name, sent)).status_code == 200


def test_the_list_of_somebody_without_ideas_says_what_to_do(omar: Person, as_person: AsPerson) -> None:
    assert "You have no ideas here yet" in as_person(omar).get(reverse("proposals:mine")).content.decode()


def test_the_page_tells_where_it_stands_and_what_could_not_be_sent(
    sent: Proposal, ines: Person, as_person: AsPerson
) -> None:
    client = as_person(ines)
    content = client.get(url("my_proposal", sent)).content.decode()
    assert "We received it" in content
    assert "We could not send you a message yet" in content  # the receipt waits: nothing was committed here

    Notice.objects.all().delete()

    assert "We could not send you a message yet" not in client.get(url("my_proposal", sent)).content.decode()


def test_a_withdrawn_idea_says_so(sent: Proposal, ines: Person, as_person: AsPerson) -> None:
    client = as_person(ines)

    empty = client.post(url("withdraw", sent), {})
    response = client.post(url("withdraw", sent), {"why": "plans", "words": "Ik verhuis."}, follow=True)

    assert "Choose why you stop" in empty.content.decode()
    sent.refresh_from_db()
    assert (sent.state, sent.withdrawal_reason) == (State.WITHDRAWN, "My plans have changed\n\nIk verhuis.")
    assert "You withdrew this idea on" in response.content.decode()
    assert client.post(url("withdraw", sent), {"why": "plans"}).status_code == 403


def test_withdrawing_at_the_same_moment_says_so(
    sent: Proposal, ines: Person, as_person: AsPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    Round.objects.filter(pk=sent.round_id).update(stage=Stage.DECIDED)

    assert as_person(ines).post(url("withdraw", sent), {"why": "other"}).status_code == 403


def test_a_draft_is_deleted_after_asking_once_more(draft: Proposal, ines: Person, as_person: AsPerson) -> None:
    client = as_person(ines)
    assert "Delete it for good" in client.get(url("delete_draft", draft)).content.decode()
    assert url("delete_draft", draft) in client.get(url("my_proposal", draft)).content.decode()

    response = client.post(url("delete_draft", draft), follow=True)

    assert response.redirect_chain == [(reverse("proposals:mine"), 302)]
    assert not Proposal.objects.filter(pk=draft.pk).exists()


def test_both_sides_write_and_read(sent: Proposal, ines: Person, otto: Person, as_person: AsPerson) -> None:
    client = as_person(ines)
    response = client.post(url("thread", sent), {"text": " Mag ik een oven kopen? "})
    assert response.status_code == 302
    notice = Notice.objects.filter(person=otto).latest("pk")
    assert f"http://testserver{url('thread_office', sent)}" in notice.text

    overview = as_person(otto).get(reverse("proposals:threads", args=[sent.round.slug])).content.decode()
    assert url("thread_office", sent) in overview
    assert "Mag ik een oven kopen?" in as_person(otto).get(url("thread_office", sent)).content.decode()
    as_person(otto).post(url("thread_office", sent), {"text": "Ja."})
    assert f"http://testserver{url('thread', sent)}" in Notice.objects.filter(person=ines).latest("pk").text

    page = as_person(ines).get(url("my_proposal", sent)).content.decode()
    assert "There is 1 new message for you." in page
    assert "Ja." in as_person(ines).get(url("thread", sent)).content.decode()
    assert Message.objects.filter(read_at=None).count() == 0


def test_an_empty_message_is_asked_for_and_a_long_one_is_given_back(
    sent: Proposal, ines: Person, as_person: AsPerson
) -> None:
    client = as_person(ines)

    assert "Write your message first." in client.post(url("thread", sent), {"text": "  "}).content.decode()
    assert "1 character too long" in client.post(url("thread", sent), {"text": "x" * 4001}).content.decode()
    assert Message.objects.count() == 0


@pytest.mark.parametrize("name", ["thread", "thread_office"])
def test_a_message_with_a_stale_token_is_given_back(sent: Proposal, ines: Person, otto: Person, name: str) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en", "origin": "http://testserver"})
    client.force_login(
        ines if name == "thread" else otto, backend="allauth.account.auth_backends.AuthenticationBackend"
    )

    response = client.post(url(name, sent), {"text": "Een lang bericht"})

    assert (response.status_code, "Een lang bericht" in response.content.decode()) == (403, True)
    assert Message.objects.count() == 0


def test_a_message_typed_while_signed_out_is_there_after_signing_in(
    sent: Proposal, ines: Person, client: Client, as_person: AsPerson
) -> None:
    assert client.post(url("thread", sent), {"text": "Een lang bericht"}).status_code == 302

    content = as_person(ines).get(url("thread", sent)).content.decode()

    assert "Een lang bericht" in content
    assert "Your text is still here" in content


def change(client: Client, proposal: Proposal, key: str, seen: int = 1, **typed: str) -> object:
    data = {"seen": str(seen), "page_key": "page", **typed}
    return client.post(url("change_question", proposal, key), data)


def test_the_questions_open_again_and_are_sent_again(sent: Proposal, ines: Person, as_person: AsPerson) -> None:
    client = as_person(ines)
    assert "You have changed nothing yet." in client.get(url("change", sent)).content.decode()

    change(client, sent, "title", value="Samen eten")
    page = client.get(url("change", sent)).content.decode()
    assert "You changed 1 answer." in page
    assert "You changed something and did not send it yet" in client.get(url("my_proposal", sent)).content.decode()
    response = client.post(url("change_send", sent), follow=True)

    assert "This is version 2." in response.content.decode()
    sent.refresh_from_db()
    assert sent.title == "Samen eten"
    versions = client.get(url("my_versions", sent)).content.decode()
    assert "This text was changed." in versions
    assert "<ins>" in versions


@pytest.mark.parametrize("key", [*Field.values])
def test_every_question_can_be_opened(sent: Proposal, ines: Person, as_person: AsPerson, key: str) -> None:
    assert as_person(ines).get(url("change_question", sent, key)).status_code == 200


def test_a_change_is_kept_while_typing(sent: Proposal, ines: Person, as_person: AsPerson) -> None:
    client = as_person(ines)
    address = url("change_question", sent, "budget")
    typed = {"seen": "1", "page_key": "page", "what_0": "Pannen", "amount_0": "12,50"}

    answer_given = client.post(address, typed, headers=AUTOSAVE).json()
    again = client.post(address, typed, headers=AUTOSAVE).json()
    wrong = client.post(address, typed | {"amount_0": "veel"}, headers=AUTOSAVE).json()
    sent.refresh_from_db()

    assert (answer_given["saved"], answer_given["edition"], answer_given["total"]) == (True, 2, "€12.50")
    assert again["edition"] == 2
    assert wrong["saved"] is False
    assert sent.amount_applied_for == 1050_50
    assert "12.50" in client.get(address).content.decode()


def test_what_is_not_right_is_given_back(sent: Proposal, ines: Person, as_person: AsPerson) -> None:
    response = as_person(ines).post(url("change_question", sent, "budget"), {"seen": "1", "amount_0": "veel"})

    assert response.status_code == 200
    assert "veel" in response.content.decode()


def test_two_devices_see_both_texts(sent: Proposal, ines: Person, as_person: AsPerson) -> None:
    client = as_person(ines)
    answer(sent, Field.TITLE, "Van de telefoon", seen=1, page_key="phone")
    address = url("change_question", sent, "title")
    typed = {"seen": "1", "page_key": "laptop", "value": "Van de laptop"}

    page = client.post(address, typed)
    saved = client.post(address, typed, headers=AUTOSAVE)

    assert page.status_code == 409
    assert "Van de telefoon" in page.content.decode()
    assert "Van de laptop" in page.content.decode()
    assert (saved.status_code, saved.json()["saved"]) == (409, False)


def test_a_change_with_a_stale_token_is_given_back(sent: Proposal, ines: Person) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en", "origin": "http://testserver"})
    client.force_login(ines, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = url("change_question", sent, "title")

    page = client.post(address, {"value": "Samen eten"})
    saved = client.post(address, {"value": "Samen eten"}, headers=AUTOSAVE)

    assert (page.status_code, "Samen eten" in page.content.decode()) == (403, True)
    assert (saved.status_code, saved.json()["retry"]) == (403, True)
    assert not AnswerEdit.objects.filter(text="Samen eten").exists()


def test_a_change_typed_while_signed_out_is_there_after_signing_in(
    sent: Proposal, ines: Person, client: Client, as_person: AsPerson
) -> None:
    client.post(url("change_question", sent, "title"), {"value": "Samen eten", "seen": "1"})

    assert "Samen eten" in as_person(ines).get(url("change_question", sent, "title")).content.decode()


def test_after_the_deadline_the_pages_lead_back_and_say_why(sent: Proposal, ines: Person, as_person: AsPerson) -> None:
    answer(sent, Field.TITLE, "Samen eten", seen=1)
    close_call(sent.round, minutes_ago=1)
    client = as_person(ines)

    for response in (
        client.get(url("change", sent), follow=True),
        change(client, sent, "title", value="x"),
        client.post(url("change_send", sent), follow=True),
    ):
        assert response.status_code in {200, 302}  # type: ignore[attr-defined]  # the test client's own
    saved = client.post(url("change_question", sent, "title"), {"value": "x"}, headers=AUTOSAVE)

    assert (saved.status_code, saved.json()["saved"]) == (409, False)
    assert ProposalVersion.objects.filter(proposal=sent).count() == 1


def test_what_is_still_missing_is_said_before_sending_again(sent: Proposal, ines: Person, as_person: AsPerson) -> None:
    client = as_person(ines)
    change(client, sent, "title", value="")

    response = client.post(url("change_send", sent))

    assert response.status_code == 409
    assert "Give your idea a name." in response.content.decode()


def test_with_the_mail_server_down_the_request_goes_on(
    sent: Proposal, ines: Person, as_person: AsPerson, settings: Settings
) -> None:
    settings.MAILERS = {"default": {"BACKEND": "tests.accounts.broken_mail.BrokenBackend"}}

    assert as_person(ines).post(url("thread", sent), {"text": "Hallo"}).status_code == 302
