from datetime import UTC, date, datetime
from typing import Any, cast

import pytest
from django.forms import BaseForm
from django.http import QueryDict

from rounds.forms import (
    BallotForm,
    CallForm,
    CountingForm,
    CriteriaFormSet,
    DivisionForm,
    EditionForm,
    EndSeatForm,
    FundForm,
    GiveSeatForm,
    MoneyForm,
    NewFundForm,
    NewRoundForm,
    RuleForm,
    StepForm,
)
from rounds.forms.rounds import value_in_words
from rounds.forms.rules import MEANINGS
from rounds.lifecycle import Role
from rounds.models import AllocationRule, BallotType, Fund, Round, Secrecy, TieBreak

# The constraints of a model are checked by the database, also for a form that saves nothing.
pytestmark = pytest.mark.django_db

MONEY = {
    "ceiling": "100.000",
    "opens_at_day": "1-3-2027",
    "opens_at_time": "9:00",
    "closes_at_day": "31 mei 2027",
    "closes_at_time": "",
    "scoring_ends_at_day": "2027-06-30",
    "scoring_ends_at_time": "17.00",
    "voting_ends_at_day": "",
    "voting_ends_at_time": "",
    "decision_date": "1-9-2027",
    "edition": "3",
}


def money_form(**changes: str) -> MoneyForm:
    return MoneyForm({**MONEY, **changes}, instance=Round())


def test_money_and_dates_are_read_as_people_type_them() -> None:
    form = money_form()

    assert form.is_valid(), form.errors
    assert form.seen_edition == 3
    assert form.values == {
        "ceiling": 100_000_00,
        "opens_at": datetime(2027, 3, 1, 8, tzinfo=UTC),
        "closes_at": datetime(2027, 5, 31, 21, 59, tzinfo=UTC),
        "scoring_ends_at": datetime(2027, 6, 30, 15, tzinfo=UTC),
        "voting_ends_at": None,
        "decision_date": date(2027, 9, 1),
    }


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("€ 100.000,50", 100_000_50), ("1250", 1_250_00), ("100,000.50", 100_000_50), ("1", 1_00), ("1.250,-", 1_250_00)],
)
def test_amounts_as_people_type_them(typed: str, cents: int) -> None:
    form = money_form(ceiling=typed)

    assert form.is_valid(), form.errors
    assert form.values["ceiling"] == cents


@pytest.mark.parametrize(
    "typed", ["", "0", "0,99", "-100", "veel", "1e9", "999999999999999", "10 000 0,1,2", "NaN", "💶", "1/2"]
)
def test_absurd_amounts_are_refused(typed: str) -> None:
    form = money_form(ceiling=typed)

    assert set(form.errors) == {"ceiling"}
    assert form["ceiling"].value() == typed


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closes_at_day": "28-2-2027"}, "closes_at"),
        ({"closes_at_day": "1-3-2027", "closes_at_time": "9:00"}, "closes_at"),
        ({"scoring_ends_at_day": "1-4-2027"}, "scoring_ends_at"),
        ({"voting_ends_at_day": "1-6-2027"}, "voting_ends_at"),
        ({"scoring_ends_at_day": "", "scoring_ends_at_time": "", "voting_ends_at_day": "1-4-2027"}, "voting_ends_at"),
        ({"decision_date": "1-6-2027"}, "decision_date"),
        ({"opens_at_day": ""}, "opens_at"),
        ({"opens_at_day": "", "opens_at_time": ""}, "opens_at"),
        ({"decision_date": "31-2-2027"}, "decision_date"),
    ],
)
def test_dates_in_the_wrong_order_are_said_beside_their_field(changes: dict[str, str], field: str) -> None:
    assert set(money_form(**changes).errors) == {field}


@pytest.mark.parametrize("edition", ["", "x", "-1", "0"])
def test_a_page_that_does_not_say_what_it_saw_is_stale(edition: str) -> None:
    form = money_form(edition=edition)

    form.is_valid()
    assert form.seen_edition <= 0
    assert EditionForm({"edition": edition}).seen_edition <= 0


def test_a_round_without_an_amount_shows_no_zero() -> None:
    assert MoneyForm(instance=Round())["ceiling"].value() is None
    assert MoneyForm(instance=Round(ceiling=5))["ceiling"].value() == 5


