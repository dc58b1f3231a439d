"""The pages as people use them: what they show, what they save, and what they say when it does not go as planned."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Person
from rounds.actions import advance, change_round, create_fund, create_round, give_seat, record
from rounds.lifecycle import Event, Role, Stage
from rounds.models import Criterion, Fund, Round, Seat

type SignIn = Callable[[Person | None], Client]


@pytest.fixture
def office(as_person: SignIn, otto: Person) -> Client:
    """Otto's browser."""
    return as_person(otto)


def url(name: str, *arguments: object) -> str:
    return reverse(f"rounds:{name}", args=arguments)


def html(response: Any) -> str:
    return str(response.content.decode())


MONEY = {
    "ceiling": "€ 120.000,50",
    "opens_at_day": "1 maart 2027",
    "opens_at_time": "9:00",
    "closes_at_day": "31-5-2027",
    "closes_at_time": "",
    "scoring_ends_at_day": "",
    "scoring_ends_at_time": "",
    "voting_ends_at_day": "",
    "voting_ends_at_time": "",
    "decision_date": "2027-09-01",
}
CRITERIA = {
    "form-TOTAL_FORMS": "2",
    "form-INITIAL_FORMS": "0",
    "form-0-name": "Blijvend",
    "form-0-question": "Blijft er iets over?",
    "form-0-weight": "3",
    "form-1-name": "",
    "form-1-question": "",
    "form-1-weight": "1",
}

