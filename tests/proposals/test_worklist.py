"""The officials' pages: the worklist, the dossier, asking, and what the initiator gets to see."""

import csv
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Person
from proposals.actions import add_attachment, ask_supplement, set_points
from proposals.lifecycle import State
from proposals.models import Attachment, AttachmentState, Field, Proposal, ScreeningAnswer, ScreeningPoint, Supplement
from proposals.queries import Standing, checklist_of, mark_of_checklist, mark_of_points, worklist
from rounds.actions import create_round
from rounds.lifecycle import Stage
from rounds.models import AuditEntry, Fund, Round
from tests.proposals.conftest import send
from tests.proposals.files import judged, photo, private_folder

SignIn = Callable[[Person | None], Client]
LIST = "/manage/funds/participatiefonds/screening/"


def make(
    round: Round, number: int, *, days_ago: int = 1, title: str = "Idee", state: State = State.SUBMITTED
) -> Proposal:
    return Proposal.objects.create(
        round=round,
        state=state,
        reference=f"2027-{number:03d}",
        title=title,
        submitted_at=timezone.now() - timedelta(days=days_ago),
    )


def supplement(proposal: Proposal, by: Person, *, due_in: int, answered: bool = False) -> Supplement:
    now = timezone.now()
    return Supplement.objects.create(
        proposal=proposal,
        fields=["where_when"],
        why="Waar?",
        asked_by=by,
        asked_at=now - timedelta(days=15),
        due_date=timezone.localdate() + timedelta(days=due_in),
        answered_at=now if answered else None,
    )


@pytest.fixture
def one_of_each(open_round: Round, otto: Person) -> dict[Standing, Proposal]:
    """A proposal in every standing."""
    asked = State.SUPPLEMENT_ASKED
    found = {
        Standing.OVERDUE: make(open_round, 1, days_ago=70),
        Standing.ANSWERED: make(open_round, 2, days_ago=20),
        Standing.NEW: make(open_round, 3),
        Standing.WAITING: make(open_round, 4, days_ago=20, state=asked),
        Standing.DONE: make(open_round, 5, state=State.ELIGIBLE),
    }
    supplement(found[Standing.ANSWERED], otto, due_in=3, answered=True)
    supplement(found[Standing.WAITING], otto, due_in=3)
    return found


@pytest.fixture
def sent(finished_draft: Proposal, ines: Person) -> Proposal:
    send(finished_draft, ines)
    return Proposal.objects.select_related("round__fund", "initiator").get(pk=finished_draft.pk)


@pytest.fixture
def asked(sent: Proposal, otto: Person) -> Proposal:
    due = timezone.localdate() + timedelta(days=14)
    ask_supplement(proposal=sent, fields=["where_when"], why="Waar is het?", due_date=due, by=otto, seen=1)
    return sent


def test_the_most_urgent_comes_first(one_of_each: dict[Standing, Proposal], fund: Fund) -> None:
    found = worklist(fund)

    assert [(row.standing, row.proposal) for row in found.rows] == list(one_of_each.items())
    assert found.counts == dict.fromkeys(Standing, 1)


def test_a_supplement_that_did_not_come_is_overdue(open_round: Round, otto: Person, fund: Fund) -> None:
    supplement(make(open_round, 1, days_ago=20, state=State.SUPPLEMENT_ASKED), otto, due_in=-1)

    assert [row.standing for row in worklist(fund).rows] == [Standing.OVERDUE]


def test_drafts_and_what_was_withdrawn_are_not_on_the_list(open_round: Round, fund: Fund) -> None:
    make(open_round, 1, state=State.WITHDRAWN)
    make(open_round, 2, state=State.DRAFT)

    assert worklist(fund).rows == []


def test_what_is_not_treated_has_no_clock_any_more(open_round: Round, fund: Fund) -> None:
    make(open_round, 1, days_ago=90, state=State.NOT_TREATED)

    assert [(row.term, row.standing) for row in worklist(fund).rows] == [("", Standing.DONE)]


