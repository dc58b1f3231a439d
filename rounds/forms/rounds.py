"""Setting up a round, part by part: money and dates, the call, what the committee looks at."""

import datetime
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import get_default_renderer
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rounds.models import Criterion, Round
from rounds.queries import slug_from
from web.fields import MoneyField
from web.forms import DateTextField, MomentField
from web.templatetags.formats import day, moment, money

MAXIMUM_CRITERIA = 20
END_OF_DAY = datetime.time(23, 59)


if TYPE_CHECKING:
    RoundModelForm = forms.ModelForm[Round]
    CriterionModelForm = forms.ModelForm[Criterion]
    CriterionRows = forms.BaseFormSet["CriterionForm"]
else:
    RoundModelForm, CriterionModelForm, CriterionRows = forms.ModelForm, forms.ModelForm, forms.BaseFormSet


class EditionForm(forms.Form):
    """The edition of the round that the person saw, for a page whose fields stand elsewhere."""

    # Whoever tampers with it, or sends none, is told that the page is stale: no edition is 0.
    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def seen_edition(self) -> int:
        """The edition that the person saw, 0 when the page did not say."""
        return self.cleaned_data.get("edition") or 0 if self.is_valid() else 0


class SavedValue(NamedTuple):
    """What another person saved in a field meanwhile."""

    label: str
    value: str


class PartForm(RoundModelForm):
    """A part of a round in preparation. Carries the edition that the person saw."""

    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["edition"] = self.instance.edition

    @property
    def values(self) -> dict[str, Any]:
        """What was filled in, without the edition: the fields for the action."""
        return {name: value for name, value in self.cleaned_data.items() if name != "edition"}

    @property
    def seen_edition(self) -> int:
        """The edition that the person saw, 0 when the page did not say."""
        return self.cleaned_data.get("edition") or 0

    def renew(self, round: Round) -> list[SavedValue]:
        """Let what was typed be sent again for the round as it is now; return what is saved now and differs."""
        # One by one: unpacking a QueryDict at once would give a list for each field.
        self.data = {name: self.data[name] for name in self.data} | {"edition": str(round.edition)}
        typed = self.values
        return [
            SavedValue(str(self.fields[name].label), value_in_words(round, name))
            for name in typed
            if hasattr(round, name) and getattr(round, name) != typed[name]
        ]


def value_in_words(round: Round, name: str) -> str:
    """A field of a round as people read it."""
    value = getattr(round, name)
    if name == "ceiling":
        return money(value)
    if isinstance(value, datetime.datetime):
        return moment(timezone.localtime(value))
    if isinstance(value, datetime.date):
        return day(value)
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    display: Callable[[], Any] = getattr(round, f"get_{name}_display", lambda: "–" if value in {None, ""} else value)
    return str(display())


class NewRoundForm(RoundModelForm):
    """The name and the web address of a new round."""

    slug = forms.SlugField(
        label=_("Web address"),
        required=False,
        max_length=80,
        help_text=_("Leave this empty and we make one. Small letters, numbers and dashes."),
        error_messages={"invalid": _("Use only letters, numbers and dashes, for example: round-2027.")},
    )

    class Meta:
        model = Round
        fields = ("name", "slug")
        labels: ClassVar[dict[str, Any]] = {"name": _("What is the round called?")}
        help_texts: ClassVar[dict[str, Any]] = {"name": _("For example: Round 2027")}
        error_messages: ClassVar[dict[str, Any]] = {"name": {"required": _("Fill in what the round is called.")}}

    def clean_slug(self) -> str:
        """Make a web address where none was given; one that is taken comes back with one that is free."""
        slug: str = self.cleaned_data["slug"].lower()
        if not slug:
            return slug_from(self.cleaned_data.get("name", ""), kind=Round)
        if (free := slug_from(slug, kind=Round)) != slug:
            raise ValidationError(
                _("Another round has this web address. “%(free)s” is free."), code="taken", params={"free": free}
            )
        return slug