# --- lists ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_overview_asks_as_much_for_three_rounds_as_for_one(
    rows: int, office: Client, fund: Fund, otto: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        create_round(fund=fund, by=otto, name=f"Ronde {number} 🌷", slug=f"ronde-{number}")

    with django_assert_num_queries(5):
        response = office.get(url("overview"))

    assert html(response).count('<th scope="row">') == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_office_page_asks_as_much_for_three_criteria_as_for_one(
    rows: int, office: Client, planned_round: Round, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows - 1):
        Criterion.objects.create(round=planned_round, name=f"Punt {number}", question="?")

    with django_assert_num_queries(7):
        response = office.get(url("office", planned_round.slug))

    assert response.status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_seats_ask_as_much_for_three_as_for_one(
    rows: int,
    office: Client,
    fund: Fund,
    otto: Person,
    ines: Person,
    omar: Person,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for person in (ines, omar)[: rows - 1]:
        give_seat(fund=fund, person=person, role=Role.MEMBER, from_date=timezone.localdate(), by=otto)

    with django_assert_num_queries(5):
        response = office.get(url("seats", fund.slug))

    assert html(response).count('<th scope="row">') == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_trail_asks_as_much_for_three_lines_as_for_one(
    rows: int, office: Client, fund: Fund, otto: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    round = create_round(fund=fund, by=otto, name="Ronde", slug="ronde")
    for _time in range(rows - 1):
        record(action="look", subject=round, by=otto, reason="Zomaar.")

    with django_assert_num_queries(7):
        response = office.get(url("round_trail", round.slug))

    assert html(response).count('<th scope="row">') == rows


def test_a_long_trail_comes_in_pages(office: Client, fund: Fund) -> None:
    for _time in range(51):
        record(action="look", subject=fund, by=None)

    first, second = (office.get(url("fund_trail", fund.slug), {"page": page}) for page in ("1", "2"))

    assert html(first).count('<th scope="row">') == 50
    assert html(second).count('<th scope="row">') == 3
    assert office.get(url("fund_trail", fund.slug), {"page": "x"}).status_code == 200


def test_the_overview_without_rounds_says_what_to_do(office: Client, fund: Fund) -> None:
    assert url("new_round", fund.slug) in html(office.get(url("overview")))


def test_a_chair_sees_the_rounds_and_no_set_up(as_person: SignIn, vera: Person, planned_round: Round) -> None:
    client = as_person(vera)

    page = html(client.get(url("overview")))
    office = html(client.get(url("office", planned_round.slug)))

    assert planned_round.name in page
    assert url("new_round", planned_round.fund.slug) not in page
    assert url("money", planned_round.slug) not in office
    assert url("copy_round", planned_round.slug) not in office


# --- who gets in ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["office", "copy_round", "money", "call", "criteria", "ballot", "division", "counting", "round_trail"]
)
def test_a_round_in_preparation_is_not_there_for_others(
    name: str, as_person: SignIn, planned_round: Round, ines: Person
) -> None:
    address = url(name, planned_round.slug)

    assert as_person(ines).get(address).status_code == 404
    assert as_person(None).get(address).status_code == 302
    assert as_person(ines).get(url(name, "nowhere")).status_code == 404


def test_the_rule_of_a_round_in_preparation_is_not_there(as_person: SignIn, planned_round: Round, otto: Person) -> None:
    for person in (None, otto):
        assert as_person(person).get(url("rule", planned_round.slug)).status_code == 404
        assert as_person(person).get(url("rule_document", planned_round.slug, 1)).status_code == 404


@pytest.mark.parametrize("name", ["money", "change_rule", "copy_round"])
def test_a_wrong_role_may_not_save(
    name: str, as_person: SignIn, open_round: Round, vera: Person, corrie: Person, ines: Person
) -> None:
    for person in (vera, corrie, ines):
        assert as_person(person).post(url(name, open_round.slug), MONEY).status_code == 403


def test_the_chair_may_not_open_the_round(as_person: SignIn, planned_round: Round, vera: Person) -> None:
    assert as_person(vera).post(url("step", planned_round.slug, "open")).status_code == 403
    assert Round.objects.get().stage == Stage.PLANNED


def test_an_official_of_another_fund_may_nothing_here(
    as_person: SignIn, open_round: Round, fund: Fund, omar: Person
) -> None:
    create_fund(by=omar, name="Ander fonds", slug="ander")
    client = as_person(omar)

    assert client.get(url("office", open_round.slug)).status_code == 403
    assert client.get(url("seats", fund.slug)).status_code == 403
    assert client.get(url("end_seat", Seat.objects.filter(fund=fund).get().pk)).status_code == 404


# --- a fund and its seats ---------------------------------------------------------------------------------------------


def test_an_official_sets_up_another_fund(office: Client, otto: Person) -> None:
    response = office.post(url("new_fund"), {"name": "Kunstfonds 🎭"})

    made = Fund.objects.get(slug="kunstfonds")
    assert response.headers["Location"] == url("new_round", "kunstfonds")
    assert Seat.objects.filter(fund=made, person=otto, role=Role.OFFICIAL).exists()


def test_a_fund_without_a_name_comes_back_with_what_was_typed(office: Client, fund: Fund) -> None:
    for address in (url("new_fund"), url("change_fund", fund.slug)):
        page = html(office.post(address, {"name": "", "purpose": "Meedoen & <b>meer</b>"}))

        assert "Meedoen &amp; &lt;b&gt;meer&lt;/b&gt;" in page
        assert "error-summary" in page


def test_a_fund_is_changed(office: Client, fund: Fund) -> None:
    response = office.post(url("change_fund", fund.slug), {"name": "Nieuwe naam", "purpose": "", "scheme_name": ""})

    assert response.status_code == 302
    assert Fund.objects.get().name == "Nieuwe naam"


def test_a_seat_is_given_ended_and_extended(office: Client, fund: Fund) -> None:
    today = timezone.localdate()
    office.post(
        url("give_seat", fund.slug),
        {"email": "nina@test.example", "name": "Nina", "role": "member", "from_date": f"{today:%d-%m-%Y}"},
    )
    seat = Seat.objects.get(person__email="nina@test.example")

    office.post(url("end_seat", seat.pk), {"until_date": f"{today + timedelta(days=3):%d-%m-%Y}"})
    seat.refresh_from_db()
    assert seat.until_date == today + timedelta(days=3)

    assert f"{today + timedelta(days=368):%d-%m-%Y}" in html(office.get(url("extend_seat", seat.pk)))
    office.post(url("extend_seat", seat.pk), {"until_date": ""})
    seat.refresh_from_db()
    assert seat.until_date is None
    assert "Nina" in html(office.get(url("seats", fund.slug)))


@pytest.mark.parametrize("data", [{}, {"email": "x", "role": "king"}])
def test_a_seat_that_cannot_be_given_comes_back(data: dict[str, str], office: Client, fund: Fund) -> None:
    assert "error-summary" in html(office.post(url("give_seat", fund.slug), data))


def test_a_seat_that_somebody_has_already_is_explained(office: Client, fund: Fund, corrie: Person) -> None:
    data = {"email": corrie.email or "", "role": "member", "from_date": "1-1-2027"}

    assert "error-summary" in html(office.post(url("give_seat", fund.slug), data))
    assert corrie.seats.count() == 1


def test_the_last_official_cannot_leave(office: Client, otto: Person) -> None:
    response = office.post(url("end_seat", otto.seats.get().pk), {"until_date": "31-12-2027"})

    assert "error-summary" in html(response)
    assert otto.seats.get().until_date is None


# --- setting up a round -----------------------------------------------------------------------------------------------


def test_a_new_round_starts_with_a_name(office: Client, fund: Fund) -> None:
    response = office.post(url("new_round", fund.slug), {"name": "جولة 🌷", "slug": ""}, follow=True)

    assert Round.objects.get().slug == "round"
    assert "جولة 🌷" in html(response)


def test_a_new_round_with_an_address_that_is_taken_comes_back(office: Client, fund: Fund, planned_round: Round) -> None:
    page = html(office.post(url("new_round", fund.slug), {"name": "Ronde", "slug": planned_round.slug}))

    assert "ronde-2027-2" in page
    assert Round.objects.count() == 1


def test_last_years_round_is_copied_with_the_suggested_name(office: Client, planned_round: Round) -> None:
    address = url("copy_round", planned_round.slug)
    page = html(office.get(address))
    assert 'value="Ronde 2028"' in page
    assert 'value="ronde-2028"' in page

    response = office.post(address, {"name": "Ronde 2028", "slug": "ronde-2028"})

    assert response.headers["Location"] == url("set_up", "ronde-2028")
    assert Round.objects.get(slug="ronde-2028").criteria.count() == 1


def test_a_copy_without_a_name_comes_back(office: Client, planned_round: Round) -> None:
    assert "error-summary" in html(office.post(url("copy_round", planned_round.slug), {"name": ""}))


def test_money_and_dates_are_saved(office: Client, planned_round: Round) -> None:
    response = office.post(url("money", planned_round.slug), {**MONEY, "edition": planned_round.edition})

    assert response.headers["Location"] == url("office", planned_round.slug)
    planned_round.refresh_from_db()
    assert planned_round.ceiling == 120_000_50
    assert timezone.localtime(planned_round.closes_at).isoformat() == "2027-05-31T23:59:00+02:00"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("call", {"call": "Vertel 🌷 " * 2000}),
        ("ballot", {"ballot_type": "points", "points": "12", "secrecy": "open"}),
        ("division", {"allocation_rule": "greedy_votes", "tie_break": "lot", "lot_seed": "Loterij"}),
        ("counting", {"threshold": "2", "minimum_scores": "0", "quorum_percent": "100"}),
    ],
)
def test_each_part_is_saved(name: str, data: dict[str, str], office: Client, planned_round: Round) -> None:
    edition = planned_round.edition

    response = office.post(url(name, planned_round.slug), {**data, "edition": edition})

    assert response.status_code == 302
    assert Round.objects.get().edition == edition + 1