def test_terms_are_put_into_words(one_of_each: dict[Standing, Proposal], otto: Person, as_person: SignIn) -> None:
    text = as_person(otto).get(LIST, headers={"Accept-Language": "en"}).content.decode()

    assert ("14 days too late" in text, "55 days left" in text, "Stands still" in text) == (True, True, True)


@pytest.mark.parametrize(
    ("query", "references"),
    [
        ("?standing=new", ["2027-003"]),
        ("?text=IDÉE", []),
        ("?text=2027-00", ["2027-001", "2027-002", "2027-003", "2027-004", "2027-005"]),
        ("?round=ronde-2028", []),
        ("?round=ronde-2027&standing=done", ["2027-005"]),
        ("?round=nowhere&standing=%00&text=%00", ["2027-001", "2027-002", "2027-003", "2027-004", "2027-005"]),
    ],
)
def test_filters_live_in_the_address_and_the_export_says_exactly_that(
    query: str,
    references: list[str],
    one_of_each: dict[Standing, Proposal],
    fund: Fund,
    otto: Person,
    as_person: SignIn,
) -> None:
    create_round(fund=fund, by=otto, name="Ronde 2028", slug="ronde-2028")
    client = as_person(otto)

    shown = [row.proposal.reference for row in client.get(LIST + query).context["page_obj"]]
    exported = client.get(LIST.rstrip("/") + ".csv" + query).content.decode("utf-8-sig")

    assert shown == references
    assert [row[0] for row in csv.reader(StringIO(exported), delimiter=";")][1:] == references
    assert client.get(LIST.rstrip("/") + ".xlsx" + query).status_code == 200


def test_the_export_has_all_pages_and_runs_nothing(open_round: Round, otto: Person, as_person: SignIn) -> None:
    for number in range(30):
        make(open_round, number, title="=HYPERLINK(1) 🍲")
    client = as_person(otto)

    assert len(client.get(LIST).context["page_obj"].object_list) == 25
    assert len(client.get(LIST + "?page=2").context["page_obj"].object_list) == 5
    text = client.get(LIST.rstrip("/") + ".csv").content.decode("utf-8-sig")
    assert [row[1] for row in csv.reader(StringIO(text), delimiter=";")][1:] == ["'=HYPERLINK(1) 🍲"] * 30


@pytest.mark.parametrize("number", [1, 3, 300])
def test_the_worklist_takes_as_many_queries_for_one_as_for_many(
    number: int, open_round: Round, otto: Person, as_person: SignIn
) -> None:
    for place in range(number):
        supplement(make(open_round, place, state=State.SUPPLEMENT_ASKED), otto, due_in=3)
    client = as_person(otto)
    client.get(LIST)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(LIST)

    assert len(queries) == 7


def test_the_rows_alone_stand_by_themselves(
    one_of_each: dict[Standing, Proposal], otto: Person, as_person: SignIn
) -> None:
    text = as_person(otto).get(LIST, headers={"HX-Request": "true"}).content.decode()

    assert ("<html" in text, "2027-001" in text) == (False, True)


def test_an_empty_list_says_why(open_round: Round, otto: Person, as_person: SignIn) -> None:
    client = as_person(otto)

    empty, filtered = client.get(LIST).content.decode(), client.get(LIST + "?text=x").content.decode()

    assert empty != filtered


def test_a_rounds_list_is_the_funds_list_with_a_filter(open_round: Round, otto: Person, as_person: SignIn) -> None:
    response = as_person(otto).get("/manage/rounds/ronde-2027/screening/")

    assert response["Location"] == f"{LIST}?round=ronde-2027"
    assert "/manage/rounds/ronde-2027/screening/" in as_person(otto).get("/manage/rounds/ronde-2027/").content.decode()


# --- one dossier ------------------------------------------------------------------------------------------------------


