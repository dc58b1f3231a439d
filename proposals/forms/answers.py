"""One question, one form. What was typed is tidied, measured and turned into the text in which it is kept."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.addresses import Address, read_address
from proposals.models import LARGEST_BUDGET_ROWS, Budget, Contact, Field, Question, Row
from web.fields import MoneyField
from web.templatetags.formats import money

# Signs that come along with pasted text and show nothing, or turn the reading direction of all that follows.
INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u202d\u202e\u2028\u2029\ufeff\ufffe\uffff]")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
SHOWN_ROWS = 3


def tidy(text: str, *, one_line: bool = False) -> str:
    """Return pasted or typed text as plain text: one way of writing, no invisible signs, emoji and scripts intact."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\N{NO-BREAK SPACE}", " ")
    text = LONE_SURROGATE.sub("", INVISIBLE.sub("", unicodedata.normalize("NFC", text)))
    if one_line:
        return " ".join(text.split())
    return re.sub(r"\n{4,}", "\n\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip()


def check_length(text: str, limit: int) -> None:
    """Raise ValidationError that says how much shorter a text must be."""
    over = len(text) - limit
    if over > 0:
        raise ValidationError(
            ngettext(
                "This text is %(over)s character too long. Make it a little shorter. Your text is still here.",
                "This text is %(over)s characters too long. Make it a little shorter. Your text is still here.",
                over,
            )
            % {"over": over},
            code="too_long",
        )


class PlainText(forms.CharField):
    """Text as people type or paste it, tidied; too long is said kindly and cuts nothing off."""

    def __init__(self, *, limit: int, one_line: bool = True, **kwargs: Any) -> None:
        super().__init__(required=False, strip=False, **kwargs)
        self.limit, self.one_line = limit, one_line
        self.validators = []  # what they refuse is taken out before

    def to_python(self, value: Any) -> str:
        """Tidy the text."""
        return tidy(super().to_python(value) or "", one_line=self.one_line)

    def validate(self, value: str) -> None:
        """Refuse what is too long."""
        check_length(value, self.limit)


class AnswerForm(forms.Form):
    """What every question has: the edition that the page showed, and which opened page this is."""

    mark_optional = False

    seen = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    page_key = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput)

    def as_text(self) -> str:
        """Return the answer in the text in which it is kept. Only for a valid form."""
        raise NotImplementedError

    @property
    def seen_edition(self) -> int:
        """The edition that the page showed; 0 when it showed none."""
        return int(self.cleaned_data.get("seen") or 0)

    def pairs(self) -> list[tuple[str, str]]:
        """Return the names and values of the answer as they are written in the fields, for a form that hides them."""
        return [(bound.html_name, _written(bound)) for bound in self if bound.name not in {"seen", "page_key"}]

    def lines(self) -> list[str]:
        """Return the answer as somebody reads it."""
        return [value for _name, value in self.pairs() if value]


class TextForm(AnswerForm):
    """A question that is one text."""

    def __init__(self, question: Question, text: str, **kwargs: Any) -> None:
        super().__init__(initial={"value": text} | kwargs.pop("initial", {}), **kwargs)
        attributes: dict[str, Any] = {"dir": "auto", "autocomplete": "off"}
        one_line = question.rows == 1
        self.fields["value"] = PlainText(
            label=question.label,
            help_text=question.help_text,
            limit=question.limit,
            one_line=one_line,
            widget=forms.TextInput(attributes) if one_line else forms.Textarea(attributes | {"rows": question.rows}),
        )

    def as_text(self) -> str:
        """The text itself."""
        return str(self.cleaned_data["value"])


class ContactForm(AnswerForm):
    """A name, and a mail address or mobile number."""

    name = PlainText(
        label=_("Your name"),
        help_text=_("Write the name by which you like to be called."),
        limit=120,
        widget=forms.TextInput({"autocomplete": "name", "dir": "auto"}),
    )
    address = PlainText(
        label=_("Your mail address or mobile number"),
        limit=254,
        widget=forms.TextInput(
            {"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false", "inputmode": "email"}
        ),
    )

    def __init__(self, question: Question, text: str, **kwargs: Any) -> None:
        contact = Contact.from_text(text)
        shown = Address("phone", contact.address).shown if contact.address.startswith("+") else contact.address
        super().__init__(initial={"name": contact.name, "address": shown} | kwargs.pop("initial", {}), **kwargs)
        self.fields["address"].help_text = question.help_text

    def clean_address(self) -> str:
        """Read the address."""
        text = self.cleaned_data["address"]
        return read_address(text).value if text else ""

    def as_text(self) -> str:
        """The canonical text of the contact."""
        return Contact(self.cleaned_data["name"], self.cleaned_data["address"]).as_text()