def test_a_ballot_that_does_not_suit_the_rule_is_saved_with_a_warning(office: Client, planned_round: Round) -> None:
    Round.objects.update(ballot_type="pot", allocation_rule="average_pot")
    data = {"ballot_type": "approval", "points": "", "secrecy": "secret", "edition": planned_round.edition}

    page = html(office.post(url("ballot", planned_round.slug), data, follow=True))

    assert "utrecht-alert--warning" in page
    assert url("step", planned_round.slug, "open") not in page


@pytest.mark.parametrize("typed", ["-5", "veel", "999999999999", "💶"])
def test_an_absurd_amount_comes_back_as_it_was_typed(typed: str, office: Client, planned_round: Round) -> None:
    page = html(
        office.post(url("money", planned_round.slug), {**MONEY, "ceiling": typed, "edition": planned_round.edition})
    )

    assert f'value="{typed}"' in page
    assert Round.objects.get().ceiling == 100_000_00


def test_criteria_are_saved(office: Client, planned_round: Round) -> None:
    response = office.post(url("criteria", planned_round.slug), {**CRITERIA, "edition": planned_round.edition})

    assert response.status_code == 302
    assert list(planned_round.criteria.values_list("name", "weight")) == [("Blijvend", 3)]


def test_a_row_is_added_without_javascript_and_nothing_is_lost(office: Client, planned_round: Round) -> None:
    data = {**CRITERIA, "form-0-weight": "veel", "edition": planned_round.edition, "add_row": "yes"}

    page = html(office.post(url("criteria", planned_round.slug), data))

    assert 'name="form-TOTAL_FORMS" value="3"' in page
    assert 'value="veel"' in page
    assert "error-summary" not in page
    assert f'name="edition" value="{planned_round.edition}"' in page
    assert planned_round.criteria.get().name == "Meedoen"