def test_a_dossier_shows_what_was_sent_and_writes_down_who_read_it(
    sent: Proposal, otto: Person, as_person: SignIn
) -> None:
    client = as_person(otto)

    text = [client.get(f"/manage/proposals/{sent.pk}/").content.decode() for _time in range(2)][1]

    for words in ("Samen koken 🍲", "Elke donderdag koken wij.", "Pannen", "ines@test.example"):
        assert words in text
    line = AuditEntry.objects.get(action="read_proposal")
    assert (line.actor, line.subject_id) == (otto, sent.pk)


def test_a_dossier_leads_to_its_files_versions_and_messages(
    finished_draft: Proposal,
    ines: Person,
    otto: Person,
    as_person: SignIn,
    tmp_path: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    private_folder(tmp_path, settings, monkeypatch)
    photo_sent = add_attachment(proposal=finished_draft, upload=judged(photo(), "tuin.jpg"), by=ines)
    send(finished_draft, ines)
    client, page = as_person(otto), f"/manage/proposals/{finished_draft.pk}/"

    text = client.get(page).content.decode()
    Attachment.objects.update(state=AttachmentState.WAITING_FOR_SCAN)
    scanning = client.get(page).content.decode()
    Attachment.objects.update(state=AttachmentState.READY)

    links = [f"/proposals/{finished_draft.pk}/attachments/{photo_sent.pk}/", page + "versions/", page + "messages/"]
    assert [f'href="{link}"' in text for link in links] == [True, True, True]
    assert b"".join(client.get(links[0])).startswith(b"\xff\xd8")  # read to its end, which closes it: a JPEG
    assert [client.get(link).status_code for link in links[1:]] == [200, 200]
    assert (links[0] in scanning, "tuin.jpg" in scanning) == (False, True)


@pytest.mark.parametrize("number", [0, 3])
def test_a_dossier_takes_as_many_queries_whatever_looks_like_it(
    number: int, sent: Proposal, otto: Person, as_person: SignIn
) -> None:
    for place in range(number):
        make(sent.round, 100 + place, title=sent.title)
    client = as_person(otto)
    client.get(f"/manage/proposals/{sent.pk}/")

    with CaptureQueriesContext(connection) as queries:
        client.get(f"/manage/proposals/{sent.pk}/")

    assert len(queries) == 14


def test_what_came_in_elsewhere_can_be_read_too(open_round: Round, otto: Person, as_person: SignIn) -> None:
    paper = make(open_round, 9, title="Op papier")

    response = as_person(otto).get(f"/manage/proposals/{paper.pk}/")

    assert (response.status_code, "Op papier" in response.content.decode()) == (200, True)


def test_drafts_and_other_funds_do_not_exist_for_officials(
    draft: Proposal, otto: Person, ines: Person, vera: Person, as_person: SignIn
) -> None:
    statuses = [as_person(user).get(f"/manage/proposals/{draft.pk}/").status_code for user in (otto, ines, vera)]

    assert statuses == [404, 404, 404]
    assert AuditEntry.objects.filter(action="read_proposal").count() == 0


def test_an_official_fills_in_the_checklist_and_finds_it_complete(
    sent: Proposal, otto: Person, as_person: SignIn
) -> None:
    set_points(round=sent.round, by=otto, mark=mark_of_points([]), points=["Compleet?"])
    point = ScreeningPoint.objects.get()
    client = as_person(otto)
    typed = {
        "mark": mark_of_checklist(checklist_of(sent)),
        f"answer_{point.pk}": "yes",
        f"note_{point.pk}": "Prima 👍",
    }

    assert client.post(f"/manage/proposals/{sent.pk}/checklist/", typed).status_code == 302
    kept = ScreeningAnswer.objects.get()
    assert (kept.answer, kept.note) == (True, "Prima 👍")

    stale = client.post(f"/manage/proposals/{sent.pk}/checklist/", typed | {f"note_{point.pk}": "Anders"})
    assert (stale.status_code, "Anders" in stale.content.decode(), "Prima 👍" in stale.content.decode()) == (
        409,
        True,
        True,
    )
    too_long = typed | {f"note_{point.pk}": "x" * 3000}
    assert client.post(f"/manage/proposals/{sent.pk}/checklist/", too_long).status_code == 200

    client.post(f"/manage/proposals/{sent.pk}/admit/", {"seen": "1"})
    assert Proposal.objects.get(pk=sent.pk).state == State.ELIGIBLE
    assert "Prima 👍" in client.get(f"/manage/proposals/{sent.pk}/").content.decode()


@pytest.mark.parametrize("seen", ["", "0", "9", "x"])
def test_an_old_page_admits_nothing(seen: str, sent: Proposal, otto: Person, as_person: SignIn) -> None:
    as_person(otto).post(f"/manage/proposals/{sent.pk}/admit/", {"seen": seen})

    assert Proposal.objects.get(pk=sent.pk).state == State.SUBMITTED


def test_after_the_checking_the_buttons_are_refused_and_the_dossier_stays(
    sent: Proposal, otto: Person, as_person: SignIn
) -> None:
    client = as_person(otto)
    set_points(round=sent.round, by=otto, mark=mark_of_points([]), points=["Compleet?"])
    Round.objects.filter(pk=sent.round_id).update(stage=Stage.SCORING)
    page = f"/manage/proposals/{sent.pk}/"

    answers = [
        client.get(page),
        client.post(page + "admit/", {"seen": "1"}, follow=True),
        client.post(page + "checklist/", {"mark": mark_of_checklist(checklist_of(sent))}, follow=True),
        client.get(page + "ask/", follow=True),
        client.get(page + "extend/", follow=True),
        client.get(page + "not-treat/", follow=True),
        client.get("/manage/rounds/ronde-2027/screening/points/"),
    ]

    assert [answer.status_code for answer in answers] == [200] * 7
    assert Proposal.objects.get(pk=sent.pk).state == State.SUBMITTED


# --- the checklist of a round -----------------------------------------------------------------------------------------


def test_officials_set_up_the_checklist_and_two_at_once_lose_nothing(
    open_round: Round, otto: Person, as_person: SignIn
) -> None:
    client, url = as_person(otto), "/manage/rounds/ronde-2027/screening/points/"
    typed = {"mark": mark_of_points([]), "points": "Compleet?\n\n  In de   gemeente? 🏡 "}

    assert client.post(url, typed).status_code == 302
    assert [point.text for point in ScreeningPoint.objects.all()] == ["Compleet?", "In de gemeente? 🏡"]

    stale = client.post(url, typed | {"points": "Iets anders"})
    assert (stale.status_code, "Iets anders" in stale.content.decode()) == (409, True)
    double = client.post(url, {"mark": mark_of_points(["Compleet?", "In de gemeente? 🏡"]), "points": "A\nA"})
    assert double.status_code == 200
    assert client.post(url, {"points": "x" * 7000}).status_code == 200
    assert "In de gemeente" in client.get(url).content.decode()
    assert ScreeningPoint.objects.count() == 2


def test_a_new_round_begins_with_the_points_of_the_last(
    open_round: Round, fund: Fund, otto: Person, as_person: SignIn
) -> None:
    set_points(round=open_round, by=otto, mark=mark_of_points([]), points=["Compleet?"])
    create_round(fund=fund, by=otto, name="Ronde 2028", slug="ronde-2028")

    text = as_person(otto).get("/manage/rounds/ronde-2028/screening/points/").content.decode()

    assert ("Compleet?" in text, "Ronde 2027" in text) == (True, True)


# --- asking and answering ---------------------------------------------------------------------------------------------


def test_an_official_asks_and_mistakes_are_explained(sent: Proposal, otto: Person, as_person: SignIn) -> None:
    client, url = as_person(otto), f"/manage/proposals/{sent.pk}/ask/"
    due = timezone.localdate() + timedelta(days=20)
    good = {"seen": "1", "fields_asked": ["where_when"], "why": "Waar?", "due_date": due.strftime("%d-%m-%Y")}

    refused = [
        client.get(url),
        client.post(url, {}),
        client.post(url, good | {"why": " \u200b "}),
        client.post(url, good | {"due_date": timezone.localdate().strftime("%d-%m-%Y")}),
    ]
    assert [answer.status_code for answer in refused] == [200] * 4
    assert client.post(url, good | {"seen": "8"}).status_code == 302
    assert Supplement.objects.count() == 0

    assert client.post(url, good).status_code == 302
    assert Supplement.objects.get().due_date == due


def test_an_official_gives_more_time_and_in_the_end_leaves_it_untreated(
    asked: Proposal, otto: Person, as_person: SignIn
) -> None:
    client, page = as_person(otto), f"/manage/proposals/{asked.pk}/"
    seen = (timezone.localdate() + timedelta(days=14)).isoformat()
    later = timezone.localdate() + timedelta(days=21)
    assert seen in client.get(page + "extend/").content.decode()

    early = client.post(page + "extend/", {"seen_due_date": seen, "due_date": "1-1-2020"})
    client.post(page + "extend/", {"seen_due_date": seen, "due_date": later.strftime("%d-%m-%Y")})
    assert (early.status_code, Supplement.objects.get().due_date) == (200, later)
    assert client.get(page + "not-treat/").status_code == 302
    assert client.get(page).status_code == 200

    gone = timezone.localdate() - timedelta(days=1)
    Supplement.objects.update(due_date=gone)
    assert client.get(page + "not-treat/").status_code == 200
    empty = {"seen_due_date": gone.isoformat(), "reasons": "\u200b"}
    assert client.post(page + "not-treat/", empty).status_code == 200
    client.post(page + "not-treat/", empty | {"reasons": "Er kwam niets."})
    assert Proposal.objects.get(pk=asked.pk).state == State.NOT_TREATED
    assert "Er kwam niets." in client.get(page).content.decode()


def test_the_initiator_sees_what_is_asked_above_the_question_and_answers(
    asked: Proposal, ines: Person, as_person: SignIn
) -> None:
    client, page = as_person(ines), f"/proposals/{asked.pk}/"
    assert page + "supplement/" in client.get(page + "receipt/").content.decode()
    assert "Waar is het?" in client.get(page + "supplement/").content.decode()
    assert "Waar is het?" in client.get(page + "write/where_when/").content.decode()

    saved = client.post(page + "write/where_when/", {"seen": "0", "value": "In De Linde"})
    other = client.post(page + "write/summary/", {"seen": "1", "value": "Iets heel anders"})
    assert (saved["Location"], other["Location"]) == (page + "supplement/", page + "receipt/")

    assert client.post(page + "supplement/").status_code == 302
    kept = Proposal.objects.get(pk=asked.pk)
    assert (kept.state, kept.where_when, kept.summary) == (
        State.SUBMITTED,
        "In De Linde",
        "Elke donderdag koken wij.",
    )
    assert client.get(page + "supplement/").status_code == 403


def test_a_page_that_was_open_when_it_was_sent_leads_on(asked: Proposal, ines: Person, as_person: SignIn) -> None:
    client, page = as_person(ines), f"/proposals/{asked.pk}/supplement/"
    Supplement.objects.update(fields=["where_when", "summary"])
    Proposal.objects.filter(pk=asked.pk).update(summary="")

    missing = client.post(page)
    assert missing.status_code == 409
    Supplement.objects.all().delete()
    assert client.get(page).status_code == 302


@pytest.mark.parametrize("pages", [["supplement/", "write/where_when/"]])
def test_pages_of_the_initiator_take_six_queries_at_most(
    pages: list[str], asked: Proposal, ines: Person, as_person: SignIn
) -> None:
    client = as_person(ines)
    for page in pages:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/proposals/{asked.pk}/{page}")
        assert len(queries) <= 6, page


def test_somebody_elses_supplement_does_not_exist(asked: Proposal, omar: Person, as_person: SignIn) -> None:
    assert as_person(omar).get(f"/proposals/{asked.pk}/supplement/").status_code == 404
    assert Field.WHERE_WHEN in asked.supplements.get().fields
