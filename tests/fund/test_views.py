"""The public pages: what stands there, what does not, how many queries, how many bytes."""

import gzip
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Person
from fund.actions import allocate_round, compare_rules
from proposals.lifecycle import State
from proposals.models import BudgetLine, Proposal
from rounds.actions import advance
from rounds.lifecycle import COUNTED, Event, Stage
from rounds.models import Fund, Round
from tests.fund.conftest import MakeRound

type AsPerson = Callable[[Person | None], Client]


def _text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def _counted(make_round: MakeRound, size: int = 3, **fields: Any) -> Round:
    letters = "abcdefghijklmnopqrstuvwxyz"[:size]
    round = make_round([600, 500, *[300] * (size - 2)][:size], [letters, letters[0], letters[::2], ""], **fields)
    allocate_round(round=round, by=None)
    compare_rules(round=round, by=None)
    return round


# --- home -------------------------------------------------------------------------------------------------------------


def test_without_any_fund_the_first_page_says_what_to_do(db: None, client: Client) -> None:
    text = _text(client, "/")

    assert "load_demo" in text
    assert "import_round" in text


def test_a_fund_without_rounds_asks_for_patience_and_offers_the_phone(fund: Fund, client: Client) -> None:
    text = _text(client, "/")

    assert f"<h1>{fund.name}</h1>" in text
    assert "pf-empty" in text


def test_the_first_page_shows_the_open_call_and_the_last_result(
    make_round: MakeRound, planned_round: Round, otto: Person, client: Client
) -> None:
    counted = _counted(make_round, number=1)
    Round.objects.filter(pk=counted.pk).update(opens_at=planned_round.opens_at)
    advance(planned_round, Event.OPEN, otto)

    text = _text(client, "/")

    assert 'href="/rounds/ronde-2027/"' in text
    assert 'href="/rounds/ronde-1/"' in text
    assert 'id="pot-caption"' in text
    assert "Plan 0" in text


def test_a_planned_round_is_nobodys_business_on_the_first_page(
    planned_round: Round, otto: Person, as_person: AsPerson
) -> None:
    assert planned_round.slug not in _text(as_person(otto), "/")


def test_an_election_from_elsewhere_is_never_the_houses_own_fund(
    make_round: MakeRound, planned_round: Round, otto: Person, client: Client
) -> None:
    other = Fund.objects.create(name="Elders", slug="elders")
    Round.objects.filter(pk=_counted(make_round).pk).update(fund=other)
    advance(planned_round, Event.OPEN, otto)

    text = _text(client, "/")

    assert f"<h1>{planned_round.fund.name}</h1>" in text
    assert 'href="/rounds/ronde-1/"' in text


def test_a_tied_last_round_does_not_break_the_first_page(make_round: MakeRound, client: Client) -> None:
    allocate_round(round=make_round([600, 600], ["ab"], tie_break="none"), by=None)

    assert 'href="/rounds/ronde-1/"' in _text(client, "/")


@pytest.mark.parametrize("size", [1, 3])
def test_the_first_page_asks_the_database_three_things(
    make_round: MakeRound, client: Client, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, size + 1):
        _counted(make_round, size=size, number=number)

    with django_assert_num_queries(3):
        _text(client, "/")


# --- a round ----------------------------------------------------------------------------------------------------------


def test_a_counted_round_shows_every_proposal_with_its_reason(make_round: MakeRound, client: Client) -> None:
    _counted(make_round)

    text = _text(client, "/rounds/ronde-1/")

    for number in range(3):
        assert text.count(f"Plan {number}") == 1
    assert text.count("pf-caption") >= 4
    assert "€\N{NO-BREAK SPACE}900" in text
    assert 'href="/rounds/ronde-1/compare/"' in text


@pytest.mark.parametrize("size", [1, 3])
def test_a_round_asks_the_database_four_things(
    make_round: MakeRound, client: Client, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _counted(make_round, size=size)

    with django_assert_num_queries(4):
        _text(client, "/rounds/ronde-1/")


@pytest.mark.parametrize("size", [1, 3])
def test_an_open_round_asks_the_database_three_things(
    planned_round: Round, otto: Person, client: Client, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    advance(planned_round, Event.OPEN, otto)
    for number in range(size):
        Proposal.objects.create(round=planned_round, reference=str(number), title="Geheim", state=State.SUBMITTED)

    with django_assert_num_queries(3):
        _text(client, "/rounds/ronde-2027/")


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in COUNTED | {Stage.PLANNED}])
def test_before_the_count_everybody_sees_how_many_came_in_and_nobody_what(
    make_round: MakeRound, client: Client, stage: Stage
) -> None:
    round = make_round([600, 500, 400], stage=stage, opens_at="2027-01-01T09:00+01:00", call="Vertel het ons.")
    assert round.stage == stage

    text = _text(client, "/rounds/ronde-1/")

    assert "Plan 0" not in text
    assert '<p class="pf-stat__value">3</p>' in text
    assert "Vertel het ons." in text
    _text(client, "/rounds/ronde-1/proposals/a/", status=404)
    _text(client, "/rounds/ronde-1/compare/", status=404)
    _text(client, "/rounds/ronde-1/export.pb", status=404)