@pytest.mark.parametrize(
    "changes",
    [{"form-0-weight": "11"}, {"form-0-name": ""}, {"form-TOTAL_FORMS": "0"}, {"form-TOTAL_FORMS": "x"}],
)
def test_criteria_that_cannot_be_come_back(changes: dict[str, str], office: Client, planned_round: Round) -> None:
    data = {**CRITERIA, **changes, "edition": planned_round.edition}

    response = office.post(url("criteria", planned_round.slug), data)

    assert response.status_code == 200
    assert "error-summary" in html(response)
    assert planned_round.criteria.get().name == "Meedoen"


# --- somebody else was quicker ----------------------------------------------------------------------------------------


def test_a_stale_page_keeps_what_was_typed_and_can_be_saved_again(
    office: Client, planned_round: Round, otto: Person
) -> None:
    stale = planned_round.edition
    change_round(round=planned_round, edition=stale, by=otto, ceiling=77_000_00)
    address = url("money", planned_round.slug)

    response = office.post(address, {**MONEY, "edition": stale})

    page = html(response)
    assert response.status_code == 409
    assert "77.000" in page.replace(",", ".")
    assert "€ 120.000,50" in page
    assert Round.objects.get().ceiling == 77_000_00

    fresh = re.search(r'name="edition" value="(\d+)"', page)
    assert fresh is not None
    assert office.post(address, {**MONEY, "edition": fresh[1]}).status_code == 302
    assert Round.objects.get().ceiling == 120_000_50


def test_stale_criteria_keep_what_was_typed(office: Client, planned_round: Round, otto: Person) -> None:
    stale = planned_round.edition
    change_round(round=planned_round, edition=stale, by=otto, call="Anders.")

    response = office.post(url("criteria", planned_round.slug), {**CRITERIA, "edition": stale})

    assert response.status_code == 409
    assert 'value="Blijvend"' in html(response)
    assert f'name="edition" value="{stale + 1}"' in html(response)


def test_a_set_up_page_sent_after_opening_keeps_what_was_typed_and_says_why(office: Client, open_round: Round) -> None:
    for name, data, typed in (
        ("money", MONEY, "€ 120.000,50"),
        ("call", {"call": "Te late tekst"}, "Te late tekst"),
        ("call", {"call": ""}, ""),
        ("criteria", CRITERIA, "Blijvend"),
    ):
        response = office.post(url(name, open_round.slug), {**data, "edition": open_round.edition})

        page = html(response)
        assert response.status_code == 409
        assert typed in page
        assert url("office", open_round.slug) in page
        assert 'type="submit">' not in page.partition("<main")[2].partition("</main>")[0].replace("add_row", "")
    assert Round.objects.get().ceiling == 100_000_00


def test_after_opening_the_set_up_can_only_be_read(office: Client, open_round: Round) -> None:
    for name in ("money", "call", "criteria", "ballot", "division", "counting"):
        response = office.get(url(name, open_round.slug))
        assert response.headers["Location"] == url("set_up", open_round.slug)

    page = html(office.get(url("set_up", open_round.slug)))

    assert "Vertel ons uw idee." in page
    assert url("change_rule", open_round.slug) in page


def test_before_opening_the_set_up_is_the_office_page(office: Client, planned_round: Round) -> None:
    response = office.get(url("set_up", planned_round.slug))

    assert response.headers["Location"] == url("office", planned_round.slug)


# --- moving on --------------------------------------------------------------------------------------------------------


def test_opening_is_asked_first_with_the_rule_and_its_digest(office: Client, planned_round: Round) -> None:
    page = html(office.get(url("step", planned_round.slug, "open")))
    shown = re.search(r"[0-9a-f]{64}", page)
    assert shown is not None

    office.post(url("step", planned_round.slug, "open"), {"edition": planned_round.edition})

    assert planned_round.rule_versions.get().digest == shown[0]
    assert shown[0] in html(office.get(url("office", planned_round.slug)))