class MoneyForm(PartForm):
    """How much money there is, and when everything happens."""

    ceiling = MoneyField(
        label=_("How much money is there?"),
        help_text=_("This is the ceiling. The committee does not have to spend all of it."),
        min_cents=100,
        error_messages={"required": _("Fill in how much money there is."), "too_little": _("Fill in at least 1 euro.")},
    )
    opens_at = MomentField(
        label=_("When does the call open?"),
        help_text=_("For example 1-3-2027, 9:00"),
        error_messages={"required": _("Fill in when the call opens.")},
    )
    closes_at = MomentField(
        label=_("When does the call close?"),
        help_text=_("People can send in until this minute. Without a time it is the end of the day."),
        otherwise=END_OF_DAY,
        error_messages={"required": _("Fill in when the call closes.")},
    )
    scoring_ends_at = MomentField(label=_("Until when does the committee score?"), otherwise=END_OF_DAY, required=False)
    voting_ends_at = MomentField(label=_("Until when does the committee vote?"), otherwise=END_OF_DAY, required=False)
    decision_date = DateTextField(
        label=_("On which day do people know the decision?"),
        help_text=_("People see this date. Choose one that you will surely make."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A round starts without an amount; a zero in the field would only be in the way.
        self.initial["ceiling"] = self.initial.get("ceiling") or None

    class Meta:
        model = Round
        fields = ("ceiling", "opens_at", "closes_at", "scoring_ends_at", "voting_ends_at", "decision_date")

    def clean(self) -> dict[str, Any]:
        """Each date after the one before it; a wrong order is said beside the later date.

        Without ``super().clean()`` the constraints of the model are left to the action: they say the same, but of no
        field in particular.
        """
        cleaned: dict[str, Any] = self.cleaned_data
        order: list[tuple[str, Any]] = [
            ("opens_at", ""),
            ("closes_at", _("The call closes before it opens. Choose a later closing date.")),
            ("scoring_ends_at", _("The scoring ends before the call closes. Choose a later date.")),
            ("voting_ends_at", _("The vote ends before the committee is ready for it. Choose a later date.")),
            ("decision_date", _("The decision comes before the vote has ended. Choose a later date.")),
        ]
        latest: datetime.datetime | None = None
        for name, message in order:
            value = cleaned.get(name)
            if value is None:
                continue
            moment = value
            if not isinstance(value, datetime.datetime):
                moment = timezone.make_aware(datetime.datetime.combine(value, END_OF_DAY))
            if latest is not None and moment <= latest:
                self.add_error(name, message)
            else:
                latest = moment
        return cleaned


class CallForm(PartForm):
    """The text that people read before they send in an idea."""

    class Meta:
        model = Round
        fields = ("call",)
        widgets: ClassVar[dict[str, Any]] = {"call": forms.Textarea({"rows": 12})}
        labels: ClassVar[dict[str, Any]] = {"call": _("What do you tell people?")}
        help_texts: ClassVar[dict[str, Any]] = {
            "call": _("What is the money for? Who can ask for it? What is not possible? Write as you speak."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["call"].required = True
        self.fields["call"].error_messages["required"] = _("Write what people can ask money for.")


class CriterionForm(CriterionModelForm):
    """One point the committee looks at. A row that is left empty does not count, and neither does one left out."""

    mark_optional = False

    remove = forms.BooleanField(label=_("Leave this point out"), required=False)

    class Meta:
        model = Criterion
        fields = ("name", "question", "weight")
        labels: ClassVar[dict[str, Any]] = {
            "name": _("Name of this point"),
            "question": _("Question to the committee"),
            "weight": _("How often does it count?"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "name": _("In a word or two, for example: Taking part"),
            "question": _("For example: Does this help people to take part?"),
            "weight": _("From 1 to 10. At 2 it counts twice as much as at 1."),
        }
        error_messages: ClassVar[dict[str, Any]] = {
            "weight": {
                "invalid": _("Fill in a number from 1 to 10."),
                "min_value": _("Fill in a number from 1 to 10."),
                "max_value": _("Fill in a number from 1 to 10."),
            },
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "question", "weight"):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        """Ask for what is missing, unless the row is empty or left out."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned["remove"]:
            self.errors.clear()
        elif cleaned.get("name") != "" or cleaned.get("question") != "":
            missing = {
                "name": _("Give this point a name."),
                "question": _("Write the question to the committee."),
                "weight": _("Fill in how often this point counts, from 1 to 10."),
            }
            for name, message in missing.items():
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, message)
        return cleaned


class CriteriaFormSet(CriterionRows):
    """The points together, in their order: at least one, and no two with the same name."""

    form = CriterionForm
    extra = 1
    min_num = 0
    max_num = MAXIMUM_CRITERIA
    absolute_max = MAXIMUM_CRITERIA + 5
    validate_min = False
    validate_max = True
    can_order = False
    can_delete = False
    can_delete_extra = False
    edit_only = False
    renderer = get_default_renderer()

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Let every row decide for itself whether it is empty, the first ones like the last."""
        return {**super().get_form_kwargs(index), "empty_permitted": False}

    def clean(self) -> None:
        """Refuse an empty list and doubles."""
        if any(self.errors):
            return
        names = [row["name"].casefold() for row in self.rows]
        if not names:
            raise ValidationError(_("Write at least one point that the committee looks at."), code="none")
        if len(set(names)) < len(names):
            raise ValidationError(_("Two points have the same name. Change one of them."), code="double")

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What was filled in, without the empty rows and those that were left out: the criteria for the action."""
        return [
            {name: form.cleaned_data[name] for name in ("name", "question", "weight")}
            for form in self.forms
            if form.cleaned_data.get("name") and not form.cleaned_data["remove"]
        ]

    @classmethod
    def with_another_row(cls, data: Mapping[str, str], prefix: str = "form") -> "CriteriaFormSet":
        """Give back what was typed, unchecked, with one empty row more: the button that works without JavaScript."""
        try:
            total = min(max(int(data.get(f"{prefix}-TOTAL_FORMS", "0")), 0), MAXIMUM_CRITERIA)
        except ValueError:
            total = 0
        names = ("name", "question", "weight", "remove")
        rows = [{name: data.get(f"{prefix}-{place}-{name}", "") for name in names} for place in range(total)]
        formset = cls(initial=rows)
        formset.extra = 1
        return formset