def test_a_planned_round_is_there_for_its_people_only(planned_round: Round, otto: Person, as_person: AsPerson) -> None:
    _text(as_person(None), "/rounds/ronde-2027/", status=404)
    _text(as_person(otto), "/rounds/ronde-2027/")


def test_a_round_that_was_called_off_says_why(planned_round: Round, otto: Person, client: Client) -> None:
    advance(planned_round, Event.OPEN, otto)
    advance(planned_round, Event.CANCEL, otto, reason="Er is dit jaar geen geld.")

    assert "Er is dit jaar geen geld." in _text(client, "/rounds/ronde-2027/")


def test_a_round_whose_vote_is_closed_but_not_counted_says_so(make_round: MakeRound, client: Client) -> None:
    make_round([600], ["a"])

    assert "Plan 0" not in _text(client, "/rounds/ronde-1/")


@pytest.mark.parametrize("stage", sorted(COUNTED))
def test_only_an_advice_is_called_not_final(make_round: MakeRound, client: Client, stage: Stage) -> None:
    round = _counted(make_round, opens_at="2027-01-01T09:00+01:00", decision_date="2027-04-01")
    Round.objects.filter(pk=round.pk).update(stage=stage)

    assert ("utrecht-alert--info" in _text(client, "/rounds/ronde-1/")) is (stage == Stage.ADVICE)


def test_a_tie_is_explained_and_the_tied_are_named(make_round: MakeRound, client: Client) -> None:
    allocate_round(round=make_round([600, 600, 100], ["ab", "ab", "c"], tie_break="none"), by=None)

    text = _text(client, "/rounds/ronde-1/")

    assert "utrecht-alert--warning" in text
    assert ("Plan 0" in text, "Plan 1" in text, "Plan 2" in text) == (True, True, False)
    assert "utrecht-alert--warning" not in _text(client, "/rounds/ronde-1/proposals/a/")


def test_a_rule_that_cannot_count_is_explained_without_names(make_round: MakeRound, client: Client) -> None:
    allocate_round(round=make_round([600], ["a"], allocation_rule="average_pot"), by=None)

    text = _text(client, "/rounds/ronde-1/")

    assert "utrecht-alert--warning" in text
    assert "Plan 0" not in text


@pytest.mark.parametrize("ballots", [[], ["", ""], ["a"]])
@pytest.mark.parametrize("costs", [[], [600], [5000]])
def test_odd_rounds_have_a_page_all_the_same(
    make_round: MakeRound, client: Client, ballots: list[str], costs: list[int]
) -> None:
    round = make_round(costs, [ballot if costs else "" for ballot in ballots])
    allocate_round(round=round, by=None)
    compare_rules(round=round, by=None)

    assert "<h1>" in _text(client, "/rounds/ronde-1/")
    assert "<h1>" in _text(client, "/rounds/ronde-1/compare/")
    for _cost in costs:
        assert "<h1>" in _text(client, "/rounds/ronde-1/proposals/a/")