def test_what_stands_in_the_way_is_listed_with_links(office: Client, fund: Fund, otto: Person) -> None:
    round = create_round(fund=fund, by=otto, name="Leeg", slug="leeg")

    for page in (html(office.get(url("office", "leeg"))), html(office.get(url("step", "leeg", "open")))):
        assert url("money", "leeg") in page
        assert url("call", "leeg") in page
        assert url("criteria", "leeg") in page

    response = office.post(url("step", "leeg", "open"), {"edition": round.edition})
    assert response.status_code == 409
    assert Round.objects.get().stage == Stage.PLANNED


def test_a_second_click_is_told_that_the_round_moved_on(office: Client, planned_round: Round) -> None:
    address, data = url("step", planned_round.slug, "open"), {"edition": planned_round.edition}
    office.post(address, data)

    again = office.post(address, data, follow=True)

    assert again.redirect_chain[-1][0] == url("office", planned_round.slug)
    assert "utrecht-alert--warning" in html(again)
    assert planned_round.rule_versions.count() == 1
    assert office.get(address).status_code == 200


def test_a_rule_that_changed_meanwhile_has_to_be_read_again(office: Client, planned_round: Round, otto: Person) -> None:
    seen = planned_round.edition
    change_round(round=planned_round, edition=seen, by=otto, ceiling=1_00)

    response = office.post(url("step", planned_round.slug, "open"), {"edition": seen})

    assert response.headers["Location"] == url("step", planned_round.slug, "open")
    assert Round.objects.get().stage == Stage.PLANNED


def test_calling_off_asks_why_and_shows_it(office: Client, planned_round: Round) -> None:
    address = url("step", planned_round.slug, "cancel")

    assert "error-summary" in html(office.post(address, {"edition": "1", "reason": ""}))
    office.post(address, {"edition": "1", "reason": "Te weinig <geld> 🌷."})

    assert Round.objects.get().stage == Stage.CANCELLED
    assert "Te weinig &lt;geld&gt; 🌷." in html(office.get(url("office", planned_round.slug)))


def test_an_unknown_step_is_not_there(office: Client, planned_round: Round) -> None:
    assert office.get(url("step", planned_round.slug, "explode")).status_code == 404


# --- the rule ---------------------------------------------------------------------------------------------------------


def rule_data(round: Round, **changes: str) -> dict[str, str]:
    return {
        "edition": str(round.edition),
        "reason": "De raad gaf <meer> 🌷.",
        "ceiling": "120.000",
        "ballot_type": round.ballot_type,
        "points": "",
        "secrecy": round.secrecy,
        "allocation_rule": round.allocation_rule,
        "tie_break": round.tie_break,
        "lot_seed": "",
        "threshold": "0",
        "minimum_scores": "3",
        "quorum_percent": "50",
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "0",
        "form-0-name": "Meedoen",
        "form-0-question": "Helpt dit mensen om mee te doen?",
        "form-0-weight": "2",
        **changes,
    }


def test_everybody_reads_the_rule_and_can_recompute_its_digest(
    as_person: SignIn, open_round: Round, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    visitor = as_person(None)
    with django_assert_num_queries(2):
        page = html(visitor.get(url("rule", open_round.slug)))

    file = visitor.get(url("rule_document", open_round.slug, 1))

    assert file.headers["Content-Disposition"] == 'attachment; filename="ronde-2027-rule-1.json"'
    assert hashlib.sha256(file.content).hexdigest() in page
    assert "sha256sum ronde-2027-rule-1.json" in page


def test_a_changed_rule_shows_old_and_new_with_the_reason(office: Client, open_round: Round) -> None:
    response = office.post(url("change_rule", open_round.slug), rule_data(open_round))

    assert response.headers["Location"] == url("rule", open_round.slug)
    page = html(office.get(url("rule", open_round.slug)))
    assert "De raad gaf &lt;meer&gt; 🌷." in page
    assert "100.000" in page.replace(",", ".")
    assert "120.000" in page.replace(",", ".")
    assert [version.digest in page for version in open_round.rule_versions.all()] == [True, True]


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": ""},
        {"allocation_rule": "majority"},
        {"form-0-weight": "0"},
        {"form-TOTAL_FORMS": "0"},
        {"ceiling": "100.000"},
    ],
)
def test_a_rule_that_cannot_be_published_comes_back(changes: dict[str, str], office: Client, open_round: Round) -> None:
    response = office.post(url("change_rule", open_round.slug), rule_data(open_round, **changes))

    assert response.status_code == 200
    assert "error-summary" in html(response)
    assert open_round.rule_versions.count() == 1


