import pytest

from proposals.forms import SelfCheckForm, form_for
from proposals.forms.answers import tidy
from proposals.models import QUESTIONS, Budget, Contact, Field, Row, Step, question_for, questions_of


def text_form(text: str, field: Field = Field.SUMMARY) -> object:
    return form_for(question_for(field), "", data={"value": text, "seen": "0", "page_key": "k"})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Samen koken 🍲👩‍👩‍👧", "Samen koken 🍲👩‍👩‍👧"),
        ("مرحبا بالعالم", "مرحبا بالعالم"),
        ("een\r\ntwee\rdrie", "een\ntwee\ndrie"),
        ("  eruit \n\n\n\n\n\nen erin  ", "eruit\n\n\nen erin"),
        (
            "nul\x00 zacht\u00adstreepje \u200bonzichtbaar\ufeff \u202eomgekeerd",
            "nul zachtstreepje onzichtbaar omgekeerd",
        ),
        ("<b>vet</b> <script>alert(1)</script>", "<b>vet</b> <script>alert(1)</script>"),
        ("half\ud83d teken", "half teken"),
        ("cafe\u0301", "café"),
    ],
)
def test_what_is_typed_or_pasted_becomes_plain_text_without_losing_anything(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


def test_a_name_is_one_line() -> None:
    form = form_for(question_for("title"), "", data={"value": "Samen\n koken  op\tdonderdag"})

    assert form.is_valid()
    assert form.as_text() == "Samen koken op donderdag"
    assert form.seen_edition == 0


def test_too_long_says_how_much_and_keeps_the_text() -> None:
    limit = question_for("title").limit
    form = form_for(question_for("title"), "", data={"value": "x" * (limit + 3)})

    assert not form.is_valid()
    assert "3" in form.errors["value"][0]
    assert form["value"].value() == "x" * (limit + 3)


def test_the_edition_and_the_page_come_back() -> None:
    form = form_for(question_for("title"), "", data={"value": "a", "seen": "4", "page_key": "k"})

    assert form.is_valid()
    assert (form.seen_edition, form.cleaned_data["page_key"]) == (4, "k")


def test_amounts_are_read_as_people_type_them() -> None:
    data = {"what_0": "Pannen", "amount_0": "1.250,50", "what_1": "Eten", "amount_1": "€ 300", "amount_5": "12"}
    form = form_for(question_for("budget"), "", data=data)

    assert form.is_valid()
    budget = Budget.from_text(form.as_text())
    assert budget.rows == (Row("Pannen", 1250_50), Row("Eten", 300_00), Row("", 12_00))
    assert budget.total == 1562_50


def test_an_empty_budget_is_an_empty_text() -> None:
    form = form_for(question_for("budget"), "", data={})

    assert form.is_valid()
    assert form.as_text() == ""


def test_a_negative_amount_is_refused_and_stays_where_it_was_typed() -> None:
    form = form_for(question_for("budget"), "", data={"what_0": "Eten", "amount_0": "-3"})

    assert not form.is_valid()
    assert list(form.errors) == ["amount_0"]
    assert form["amount_0"].value() == "-3"


def test_the_least_amount_cannot_be_more_than_the_total() -> None:
    form = form_for(question_for("budget"), "", data={"what_0": "Eten", "amount_0": "3", "minimum_amount": "4"})

    assert list(form.errors) == ["minimum_amount"]


def test_rows_unfold_when_something_is_in_them() -> None:
    few = form_for(question_for("budget"), Budget((Row("a", 1),)).as_text())
    many = form_for(question_for("budget"), Budget(tuple(Row(name, 1_00) for name in "abcd")).as_text())

    assert (few.unfolded, many.unfolded) == (False, True)  # type: ignore[union-attr]  # both are budgets
    assert (few.total, many.total) == (1, 4_00)  # type: ignore[union-attr]  # both are budgets


def test_a_kept_budget_fills_its_form_and_can_be_posted_again() -> None:
    budget = Budget((Row("Pannen", 1250_50), Row("Huur", 0)), 100_00, 5_00, 20_00, "De buren")
    form = form_for(question_for("budget"), budget.as_text())

    again = form_for(question_for("budget"), "", data=dict(form.pairs()))

    assert again.is_valid()
    assert again.as_text() == budget.as_text()
    assert form.shares is True  # type: ignore[union-attr]  # a budget
    assert form.lines()[0].startswith("Pannen: ")
    assert len(form.lines()) == 6


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(" INES@test.example", "ines@test.example"), ("06-12345678", "+31612345678"), ("", "")],
)
def test_an_address_is_read_as_people_type_it(typed: str, kept: str) -> None:
    form = form_for(question_for("contact"), "", data={"name": " Ines ", "address": typed})

    assert form.is_valid()
    assert Contact.from_text(form.as_text()) == Contact("Ines", kept)


def test_an_address_that_is_none_is_refused_kindly() -> None:
    form = form_for(question_for("contact"), "", data={"address": "ines@"})

    assert list(form.errors) == ["address"]


def test_a_number_is_shown_as_people_write_it() -> None:
    form = form_for(question_for("contact"), Contact("Ines", "+31612345678").as_text())

    assert form.lines() == ["Ines", "06 12345678"]


def test_every_question_has_a_step_and_every_step_but_the_last_a_question() -> None:
    assert [question.key for question in QUESTIONS] == list(Field)
    assert [question for step in Step for question in questions_of(step)] == list(QUESTIONS)
    assert [step for step in Step if not questions_of(step)] == [Step.CHECK]


def test_the_self_check_advises_on_every_no_and_never_blocks() -> None:
    form = SelfCheckForm({"together": "no", "own": "yes", "here": "unsure", "new": "no"})

    assert form.is_valid()
    assert len(list(form.advice())) == 2
    assert list(SelfCheckForm({}).fields) == ["together", "own", "here", "new", "no_profit"]