def test_a_long_round_shows_names_and_a_search(make_round: MakeRound, client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("fund.queries.outcomes.EXPLAINED_AT_ONCE", 2)
    round = _counted(make_round)
    Proposal.objects.filter(round=round, reference="b").update(title="Samen koken 🍲 <b>&")

    everything = _text(client, "/rounds/ronde-1/")
    found = _text(client, "/rounds/ronde-1/?q=KOKEN")

    assert 'type="search"' in everything
    assert "Samen koken 🍲 &lt;b&gt;&amp;" in found
    assert "Plan 0" not in found
    assert "<details" in found
    assert "open" in found


def test_amounts_in_another_currency_carry_its_code(make_round: MakeRound, client: Client) -> None:
    round = _counted(make_round, currency="PLN")
    Proposal.objects.filter(round=round, reference="a").update(amount_applied_for=1600_50)

    text = _text(client, "/rounds/ronde-1/")

    assert "PLN\N{NO-BREAK SPACE}900" in text
    assert "€" not in text
    assert "PLN\N{NO-BREAK SPACE}1.600,50" in _text(client, "/rounds/ronde-1/proposals/a/")


def test_the_pot_is_shown_by_theme_while_there_are_a_few(make_round: MakeRound, client: Client) -> None:
    round = make_round([100] * 7, ["abcdefg"])
    for place, proposal in enumerate(Proposal.objects.order_by("pk")):
        Proposal.objects.filter(pk=proposal.pk).update(theme=f"Thema {place}")
    allocate_round(round=round, by=None)

    text = _text(client, "/rounds/ronde-1/")

    assert [f"Thema {number}" in text for number in range(7)] == [True] * 4 + [False] * 3


def test_with_two_themes_both_are_in_the_picture(make_round: MakeRound, client: Client) -> None:
    round = make_round([100, 100, 5000], ["abc"])
    Proposal.objects.filter(reference="a").update(theme="Muziek")
    Proposal.objects.filter(reference="b").update(theme="Eten")
    allocate_round(round=round, by=None)

    text = _text(client, "/rounds/ronde-1/")

    assert "Muziek" in text
    assert "Eten" in text


# --- one proposal -----------------------------------------------------------------------------------------------------


def test_a_proposal_shows_its_reason_what_was_enough_and_its_budget(make_round: MakeRound, client: Client) -> None:
    round = _counted(make_round)
    left = Proposal.objects.get(round=round, reference="b")
    BudgetLine.objects.create(proposal=left, what="Pannen", amount=500_00)

    text = _text(client, "/rounds/ronde-1/proposals/b/")

    assert "utrecht-alert--info" in text
    assert "Pannen" in text


def test_nobodys_name_is_on_the_page_and_the_story_only_by_choice(
    make_round: MakeRound, client: Client, ines: Person
) -> None:
    round = _counted(make_round)
    mine = Proposal.objects.filter(round=round, reference="a")
    mine.update(initiator=ines, organisation="Stichting Soep", summary="Dit gaat over mij.")

    shown = [_text(client, address) for address in ("/", "/rounds/ronde-1/", "/rounds/ronde-1/proposals/a/")]

    assert not any(ines.name in text or "Dit gaat over mij." in text for text in shown)
    assert "Stichting Soep" in shown[2]
    mine.update(summary_is_public=True)
    assert "Dit gaat over mij." in _text(client, "/rounds/ronde-1/proposals/a/")


def test_a_reference_with_slashes_has_an_address(make_round: MakeRound, client: Client) -> None:
    round = _counted(make_round)
    Proposal.objects.filter(round=round, reference="a").update(reference="2024/WSM/0001 é")

    assert "/rounds/ronde-1/proposals/2024/WSM/0001%20%C3%A9/" in _text(client, "/rounds/ronde-1/")
    _text(client, "/rounds/ronde-1/proposals/2024/WSM/0001 é/")


def test_who_withdrew_after_the_vote_has_no_page_any_more(make_round: MakeRound, client: Client) -> None:
    round = _counted(make_round)
    Proposal.objects.filter(round=round, reference="a").update(state=State.WITHDRAWN)

    _text(client, "/rounds/ronde-1/proposals/a/", status=404)
    _text(client, "/rounds/ronde-1/proposals/zzz/", status=404)


def test_a_part_of_the_money_is_called_a_part(make_round: MakeRound, client: Client) -> None:
    round = make_round([600, 700], ["ab", "a"], partial_funding=True)
    Proposal.objects.filter(reference="b").update(minimum_amount=100_00)
    allocate_round(round=round, by=None)

    assert "€\N{NO-BREAK SPACE}400" in _text(client, "/rounds/ronde-1/proposals/b/")


@pytest.mark.parametrize("size", [1, 3])
def test_a_proposal_asks_the_database_four_things(
    make_round: MakeRound, client: Client, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _counted(make_round, size=size)
    for number in range(size):
        BudgetLine.objects.create(proposal=Proposal.objects.get(reference="a"), what=str(number), amount=1)

    with django_assert_num_queries(4):
        _text(client, "/rounds/ronde-1/proposals/a/")


# --- comparing --------------------------------------------------------------------------------------------------------


def test_the_comparison_shows_what_each_rule_gives_and_where_they_differ(make_round: MakeRound, client: Client) -> None:
    _counted(make_round, allocation_rule="mes_cost")

    text = _text(client, "/rounds/ronde-1/compare/")

    assert text.count('<tr class="pf-chosen">') >= 1
    assert text.count("<details") >= 10
    assert "€\N{NO-BREAK SPACE}900" in text


def test_a_long_comparison_folds_its_end_away(
    make_round: MakeRound, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    _counted(make_round, allocation_rule="mes_cost")
    before = _text(client, "/rounds/ronde-1/compare/")

    monkeypatch.setattr("fund.queries.comparisons.AT_A_STRETCH", 0)

    assert _text(client, "/rounds/ronde-1/compare/").count("<details") == before.count("<details") + 1


def test_who_withdrew_after_the_vote_is_gone_from_the_comparison(make_round: MakeRound, client: Client) -> None:
    round = _counted(make_round)
    Proposal.objects.filter(round=round, reference="a").update(state=State.WITHDRAWN)

    assert "Plan 0" not in _text(client, "/rounds/ronde-1/compare/")


def test_a_rule_that_meets_a_tie_says_so_in_the_comparison(make_round: MakeRound, client: Client) -> None:
    _counted(make_round, tie_break="none", size=3, allocation_rule="mes_cost")
    round = make_round([600, 600], ["ab"], tie_break="none", number=2)
    compare_rules(round=round, by=None)

    assert "–" in _text(client, "/rounds/ronde-2/compare/")


def test_a_round_that_was_never_compared_says_so(make_round: MakeRound, client: Client) -> None:
    allocate_round(round=make_round([600], ["a"]), by=None)

    assert "pf-empty" in _text(client, "/rounds/ronde-1/compare/")


@pytest.mark.parametrize("size", [1, 3])
def test_the_comparison_asks_the_database_four_things(
    make_round: MakeRound, client: Client, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _counted(make_round, size=size)

    with django_assert_num_queries(4):
        _text(client, "/rounds/ronde-1/compare/")


# --- the export -------------------------------------------------------------------------------------------------------


def test_anyone_may_take_the_ballots_of_an_open_round(make_round: MakeRound, client: Client) -> None:
    _counted(make_round, secrecy="open")

    response = client.get("/rounds/ronde-1/export.pb")

    assert response.status_code == 200
    assert response.headers["Content-Disposition"] == 'attachment; filename="ronde-1.pb"'
    assert response.content.startswith(b"META\n")
    assert "/rounds/ronde-1/export.pb" in _text(client, "/rounds/ronde-1/")


def test_the_ballots_of_a_secret_round_are_for_those_who_answer_for_the_count(
    make_round: MakeRound, request: pytest.FixtureRequest, as_person: AsPerson
) -> None:
    _counted(make_round)
    answers = {}
    for persona in (None, "ines", "corrie", "bea", "raf", "vera", "otto"):
        person = request.getfixturevalue(persona) if persona else None
        answers[persona] = as_person(person).get("/rounds/ronde-1/export.pb").status_code

    assert answers == {None: 404, "ines": 404, "corrie": 404, "bea": 404, "raf": 404, "vera": 200, "otto": 200}
    assert "/rounds/ronde-1/export.pb" not in _text(as_person(None), "/rounds/ronde-1/")


# --- dividing ---------------------------------------------------------------------------------------------------------


def test_an_official_divides_the_budget_after_the_vote_and_everybody_sees_it(
    make_round: MakeRound, otto: Person, as_person: AsPerson
) -> None:
    make_round([600, 500], ["ab", "a"])
    client = as_person(otto)

    assert "/manage/rounds/ronde-1/divide/" in _text(client, "/manage/rounds/ronde-1/")
    asked = _text(client, "/manage/rounds/ronde-1/divide/")
    answer = client.post("/manage/rounds/ronde-1/divide/")

    assert "utrecht-alert--info" not in asked
    assert (answer.status_code, answer.headers["Location"]) == (302, "/rounds/ronde-1/")
    assert "Plan 0" in _text(as_person(None), "/rounds/ronde-1/")
    assert "utrecht-alert--info" in _text(as_person(otto), "/manage/rounds/ronde-1/divide/")


@pytest.mark.parametrize("stage", [Stage.VOTING, Stage.DECIDED])
def test_nobody_divides_before_the_vote_closes_or_after_the_decision(
    make_round: MakeRound, otto: Person, as_person: AsPerson, stage: Stage
) -> None:
    make_round([600], ["a"], stage=stage)

    assert as_person(otto).post("/manage/rounds/ronde-1/divide/").status_code == 403


def test_only_who_closes_the_vote_divides_the_budget(
    make_round: MakeRound, request: pytest.FixtureRequest, as_person: AsPerson
) -> None:
    make_round([600], ["a"])
    answers = {}
    for persona in (None, "ines", "corrie", "bea", "raf", "vera", "otto"):
        person = request.getfixturevalue(persona) if persona else None
        answers[persona] = as_person(person).get("/manage/rounds/ronde-1/divide/").status_code

    assert answers == {None: 302, "ines": 403, "corrie": 403, "bea": 403, "raf": 403, "vera": 200, "otto": 200}


# --- bytes ------------------------------------------------------------------------------------------------------------


def test_every_public_page_stays_under_fifteen_kilobytes_after_the_first_visit(
    make_round: MakeRound, client: Client
) -> None:
    _counted(make_round, size=24)

    for address in ("/", "/rounds/ronde-1/", "/rounds/ronde-1/compare/", "/rounds/ronde-1/proposals/a/"):
        assert len(gzip.compress(_text(client, address).encode())) < 15 * 1024, address