def test_a_stale_rule_page_keeps_what_was_typed(office: Client, open_round: Round) -> None:
    data = rule_data(open_round)
    office.post(url("change_rule", open_round.slug), rule_data(open_round, ceiling="99"))

    response = office.post(url("change_rule", open_round.slug), data)

    assert response.status_code == 409
    assert 'value="120.000"' in html(response)
    assert f'name="edition" value="{open_round.edition + 1}"' in html(response)
    assert open_round.rule_versions.count() == 2


def test_a_row_is_added_to_the_rule_without_losing_anything(office: Client, open_round: Round) -> None:
    data = rule_data(open_round, add_row="yes", ceiling="veel")

    page = html(office.post(url("change_rule", open_round.slug), data))

    assert 'name="form-TOTAL_FORMS" value="2"' in page
    assert 'value="veel"' in page
    assert open_round.rule_versions.count() == 1


def test_from_the_vote_on_the_rule_stands_and_what_was_typed_stays(
    office: Client, open_round: Round, in_stage: Callable[[Stage], Round]
) -> None:
    round = in_stage(Stage.VOTING)

    response = office.post(url("change_rule", round.slug), rule_data(round))

    assert response.status_code == 409
    assert 'value="120.000"' in html(response)
    assert office.get(url("change_rule", round.slug)).headers["Location"] == url("set_up", round.slug)
    assert url("change_rule", round.slug) not in html(office.get(url("office", round.slug)))


def test_while_scoring_the_points_stand_and_the_weights_may_change(
    office: Client, open_round: Round, in_stage: Callable[[Stage], Round]
) -> None:
    round = in_stage(Stage.SCORING)
    assert office.get(url("change_rule", round.slug)).status_code == 200

    renamed = office.post(url("change_rule", round.slug), rule_data(round, **{"form-0-name": "Anders"}))
    weighed = office.post(url("change_rule", round.slug), rule_data(round, **{"form-0-weight": "5"}))

    assert "error-summary" in html(renamed)
    assert weighed.status_code == 302


def test_the_choices_are_explained_to_everybody(as_person: SignIn, db: None) -> None:
    page = html(as_person(None).get(url("choices")))

    for anchor in ("ballots", "secrecy", "rules", "partial", "ties", "threshold", "scores", "quorum", "weights"):
        assert f'id="{anchor}"' in page
        assert f'href="#{anchor}"' in page


def test_the_forms_lead_to_the_explanation_of_their_choice(office: Client, planned_round: Round) -> None:
    anchors = {
        "ballot": ("ballots", "secrecy"),
        "division": ("rules", "partial", "ties"),
        "counting": ("threshold", "scores", "quorum"),
        "criteria": ("weights",),
    }
    for name, wanted in anchors.items():
        page = html(office.get(url(name, planned_round.slug)))
        assert [f"{url('choices')}#{anchor}" in page for anchor in wanted] == [True] * len(wanted)


def test_nothing_is_left_out_of_any_page(
    office: Client, open_round: Round, fund: Fund, settings: Any, otto: Person
) -> None:
    template = dict(settings.TEMPLATES[0])
    template["OPTIONS"] = {**template["OPTIONS"], "string_if_invalid": "MISSING-VARIABLE"}
    settings.TEMPLATES = [template]
    create_round(fund=fund, by=otto, name="Tweede", slug="tweede")
    called_off = create_round(fund=fund, by=otto, name="Derde", slug="derde")
    advance(called_off, Event.CANCEL, otto, reason="Geen geld.")
    seat = otto.seats.get().pk
    pages = [
        url("overview"),
        url("new_fund"),
        *(url(name, fund.slug) for name in ("change_fund", "new_round", "seats", "give_seat", "fund_trail")),
        *(url(name, "ronde-2027") for name in ("office", "copy_round", "round_trail", "set_up", "change_rule", "rule")),
        *(url(name, "tweede") for name in ("office", "money", "call", "criteria", "ballot", "division", "counting")),
        url("step", "tweede", "open"),
        url("step", "tweede", "cancel"),
        url("step", "ronde-2027", "close_call"),
        url("step", "ronde-2027", "open"),
        url("office", "derde"),
        url("end_seat", seat),
        url("extend_seat", seat),
        url("choices"),
    ]

    assert [address for address in pages if "MISSING-VARIABLE" in html(office.get(address))] == []