def test_the_call_cannot_be_empty_and_may_be_long_and_funny() -> None:
    assert set(CallForm({"call": "  "}, instance=Round()).errors) == {"call"}
    assert CallForm({"call": "Hallo 🌷 مرحبا " * 5000}, instance=Round()).errors == {}


# --- a new round ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Ronde 2029", "ronde-2029"), ("Ronde 2027", "ronde-2027-2"), ("🌷", "round"), ("جولة", "round"), ("Été!", "ete")],
)
def test_a_web_address_is_made_of_the_name(name: str, slug: str, planned_round: Round) -> None:
    form = NewRoundForm({"name": name, "slug": ""})

    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"name": name, "slug": slug}


def test_a_web_address_that_is_taken_comes_back_with_one_that_is_free(planned_round: Round) -> None:
    form = NewRoundForm({"name": "Anders", "slug": "Ronde-2027"})

    assert "ronde-2027-2" in form.errors["slug"][0]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"name": "", "slug": ""}, "name"),
        ({"name": "x" * 121, "slug": ""}, "name"),
        ({"name": "Ronde", "slug": "met spatie"}, "slug"),
        ({"name": "Ronde", "slug": "x" * 81}, "slug"),
    ],
)
def test_a_name_or_address_that_cannot_be_is_refused(data: dict[str, str], field: str) -> None:
    assert field in NewRoundForm(data).errors


def test_a_new_fund_gets_a_free_web_address(fund: Fund) -> None:
    form = NewFundForm({"name": "Participatiefonds"})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["slug"] == "participatiefonds-2"


def test_a_fund_needs_a_name_and_a_real_link() -> None:
    assert set(NewFundForm({"name": ""}).errors) == {"name"}
    assert set(FundForm({"name": "Fonds", "scheme_url": "geen link"}).errors) == {"scheme_url"}


def offered_by(form: BaseForm, name: str) -> set[str]:
    choices: Any = cast("Any", form.fields[name]).choices
    return {value for value, _label in choices}


# --- the rule ---------------------------------------------------------------------------------------------------------


def test_every_option_says_what_it_means() -> None:
    rules = set(AllocationRule) - {AllocationRule.DECLARED}

    assert {*BallotType, *Secrecy, *rules, *TieBreak} - set(MEANINGS) == set()


@pytest.mark.parametrize("ballot", BallotType)
def test_only_rules_that_suit_the_ballot_are_offered(ballot: BallotType) -> None:
    form = DivisionForm(instance=Round(ballot_type=ballot))

    offered = offered_by(form, "allocation_rule")

    assert (AllocationRule.MAJORITY in offered) == (ballot == BallotType.YES_NO)
    assert (AllocationRule.AVERAGE_POT in offered) == (ballot == BallotType.POT)
    assert AllocationRule.DECLARED not in offered


DIVISION = {"allocation_rule": "mes_cost", "tie_break": "cheaper", "lot_seed": "", "edition": "1"}


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, set()),
        ({"tie_break": "lot", "lot_seed": "De loterij van 1 maart."}, set()),
        ({"tie_break": "lot"}, {"lot_seed"}),
        ({"allocation_rule": "majority"}, {"allocation_rule"}),
        ({"allocation_rule": "nonsense"}, {"allocation_rule"}),
        ({"tie_break": "reference"}, {"tie_break"}),
        ({"lot_seed": "x" * 81}, {"lot_seed"}),
    ],
)
def test_the_division_fits_together(changes: dict[str, str], fields: set[str]) -> None:
    assert set(DivisionForm({**DIVISION, **changes}, instance=Round()).errors) == fields


@pytest.mark.parametrize(
    ("ballot", "points", "kept"),
    [("approval", "", 10), ("points", "25", 25), ("points", "", None), ("points", "0", None)],
)
def test_points_are_asked_for_only_where_members_divide_them(ballot: str, points: str, kept: int | None) -> None:
    form = BallotForm({"ballot_type": ballot, "points": points, "secrecy": "secret"}, instance=Round())

    assert form.is_valid() == (kept is not None)
    assert form.cleaned_data.get("points") == kept


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("threshold", "-1"),
        ("threshold", ""),
        ("threshold", "veel"),
        ("threshold", "99999999999"),
        ("minimum_scores", "-3"),
        ("quorum_percent", "101"),
        ("quorum_percent", "50,5"),
    ],
)
def test_limits_that_cannot_be_are_refused(field: str, typed: str) -> None:
    data = {"threshold": "2", "minimum_scores": "3", "quorum_percent": "50", field: typed}

    assert set(CountingForm(data, instance=Round()).errors) == {field}


