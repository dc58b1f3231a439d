"""The initiator's pages, through the whole stack of middleware."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Person
from proposals.actions import start_draft
from proposals.lifecycle import State
from proposals.models import AnswerEdit, Budget, Field, FunnelCount, Proposal, ProposalVersion, Row
from proposals.queries import KEYS_COOKIE
from rounds.lifecycle import Stage
from rounds.models import Round
from tests.proposals.conftest import answer, close_call, fill_in, send

type AsPerson = Callable[[Person | None], Client]

PAGES = ["tasks", "check", "keep"]
AUTOSAVE = {"X-Autosave": "yes"}


def url(name: str, proposal: Proposal, *more: object) -> str:
    return reverse(f"proposals:{name}", args=[proposal.pk, *more])


def begin(client: Client, round: Round) -> Proposal:
    response = client.post(reverse("proposals:start", args=[round.slug]))
    assert response.status_code == 302
    return Proposal.objects.latest("pk")


def typed(text: str, *, seen: int = 0, page_key: str = "page", **more: str) -> dict[str, str]:
    return {"value": text, "seen": str(seen), "page_key": page_key, **more}


# --- starting ---------------------------------------------------------------------------------------------------------


def test_a_visitor_begins_without_an_account_and_carries_a_signed_key(client: Client, open_round: Round) -> None:
    draft = begin(client, open_round)

    cookie = client.cookies[KEYS_COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert draft.initiator is None
    assert draft.draft_key is not None
    assert draft.draft_key not in cookie.value
    assert client.get(url("tasks", draft)).status_code == 200


def test_an_unfinished_draft_is_offered_to_go_on_with(client: Client, open_round: Round) -> None:
    draft = begin(client, open_round)

    content = client.get(reverse("proposals:start", args=[open_round.slug])).content.decode()

    assert url("tasks", draft) in content


def test_a_cookie_that_was_changed_opens_nothing(client: Client, open_round: Round) -> None:
    draft = begin(client, open_round)
    client.cookies[KEYS_COOKIE] = client.cookies[KEYS_COOKIE].value[:-2] + "xx"

    assert client.get(url("tasks", draft)).status_code == 302


def test_two_drafts_in_one_browser_both_stay_open(client: Client, open_round: Round) -> None:
    first, second = begin(client, open_round), begin(client, open_round)

    assert [client.get(url("tasks", draft)).status_code for draft in (first, second)] == [200, 200]


def test_before_and_after_the_call_there_is_no_button(client: Client, planned_round: Round) -> None:
    start = reverse("proposals:start", args=[planned_round.slug])
    assert client.get(start).status_code == 404

    Round.objects.update(stage=Stage.SCREENING)
    content = client.get(start).content.decode()
    assert 'method="post" class="pf-form"' not in content
    assert client.post(start).headers["Location"] == start
    assert Proposal.objects.count() == 0


def test_the_self_check_advises_and_keeps_nothing(client: Client, open_round: Round) -> None:
    start = reverse("proposals:start", args=[open_round.slug])

    advised = client.get(start, {"here": "no", "own": "yes"}).content.decode()
    fine = client.get(start, {"here": "yes"}).content.decode()

    assert "pf-alert" in advised
    assert "utrecht-alert--warning" in advised
    assert "utrecht-alert--ok" in fine
    assert Proposal.objects.count() == 0


# --- who comes in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_others_find_nothing_and_visitors_are_sent_to_sign_in(
    as_person: AsPerson, draft: Proposal, ines: Person, omar: Person, otto: Person, vera: Person, page: str
) -> None:
    statuses = [as_person(person).get(url(page, draft)).status_code for person in (ines, omar, otto, vera, None)]

    assert statuses == [200, 404, 404, 404, 302]


def test_each_question_and_the_sending_are_locked_too(as_person: AsPerson, draft: Proposal, omar: Person) -> None:
    for field in Field:
        assert as_person(omar).get(url("question", draft, field)).status_code == 404
        assert as_person(None).get(url("question", draft, field)).status_code == 302
    assert as_person(omar).post(url("send", draft), {"submission_key": str(uuid4())}).status_code == 404
    assert as_person(None).post(url("send", draft)).status_code == 302


def test_a_question_that_does_not_exist_is_not_found(as_person: AsPerson, draft: Proposal, ines: Person) -> None:
    assert as_person(ines).get(url("question", draft, "diagnosis")).status_code == 404


def test_a_receipt_is_found_by_the_initiator_alone(
    as_person: AsPerson, finished_draft: Proposal, ines: Person, omar: Person, otto: Person
) -> None:
    assert as_person(ines).get(url("receipt", finished_draft)).status_code == 404
    send(finished_draft, ines)

    for page in ("receipt", "receipt_pdf"):
        statuses = [as_person(person).get(url(page, finished_draft)).status_code for person in (ines, omar, otto)]
        assert statuses == [200, 404, 404]
        assert as_person(None).get(url(page, finished_draft)).status_code == 302


def test_the_receipt_on_paper_is_a_pdf(as_person: AsPerson, finished_draft: Proposal, ines: Person) -> None:
    send(finished_draft, ines)

    response = as_person(ines).get(url("receipt_pdf", finished_draft))

    assert response.headers["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")


def test_the_draft_moves_along_when_its_owner_signs_in(
    client: Client, open_round: Round, as_person: AsPerson, omar: Person
) -> None:
    draft, other = begin(client, open_round), begin(client, open_round)
    as_person(omar)

    assert client.get(url("tasks", draft)).status_code == 200

    assert Proposal.objects.get(pk=draft.pk).initiator == omar
    assert Proposal.objects.get(pk=other.pk).initiator is None
    left = client.cookies[KEYS_COOKIE].value
    as_person(None)  # the test client forgets all its cookies; a browser does not
    client.cookies[KEYS_COOKIE] = left
    assert client.get(url("tasks", draft)).status_code == 302
    assert client.get(url("tasks", other)).status_code == 200


def test_an_address_is_proved_by_a_code_and_the_draft_moves_to_it(
    client: Client, open_round: Round, mailoutbox: list[EmailMessage]
) -> None:
    draft = begin(client, open_round)

    asked = client.post(f"{url('keep', draft)}?to=check", {"login": "bep@test.example"}, follow=True)
    code = re.findall(r"\b\d{6}\b", str(mailoutbox[-1].body))[0]
    done = client.post(asked.request["PATH_INFO"] + "?" + asked.request["QUERY_STRING"], {"code": code}, follow=True)

    kept = Proposal.objects.get(pk=draft.pk)
    assert done.request["PATH_INFO"] == url("check", draft)
    assert kept.initiator is not None
    assert (kept.initiator.email, kept.contact_address) == ("bep@test.example", "bep@test.example")


def test_an_address_that_is_none_is_asked_again(client: Client, open_round: Round) -> None:
    draft = begin(client, open_round)

    response = client.post(url("keep", draft), {"login": "bep"})

    assert response.status_code == 200
    assert "error-summary" in response.content.decode()


def test_who_asks_for_a_code_again_and_again_hears_to_wait(client: Client, open_round: Round) -> None:
    draft = begin(client, open_round)

    answers = [client.post(url("keep", draft), {"login": "often@test.example"}) for _press in range(6)]

    assert [answer_.status_code for answer_ in answers] == [302] * 5 + [200]
    assert "error-summary" in answers[-1].content.decode()


def test_somebody_with_an_account_hears_that_the_draft_is_kept(
    as_person: AsPerson, draft: Proposal, ines: Person
) -> None:
    assert as_person(ines).get(url("keep", draft)).status_code == 200
    assert as_person(ines).get(f"{url('keep', draft)}?to=check").headers["Location"] == url("check", draft)


# --- writing ----------------------------------------------------------------------------------------------------------


def test_without_javascript_a_page_saves_and_goes_on(as_person: AsPerson, draft: Proposal, ines: Person) -> None:
    client = as_person(ines)

    onward = client.post(url("question", draft, "title"), typed("Samen koken"))
    to_list = client.post(url("question", draft, "summary"), typed("Elke week", then="tasks"))
    last = client.post(url("question", draft, "contact"), {"name": "Ines", "address": "ines@test.example"})
    later = client.post(url("question", draft, "own_part"), typed("", then="keep"))

    assert onward.headers["Location"] == url("question", draft, "summary")
    assert to_list.headers["Location"] == url("tasks", draft)
    assert last.headers["Location"] == url("check", draft)
    assert later.headers["Location"] == url("keep", draft)
    assert Proposal.objects.get(pk=draft.pk).title == "Samen koken"
    assert set(FunnelCount.objects.values_list("step", flat=True)) >= {"started", "title", "summary", "check"}


def test_a_page_saves_by_itself_and_hears_when_and_as_which_edition(
    as_person: AsPerson, draft: Proposal, ines: Person
) -> None:
    client = as_person(ines)

    saved = client.post(url("question", draft, "title"), typed("Samen"), headers=AUTOSAVE).json()
    again = client.post(url("question", draft, "title"), typed("Samen koken"), headers=AUTOSAVE).json()
    nothing = client.post(url("question", draft, "summary"), typed(""), headers=AUTOSAVE).json()

    assert (saved["saved"], saved["edition"], again["edition"]) == (True, 1, 2)
    assert re.search(r"\d\d:\d\d", saved["message"])
    assert nothing == {"saved": True, "edition": 0, "message": ""}
    assert dict(FunnelCount.objects.values_list("step", "count")) == {"started": 1, "title": 1}


def test_the_money_page_hears_the_total(as_person: AsPerson, draft: Proposal, ines: Person) -> None:
    data = {"what_0": "Pannen", "amount_0": "1.250,50", "amount_1": "€ 300"}

    answer_ = as_person(ines).post(url("question", draft, "budget"), data, headers=AUTOSAVE).json()

    assert answer_["total"].endswith("1.550,50")


def test_what_cannot_be_kept_is_said_and_comes_back(as_person: AsPerson, draft: Proposal, ines: Person) -> None:
    data = {"what_0": "Pannen", "amount_0": "-3"}
    client = as_person(ines)

    short = client.post(url("question", draft, "budget"), data, headers=AUTOSAVE).json()
    whole = client.post(url("question", draft, "budget"), data).content.decode()

    assert (short["saved"], short["retry"]) == (False, False)
    assert 'value="-3"' in whole
    assert 'value="Pannen"' in whole


def test_two_devices_see_both_texts_and_choose(as_person: AsPerson, draft: Proposal, ines: Person) -> None:
    answer(draft, Field.SUMMARY, "Op de telefoon", page_key="phone")
    client = as_person(ines)

    auto = client.post(url("question", draft, "summary"), typed("Op de laptop"), headers=AUTOSAVE)
    both = client.post(url("question", draft, "summary"), typed("Op de laptop"))
    content = both.content.decode()

    assert (auto.status_code, auto.json()["saved"]) == (409, False)
    assert both.status_code == 409
    assert content.count("Op de telefoon") >= 2
    assert content.count("Op de laptop") >= 2
    assert AnswerEdit.objects.count() == 1
    client.post(url("question", draft, "summary"), typed("Op de laptop", seen=1, page_key="both"))
    assert Proposal.objects.get(pk=draft.pk).summary == "Op de laptop"


def test_two_budgets_are_shown_in_words(as_person: AsPerson, draft: Proposal, ines: Person) -> None:
    answer(draft, Field.BUDGET, Budget((Row("Pannen", 150_00),)).as_text())

    response = as_person(ines).post(url("question", draft, "budget"), {"what_0": "Eten", "amount_0": "20"})

    content = response.content.decode()
    assert response.status_code == 409
    assert "Pannen: 150" in content
    assert "Eten: 20" in content


def test_a_stale_token_gives_the_text_back_with_a_fresh_one_and_saves_nothing(
    finished_draft: Proposal, ines: Person
) -> None:
    client = Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})
    client.force_login(ines, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = url("question", finished_draft, "summary")

    whole = client.post(page, typed("Lang getypt <b>verhaal</b>", seen=1, csrfmiddlewaretoken="x" * 64))
    auto = client.post(page, typed("Lang", csrfmiddlewaretoken="x" * 64), headers=AUTOSAVE)

    content = whole.content.decode()
    assert whole.status_code == 403
    assert "Lang getypt &lt;b&gt;verhaal&lt;/b&gt;" in content
    assert 'name="seen" value="1"' in content
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', content)
    assert token
    assert (auto.status_code, auto.json()["retry"]) == (403, True)
    assert Proposal.objects.get(pk=finished_draft.pk).summary == "Elke donderdag koken wij."
    fresh = client.post(page, typed("Lang getypt", seen=1, csrfmiddlewaretoken=token.group(1)))
    assert fresh.status_code == 302


def test_a_form_of_another_site_puts_no_words_in_a_page(finished_draft: Proposal, ines: Person) -> None:
    client = Client(enforce_csrf_checks=True, headers={"origin": "https://elsewhere.example"})
    client.force_login(ines, backend="allauth.account.auth_backends.AuthenticationBackend")

    response = client.post(url("question", finished_draft, "summary"), typed("Van een ander"))

    assert response.status_code == 403
    assert "Van een ander" not in response.content.decode()


def test_a_session_that_ended_loses_nothing(as_person: AsPerson, draft: Proposal, ines: Person) -> None:
    client, page = as_person(None), url("question", draft, "summary")

    auto = client.post(page, typed("Een heel verhaal"), headers=AUTOSAVE)
    turned = client.post(page, typed("Een heel verhaal"))
    as_person(ines)
    content = client.get(page).content.decode()

    assert (auto.status_code, auto.json()["saved"]) == (401, False)
    assert turned.status_code == 302
    assert "Een heel verhaal" in content
    assert Proposal.objects.get(pk=draft.pk).summary == ""
    client.post(page, typed("Een heel verhaal"))
    assert Proposal.objects.get(pk=draft.pk).summary == "Een heel verhaal"
    answer(draft, Field.SUMMARY, "Later veranderd", seen=1)
    assert "Een heel verhaal" not in client.get(page).content.decode()


def test_what_is_held_has_a_limit(as_person: AsPerson, draft: Proposal) -> None:
    client = as_person(None)

    client.post(url("question", draft, "summary"), typed("x" * 60_000))

    assert client.session.get("proposals.held") is None


def test_a_page_that_was_open_while_the_idea_was_sent_says_so(
    as_person: AsPerson, finished_draft: Proposal, ines: Person
) -> None:
    send(finished_draft, ines)
    client, page = as_person(ines), url("question", finished_draft, "title")

    auto = client.post(page, typed("Te laat", seen=1), headers=AUTOSAVE)
    whole = client.post(page, typed("Te laat", seen=1))

    assert (auto.status_code, auto.json()["saved"]) == (409, False)
    assert whole.headers["Location"] == client.get(page).headers["Location"] == url("receipt", finished_draft)
    for name in PAGES:
        assert client.get(url(name, finished_draft)).headers["Location"] == url("receipt", finished_draft)


# --- sending ----------------------------------------------------------------------------------------------------------


def test_pressing_twice_sends_once(as_person: AsPerson, finished_draft: Proposal, ines: Person) -> None:
    client, data = as_person(ines), {"submission_key": str(uuid4())}

    answers = [client.post(url("send", finished_draft), data) for _press in range(2)]

    assert [one.headers["Location"] for one in answers] == [url("receipt", finished_draft)] * 2
    assert ProposalVersion.objects.count() == 1
    assert client.get(url("receipt", finished_draft)).status_code == 200


def test_a_press_without_a_key_shows_the_page_again(
    as_person: AsPerson, finished_draft: Proposal, ines: Person
) -> None:
    response = as_person(ines).post(url("send", finished_draft))

    assert response.headers["Location"] == url("check", finished_draft)


def test_what_is_missing_has_a_link_and_no_button(as_person: AsPerson, draft: Proposal, ines: Person) -> None:
    client = as_person(ines)

    page = client.get(url("check", draft)).content.decode()
    pressed = client.post(url("send", draft), {"submission_key": str(uuid4())})

    assert url("send", draft) not in page
    assert f'href="{url("question", draft, "title")}"' in page
    assert pressed.status_code == 409


def test_too_late_is_explained_and_the_draft_stays(as_person: AsPerson, finished_draft: Proposal, ines: Person) -> None:
    close_call(finished_draft.round, minutes_ago=61)
    Proposal.objects.update(started_at=finished_draft.round.opens_at)
    client = as_person(ines)

    pressed = client.post(url("send", finished_draft), {"submission_key": str(uuid4())})

    assert pressed.status_code == 409
    assert "14 030" in pressed.content.decode()
    assert url("send", finished_draft) not in client.get(url("check", finished_draft)).content.decode()
    assert "Samen koken" in client.get(url("tasks", finished_draft)).content.decode()


def test_the_extra_hour_is_visible(as_person: AsPerson, finished_draft: Proposal, ines: Person) -> None:
    close_call(finished_draft.round, minutes_ago=5)
    Proposal.objects.update(started_at=finished_draft.round.opens_at)

    for page in ("tasks", "check"):
        assert "utrecht-alert--warning" in as_person(ines).get(url(page, finished_draft)).content.decode()


def test_what_was_withdrawn_cannot_be_sent(as_person: AsPerson, finished_draft: Proposal, ines: Person) -> None:
    Proposal.objects.update(state=State.WITHDRAWN)

    response = as_person(ines).post(url("send", finished_draft), {"submission_key": str(uuid4())})

    assert response.status_code == 302
    assert ProposalVersion.objects.count() == 0


# --- the budget of queries: at most six, the same for one as for three ------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_pages_of_somebody_with_an_account_ask_little(
    as_person: AsPerson,
    open_round: Round,
    ines: Person,
    django_assert_num_queries: DjangoAssertNumQueries,
    number: int,
) -> None:
    drafts = [fill_in(start_draft(round=open_round, by=ines)) for _draft in range(number)]
    answer(drafts[0], Field.BUDGET, Budget(tuple(Row("Eten", 1_00) for _row in range(number))).as_text(), seen=1)
    client = as_person(ines)
    draft = drafts[0]

    for page, queries in [
        (reverse("proposals:start", args=[open_round.slug]), 5),
        (url("tasks", draft), 6),
        (url("question", draft, "summary"), 5),
        (url("question", draft, "budget"), 6),
        (url("question", draft, "contact"), 5),
        (url("check", draft), 6),
        (url("keep", draft), 4),
    ]:
        with django_assert_num_queries(queries):
            assert client.get(page).status_code == 200
    send(draft, ines)
    with django_assert_num_queries(5):
        assert client.get(url("receipt", draft)).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_pages_of_a_visitor_ask_even_less(
    client: Client, open_round: Round, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    drafts = [begin(client, open_round) for _draft in range(number)]
    draft = drafts[-1]

    for page, queries in [
        (reverse("proposals:start", args=[open_round.slug]), 2),
        (url("tasks", draft), 3),
        (url("question", draft, "summary"), 2),
        (url("question", draft, "budget"), 3),
        (url("check", draft), 3),
        (url("keep", draft), 1),
    ]:
        with django_assert_num_queries(queries):
            assert client.get(page).status_code == 200