class BudgetForm(AnswerForm):
    """Up to six rows of what and how much, and who else pays."""

    own_contribution = MoneyField(required=False, label=_("Do you pay a part yourself?"))
    other_contribution = MoneyField(required=False, label=_("Do others pay a part?"))
    other_funders = PlainText(label=_("Who are they?"), limit=200, widget=forms.TextInput({"dir": "auto"}))
    minimum_amount = MoneyField(
        required=False,
        label=_("With how much could your idea still go on?"),
        help_text=_("Sometimes there is not enough for everybody. Leave it empty if you need the whole amount."),
    )

    def __init__(self, question: Question, text: str, **kwargs: Any) -> None:
        budget = Budget.from_text(text)
        initial: dict[str, Any] = {name: value for name, value in budget._asdict().items() if name != "rows"}
        for place, row in enumerate(budget.rows):
            initial |= {f"what_{place}": row.what, f"amount_{place}": row.amount or None}
        super().__init__(initial=initial | kwargs.pop("initial", {}), **kwargs)
        for place in range(LARGEST_BUDGET_ROWS):
            self.fields[f"what_{place}"] = PlainText(
                label=_("What"), limit=question.limit, widget=forms.TextInput({"dir": "auto", "autocomplete": "off"})
            )
            self.fields[f"amount_{place}"] = MoneyField(required=False, label=_("Amount"))

    def clean(self) -> dict[str, Any]:
        """Refuse a least amount above the total, which the database would refuse too."""
        cleaned = super().clean() or self.cleaned_data
        minimum = cleaned.get("minimum_amount")
        if not self.errors and minimum is not None and minimum > self.budget.total:
            self.add_error(
                "minimum_amount",
                _("This is more than the amount you ask for: %(total)s. Write less, or leave it empty.")
                % {"total": money(self.budget.total)},
            )
        return cleaned

    @property
    def budget(self) -> Budget:
        """What was filled in; empty rows are left out."""
        cleaned = self.cleaned_data
        rows = [
            Row(cleaned.get(f"what_{place}") or "", cleaned.get(f"amount_{place}") or 0)
            for place in range(LARGEST_BUDGET_ROWS)
        ]
        return Budget(
            tuple(row for row in rows if row != Row("", 0)),
            cleaned.get("minimum_amount"),
            cleaned.get("own_contribution"),
            cleaned.get("other_contribution"),
            cleaned.get("other_funders") or "",
        )

    @property
    def total(self) -> int:
        """What the rows come to, as far as they can be read; in cents."""
        if self.is_bound:
            return self.budget.total
        return sum(row["amount"].value() or 0 for row in self.rows)

    def as_text(self) -> str:
        """The canonical text of the budget."""
        return self.budget.as_text()

    def lines(self) -> list[str]:
        """The rows with their amounts, and then the rest."""
        rows = [f"{row['what'].value() or '–'}: {_written(row['amount']) or '–'}" for row in self.rows if _filled(row)]
        others = [self[name] for name in ("own_contribution", "other_contribution", "other_funders", "minimum_amount")]
        return rows + [f"{bound.label} {_written(bound)}" for bound in others if bound.value()]

    @property
    def shares(self) -> bool:
        """Whether something was filled in about others who pay, or is not right there."""
        names = ("own_contribution", "other_contribution", "other_funders")
        return any(self[name].value() or self[name].errors for name in names)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows as a template shows them: {number, what, amount}."""
        return [
            {"number": place + 1, "what": self[f"what_{place}"], "amount": self[f"amount_{place}"]}
            for place in range(LARGEST_BUDGET_ROWS)
        ]

    @property
    def first_rows(self) -> list[dict[str, Any]]:
        """The rows that are always shown."""
        return self.rows[:SHOWN_ROWS]

    @property
    def more_rows(self) -> list[dict[str, Any]]:
        """The rows that unfold."""
        return self.rows[SHOWN_ROWS:]

    @property
    def unfolded(self) -> bool:
        """Whether there is something in those rows."""
        return any(_filled(row) for row in self.more_rows)


def _filled(row: Mapping[str, Any]) -> bool:
    return bool(row["what"].value() or row["amount"].value())


def _written(bound: forms.BoundField) -> str:
    return str(bound.field.widget.format_value(bound.value()) or "")


FORMS: dict[Field, type[TextForm | ContactForm | BudgetForm]] = {
    Field.CONTACT: ContactForm,
    Field.BUDGET: BudgetForm,
}


def form_for(
    question: Question, text: str, *, data: Mapping[str, Any] | None = None, initial: Mapping[str, Any] | None = None
) -> TextForm | ContactForm | BudgetForm:
    """Return the form of a question, filled with the kept `text`; `initial` holds what was typed but never kept."""
    return FORMS.get(question.key, TextForm)(question, text, data=data, initial=dict(initial or {}))
