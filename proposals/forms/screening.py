"""What officials fill in while they check."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from proposals.forms.answers import PlainText, tidy
from proposals.models import QUESTIONS
from proposals.queries import LONGEST_POINT, MOST_POINTS, Check, Finding, Standing, first_due_date
from rounds.models import Round
from web.forms import DateTextField
from web.templatetags.formats import day

LONGEST_NOTE = 2000
YES_NO = {"yes": True, "no": False}
FINDINGS = [("", _("Not looked at yet")), ("yes", _("Yes")), ("no", _("No"))]


class WorklistForm(forms.Form):
    """The filters of the worklist, which live in the address. What is not known filters nothing."""

    mark_optional = False

    round = forms.ChoiceField(label=_("Round"), required=False)
    standing = forms.ChoiceField(label=_("Status"), required=False)
    text = PlainText(label=_("Reference or name"), limit=100, widget=forms.TextInput({"autocomplete": "off"}))

    def __init__(self, data: Mapping[str, Any], *, rounds: list[Round]) -> None:
        known = {"round": {round.slug for round in rounds}, "standing": set(Standing.values)}
        kept = {name: data.get(name, "") for name in ("round", "standing", "text")}
        for name, values in known.items():
            if kept[name] not in values:
                kept[name] = ""
        # A zero byte fits no field, and finds nothing.
        kept["text"] = tidy(kept["text"], one_line=True)[:100]
        super().__init__(kept)
        self.rounds = {round.slug: round for round in rounds}
        field = cast("forms.ChoiceField", self.fields["round"])
        field.choices = [("", _("All rounds")), *((round.slug, round.name) for round in rounds)]
        cast("forms.ChoiceField", self.fields["standing"]).choices = [("", _("Everything")), *Standing.choices]
        self.full_clean()

    @property
    def filters(self) -> dict[str, Any]:
        """What the worklist is to be filtered by."""
        cleaned = self.cleaned_data
        return {
            "round": self.rounds.get(cleaned["round"]),
            "standing": cleaned["standing"],
            "text": cleaned["text"],
        }

    def say_how_many(self, counts: Counter[Standing]) -> None:
        """Let each status say how many there are behind it."""
        choices = [("", f"{_('Everything')} ({counts.total()})")]
        choices += [(standing.value, f"{standing.label} ({counts[standing]})") for standing in Standing]
        cast("forms.ChoiceField", self.fields["standing"]).choices = choices


class SeenForm(forms.Form):
    """A button: the version that the page showed."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ChecklistForm(forms.Form):
    """Per point of the round: yes, no or not yet, and a note."""

    mark_optional = False

    mark = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(self, checks: list[Check], **kwargs: Any) -> None:
        initial = kwargs.pop("initial", {})
        words = {True: "yes", False: "no", None: ""}
        for check in checks:
            initial[f"answer_{check.point.pk}"] = words[check.answer.answer if check.answer else None]
            initial[f"note_{check.point.pk}"] = check.answer.note if check.answer else ""
        super().__init__(initial=initial, **kwargs)
        self.points = [check.point for check in checks]
        for point in self.points:
            self.fields[f"answer_{point.pk}"] = forms.ChoiceField(
                label=point.text, choices=FINDINGS, required=False, widget=forms.RadioSelect
            )
            self.fields[f"note_{point.pk}"] = PlainText(
                label=_("Note"), limit=LONGEST_NOTE, one_line=False, widget=forms.Textarea({"rows": 2, "dir": "auto"})
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The points as a template shows them: {point, answer, note}."""
        return [
            {"point": point, "answer": self[f"answer_{point.pk}"], "note": self[f"note_{point.pk}"]}
            for point in self.points
        ]

    @property
    def findings(self) -> dict[int, Finding]:
        """What was found, by the primary key of the point. Only for a valid form."""
        cleaned = self.cleaned_data
        return {
            point.pk: Finding(YES_NO.get(cleaned[f"answer_{point.pk}"]), cleaned[f"note_{point.pk}"])
            for point in self.points
        }


class PointsForm(forms.Form):
    """The checklist of a round: one point per line."""

    mark_optional = False

    mark = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)
    points = PlainText(
        label=_("One point per line"),
        help_text=_("Write each point as a question that is answered with yes or no."),
        limit=(LONGEST_POINT + 1) * MOST_POINTS,
        one_line=False,
        widget=forms.Textarea({"rows": 10, "dir": "auto"}),
    )

    @property
    def lines(self) -> list[str]:
        """The points, tidied, without empty lines. Only for a valid form."""
        return [line for text in self.cleaned_data["points"].split("\n") if (line := " ".join(text.split()))]


class AskSupplementForm(forms.Form):
    """Which questions, why, and by when."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    fields_asked = forms.MultipleChoiceField(
        label=_("Which questions?"),
        help_text=_("Only these questions open again."),
        choices=[(question.key.value, question.key.label) for question in QUESTIONS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one question.")},
    )
    why = forms.CharField(
        label=_("What is missing, and why do you need it?"),
        help_text=_("The initiator reads this above the question. Write it as you would say it."),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea({"rows": 5, "dir": "auto"}),
        error_messages={"required": _("Write down what is missing. The initiator reads it.")},
    )
    due_date = DateTextField(
        label=_("Answer by"),
        initial=first_due_date,
        error_messages={"required": _("Fill in the last day to answer.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_date"].help_text = _("At least until %(day)s.") % {"day": day(first_due_date())}

    def clean_why(self) -> str:
        """Tidy what was typed."""
        return _needed(self.cleaned_data["why"], _("Write down what is missing. The initiator reads it."))


class ExtendSupplementForm(forms.Form):
    """A later day."""

    seen_due_date = forms.DateField(input_formats=["%Y-%m-%d"], widget=forms.DateInput({"type": "hidden"}, "%Y-%m-%d"))
    due_date = DateTextField(label=_("Answer by"), error_messages={"required": _("Fill in the last day to answer.")})


class NotTreatForm(forms.Form):
    """Why it is not treated."""

    seen_due_date = forms.DateField(input_formats=["%Y-%m-%d"], widget=forms.DateInput({"type": "hidden"}, "%Y-%m-%d"))
    reasons = forms.CharField(
        label=_("Why do we not treat it?"),
        help_text=_("The initiator reads this. Say what was missing, and that it did not come."),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea({"rows": 6, "dir": "auto"}),
        error_messages={"required": _("Write down why. The initiator reads it.")},
    )

    def clean_reasons(self) -> str:
        """Tidy what was typed."""
        return _needed(self.cleaned_data["reasons"], _("Write down why. The initiator reads it."))


def _needed(text: str, words: Any) -> str:
    tidied = tidy(text)
    if not tidied:
        raise ValidationError(words, code="required")
    return tidied