def test_limits_are_read() -> None:
    form = CountingForm({"threshold": "0", "minimum_scores": "3", "quorum_percent": "100"}, instance=Round())

    assert form.is_valid(), form.errors
    assert form.values == {"threshold": 0, "minimum_scores": 3, "quorum_percent": 100}


def rule_data(**changes: str) -> dict[str, str]:
    return {
        "ceiling": "100.000",
        "ballot_type": "approval",
        "secrecy": "secret",
        "threshold": "0",
        "minimum_scores": "3",
        "quorum_percent": "50",
        "reason": "De raad gaf meer.",
        **DIVISION,
        **changes,
    }


def test_a_new_version_takes_the_whole_rule_and_its_reason() -> None:
    form = RuleForm(rule_data(), instance=Round())

    assert form.is_valid(), form.errors
    assert form.cleaned_data["reason"] == "De raad gaf meer."
    assert "reason" not in form.values
    assert form.values["ceiling"] == 100_000_00


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"reason": " "}, {"reason"}),
        ({"reason": "x" * 2001}, {"reason"}),
        ({"ballot_type": "yes_no", "allocation_rule": "majority"}, set()),
        ({"ballot_type": "approval", "allocation_rule": "majority"}, {"allocation_rule"}),
        ({"ballot_type": "pot", "allocation_rule": "average_pot"}, set()),
    ],
)
def test_a_new_version_fits_together(changes: dict[str, str], fields: set[str]) -> None:
    assert set(RuleForm(rule_data(**changes), instance=Round()).errors) == fields


def test_a_rule_read_from_a_file_may_keep_its_own_choices() -> None:
    round = Round(allocation_rule=AllocationRule.DECLARED, declared_rule="x", tie_break=TieBreak.LISTED)

    form = RuleForm(instance=round)

    assert "declared" in offered_by(form, "allocation_rule")
    assert "listed" in offered_by(form, "tie_break")


def test_calling_off_asks_for_a_reason_and_other_steps_do_not() -> None:
    assert set(StepForm({}, asks_reason=True).errors) == {"reason"}
    assert StepForm({}, asks_reason=False).is_valid()


# --- criteria ---------------------------------------------------------------------------------------------------------


ROW = ("name", "question", "weight", "remove")


def rows(*given: tuple[str, str, str] | tuple[str, str, str, str], **extra: str) -> dict[str, str]:
    data = {"form-TOTAL_FORMS": str(len(given)), "form-INITIAL_FORMS": "0", **extra}
    for place, row in enumerate(given):
        data |= {f"form-{place}-{name}": text for name, text in zip(ROW, row, strict=False)}
    return data


def test_empty_rows_do_not_count_and_order_is_kept() -> None:
    formset = CriteriaFormSet(rows(("B", "Vraag B", "2"), ("", "", "1"), ("A", "Vraag A", "1")))

    assert formset.is_valid(), formset.errors
    assert formset.rows == [
        {"name": "B", "question": "Vraag B", "weight": 2},
        {"name": "A", "question": "Vraag A", "weight": 1},
    ]


def test_a_row_can_be_left_out() -> None:
    formset = CriteriaFormSet(rows(("B", "Vraag B", "2", "on"), ("A", "Vraag A", "1")))

    assert formset.is_valid(), formset.errors
    assert [row["name"] for row in formset.rows] == ["A"]


@pytest.mark.parametrize(
    "data",
    [
        rows(("", "", "1")),
        rows(),
        rows(("A", "Vraag A", "1", "on")),
        rows(("A", "Vraag", "1"), ("a", "Vraag", "1")),
        {"form-TOTAL_FORMS": "x"},
        {"form-TOTAL_FORMS": "9999", "form-INITIAL_FORMS": "0"},
        {},
    ],
)
def test_criteria_that_cannot_be_are_refused_together(data: dict[str, str]) -> None:
    formset = CriteriaFormSet(data, initial=[])

    assert not formset.is_valid()
    assert len(formset.non_form_errors()) >= 1


@pytest.mark.parametrize(
    ("row", "fields"),
    [
        (("A", "Vraag", "0"), {"weight"}),
        (("A", "Vraag", "11"), {"weight"}),
        (("A", "Vraag", "-1"), {"weight"}),
        (("A", "Vraag", "zwaar"), {"weight"}),
        (("A", "Vraag", ""), {"weight"}),
        (("A", "", "1"), {"question"}),
        (("", "Vraag", "1"), {"name"}),
        (("x" * 81, "Vraag", "1"), {"name"}),
        (("🌷", "x" * 201, "1"), {"question"}),
    ],
)
def test_a_criterion_that_cannot_be_is_refused(row: tuple[str, str, str], fields: set[str]) -> None:
    formset = CriteriaFormSet(rows(row))

    assert not formset.is_valid()
    assert set(formset.errors[0]) == fields


@pytest.mark.parametrize(
    ("total", "expected"), [("2", ["A", "", None]), ("x", [None]), ("-4", [None]), ("", [None]), ("9999", None)]
)
def test_another_row_keeps_what_was_typed(total: str, expected: list[Any] | None) -> None:
    data = {**rows(("A", "Vraag", "veel"), ("", "", "1")), "form-TOTAL_FORMS": total}

    formset = CriteriaFormSet.with_another_row(data)

    names = [form["name"].value() for form in formset]
    assert not formset.is_bound
    if expected is None:
        assert len(names) <= 20
    else:
        assert names == expected
    if total == "2":
        assert formset[0]["weight"].value() == "veel"


# --- stale pages ------------------------------------------------------------------------------------------------------


def test_a_stale_page_shows_what_is_saved_now_and_can_be_sent_again() -> None:
    data = QueryDict(mutable=True)
    data.update(MONEY)
    form = MoneyForm(data, instance=Round())
    assert form.is_valid()
    now = Round(edition=9, ceiling=5_00, opens_at=datetime(2027, 3, 1, 8, tzinfo=UTC), decision_date=date(2027, 9, 2))

    saved = {row.label: row.value for row in form.renew(now)}

    assert form["edition"].value() == "9"
    assert form["ceiling"].value() == "100.000"
    assert len(saved) == 4
    assert {value for value in saved.values() if "2027" in value} == {"2 september 2027"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ceiling", "€\N{NO-BREAK SPACE}1.250"),
        ("opens_at", "1 maart 2027 om 09:00"),
        ("decision_date", "2 september 2027"),
        ("closes_at", "–"),
        ("call", "–"),
        ("threshold", "0"),
    ],
)
def test_values_are_shown_in_words(name: str, words: str) -> None:
    round = Round(ceiling=1_250_00, opens_at=datetime(2027, 3, 1, 8, tzinfo=UTC), decision_date=date(2027, 9, 2))

    shown = value_in_words(round, name)

    assert shown.replace(" at ", " om ") == words


def test_choices_are_shown_by_their_name() -> None:
    round = Round(tie_break=TieBreak.LOT, partial_funding=True)

    assert value_in_words(round, "tie_break") == str(TieBreak.LOT.label)
    assert value_in_words(round, "partial_funding") in {"Ja", "Yes"}


# --- seats ------------------------------------------------------------------------------------------------------------

SEAT = {"email": "nina@test.example", "role": "member", "from_date": "1-1-2027", "until_date": ""}


def test_a_seat_is_read() -> None:
    form = GiveSeatForm(SEAT)

    assert form.is_valid(), form.errors
    assert form.cleaned_data == {
        "email": "nina@test.example",
        "name": "",
        "role": Role.MEMBER,
        "from_date": date(2027, 1, 1),
        "until_date": None,
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "geen adres"}, "email"),
        ({"email": ""}, "email"),
        ({"role": "king"}, "role"),
        ({"role": ""}, "role"),
        ({"from_date": "ooit"}, "from_date"),
        ({"until_date": "31-12-2026"}, "until_date"),
        ({"name": "x" * 121}, "name"),
    ],
)
def test_a_seat_that_cannot_be_is_refused(changes: dict[str, str], field: str) -> None:
    assert set(GiveSeatForm({**SEAT, **changes}).errors) == {field}


def test_ending_a_seat_needs_a_day() -> None:
    assert set(EndSeatForm({"until_date": ""}).errors) == {"until_date"}
