"""The distribution rule: how people vote, how the money is divided, how is counted; and changing it with a reason."""

from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from rounds.forms.rounds import EditionForm, PartForm, RoundModelForm
from rounds.models import AllocationRule, BallotType, Round, Secrecy, TieBreak
from rounds.queries import SUITABLE_RULES, rule_problems
from web.fields import MoneyField

# What an option means, in one sentence; the page "Choices explained" says more.
MEANINGS: dict[str, Any] = {
    BallotType.APPROVAL: _("Easy. Members tick as many proposals as they like."),
    BallotType.YES_NO: _("Members give an answer to each proposal."),
    BallotType.POINTS: _("Members show what they like most."),
    BallotType.POT: _("Members divide the euros themselves."),
    BallotType.SCORES: _("No separate vote. The scores that members gave are added up."),
    BallotType.CHOOSE_ONE: _("Very easy, but members tell little."),
    BallotType.RANKING: _("Members say what comes first, second, third."),
    Secrecy.SECRET: _("Members feel free. Each can check that their own vote was counted."),
    Secrecy.OPEN: _("The names stand beside the votes when the vote has closed."),
    AllocationRule.GREEDY_VOTES: _("The largest group can decide about all of the money."),
    AllocationRule.GREEDY_VOTES_PER_COST: _("Small and cheap plans go first."),
    AllocationRule.GREEDY_POINTS: _("The largest group can decide about all of the money."),
    AllocationRule.MES_COST: _("Each member decides about an equal part. Money can be left over."),
    AllocationRule.MES_CARDINALITY: _("As equal shares, but small plans go first. Money can be left over."),
    AllocationRule.MES_POINTS: _("Each member decides about an equal part. Strong wishes count for more."),
    AllocationRule.MES_COST_ADD1: _("As equal shares, with larger parts, so that less is left over."),
    AllocationRule.MES_COST_ADD1U: _("As the one above. What is left goes to plans with the most votes."),
    AllocationRule.MES_CARDINALITY_ADD1U: _("Small plans go first. What is left goes to plans with the most votes."),
    AllocationRule.PHRAGMEN: _("Members save money at the same speed, and buy what they like together."),
    AllocationRule.WELFARE_VOTES: _("As many wishes as possible come true. Cheap plans have an advantage."),
    AllocationRule.WELFARE_COST: _("As much money as possible goes to plans with many votes."),
    AllocationRule.MAJORITY: _("A plan needs more yes than no."),
    AllocationRule.AVERAGE_POT: _("Each plan gets the average of what members give it."),
    TieBreak.CHEAPER: _("More money is left for others."),
    TieBreak.EARLIER: _("Who was early goes first."),
    TieBreak.LOT: _("Nobody can influence it."),
    TieBreak.REFERENCE: _("As in published election files."),
    TieBreak.LISTED: _("As in published election files."),
    TieBreak.NONE: _("Costs an extra meeting, but the committee chooses itself."),
}


def explained(text: Any, anchor: str) -> SafeString:
    """A help text with a link to the place where the choice is explained with an example."""
    return format_html(
        '{} <a href="{}#{}">{}</a>', text, reverse("rounds:choices"), anchor, _("Explanation with an example")
    )


def option(value: str, label: Any) -> tuple[str, SafeString]:
    """A choice with its meaning under its name."""
    return value, format_html('<strong>{}</strong><span class="pf-caption">{}</span>', label, MEANINGS.get(value, ""))


def options(choices: Any, *, among: Any = None) -> list[tuple[str, SafeString]]:
    """The choices of a list with their meanings, or only those among some."""
    return [option(value, label) for value, label in choices.choices if among is None or value in among]


# Only for elections that were read from a file: offered where a round has it already.
OF_FILES = frozenset({"declared", "reference", "listed"})


class BallotFields(RoundModelForm):
    """How members vote."""

    points = forms.IntegerField(
        label=_("How many points does each member divide?"),
        help_text=_("Only needed when members divide points."),
        min_value=1,
        max_value=1000,
        required=False,
    )

    class Meta:
        model = Round
        fields = ("ballot_type", "points", "secrecy")
        widgets: ClassVar[dict[str, Any]] = {"ballot_type": forms.RadioSelect, "secrecy": forms.RadioSelect}
        labels: ClassVar[dict[str, Any]] = {
            "ballot_type": _("How do members vote?"),
            "secrecy": _("Who can see who voted what?"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices, anchor in (("ballot_type", BallotType, "ballots"), ("secrecy", Secrecy, "secrecy")):
            cast("forms.ChoiceField", self.fields[name]).choices = options(choices)
            self.fields[name].help_text = explained(self.fields[name].help_text, anchor)

    def clean_points(self) -> int:
        """Keep the number that was there when points are not asked for."""
        points: int | None = self.cleaned_data["points"]
        if points is None:
            if self.cleaned_data.get("ballot_type") == BallotType.POINTS:
                raise ValidationError(_("Fill in how many points each member divides."), code="required")
            return int(self.instance.points)
        return points


class DivisionFields(RoundModelForm):
    """How the money is divided."""

    class Meta:
        model = Round
        fields = ("allocation_rule", "partial_funding", "tie_break", "lot_seed")
        widgets: ClassVar[dict[str, Any]] = {"allocation_rule": forms.RadioSelect, "tie_break": forms.RadioSelect}
        labels: ClassVar[dict[str, Any]] = {
            "allocation_rule": _("By which rule is the money divided?"),
            "partial_funding": _("A proposal can also get a part of the amount"),
            "tie_break": _("What if two proposals are exactly equal?"),
            "lot_seed": _("Words of the lot"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "partial_funding": _("Only when the initiator says which part is still of use."),
            "lot_seed": _("Only needed for a lot. For example: the numbers of the lottery of 1 March 2027."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anchors = {"allocation_rule": "rules", "partial_funding": "partial", "tie_break": "ties"}
        for name, anchor in anchors.items():
            self.fields[name].help_text = explained(self.fields[name].help_text, anchor)
        ties = set(TieBreak) - OF_FILES | {self.instance.tie_break}
        cast("forms.ChoiceField", self.fields["tie_break"]).choices = options(TieBreak, among=ties)
        rules = options(AllocationRule, among=self.rules_to_choose)
        cast("forms.ChoiceField", self.fields["allocation_rule"]).choices = rules

    @property
    def rules_to_choose(self) -> Any:
        """The rules on the list."""
        return SUITABLE_RULES[self.instance.ballot_type]

    def clean(self) -> dict[str, Any]:
        """Refuse choices that do not fit together; said beside the field."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "allocation_rule" not in self.errors:
            together = Round(
                ballot_type=cleaned.get("ballot_type", self.instance.ballot_type),
                allocation_rule=cleaned.get("allocation_rule", ""),
                tie_break=cleaned.get("tie_break", TieBreak.CHEAPER),
                lot_seed=cleaned.get("lot_seed", ""),
            )
            for field, problem in rule_problems(together).items():
                self.add_error(field, problem)
        return cleaned


class CountingFields(RoundModelForm):
    """From when a vote or a score counts."""

    class Meta:
        model = Round
        fields = ("threshold", "minimum_scores", "quorum_percent")
        labels: ClassVar[dict[str, Any]] = {
            "threshold": _("How many votes does a proposal need at least?"),
            "minimum_scores": _("How many members must have given a score at least?"),
            "quorum_percent": _("Which part of the members must vote at least?"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "threshold": _("Fill in 0 when there is no least number."),
            "minimum_scores": _("With fewer scores an average says too little."),
            "quorum_percent": _("In per cents, from 0 to 100."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = {
            "threshold": ("threshold", 10_000),
            "minimum_scores": ("scores", 1_000),
            "quorum_percent": ("quorum", 100),
        }
        for name, (anchor, most) in limits.items():
            field = self.fields[name]
            self.fields[name] = forms.IntegerField(
                label=field.label,
                help_text=explained(field.help_text, anchor),
                min_value=0,
                max_value=most,
                initial=field.initial,
                error_messages={
                    "required": _("Fill in a number; 0 when it does not matter."),
                    "invalid": _("Fill in a whole number."),
                },
            )


class BallotForm(PartForm, BallotFields):
    """How members vote, while the round is in preparation."""

    class Meta(BallotFields.Meta):
        pass


class DivisionForm(PartForm, DivisionFields):
    """How the money is divided, while the round is in preparation: only the rules that suit the ballot."""

    class Meta(DivisionFields.Meta):
        pass


class CountingForm(PartForm, CountingFields):
    """From when a vote counts, while the round is in preparation."""

    class Meta(CountingFields.Meta):
        pass


class RuleForm(PartForm, BallotFields, DivisionFields, CountingFields):
    """A new version of a frozen rule, with the reason for it."""

    ceiling = MoneyField(label=_("How much money is there?"), min_cents=100)
    reason = forms.CharField(
        label=_("Why do you change the rule?"),
        help_text=_("Everybody can read this, beside what changed."),
        widget=forms.Textarea({"rows": 3}),
        max_length=2000,
        error_messages={"required": _("Write why the rule changes. The law asks for a reason.")},
    )

    class Meta:
        model = Round
        fields = (
            "ceiling",
            *BallotFields.Meta.fields,
            *DivisionFields.Meta.fields,
            *CountingFields.Meta.fields,
        )
        widgets: ClassVar[dict[str, Any]] = BallotFields.Meta.widgets | DivisionFields.Meta.widgets
        labels: ClassVar[dict[str, Any]] = (
            BallotFields.Meta.labels | DivisionFields.Meta.labels | CountingFields.Meta.labels
        )
        help_texts: ClassVar[dict[str, Any]] = DivisionFields.Meta.help_texts | CountingFields.Meta.help_texts

    @property
    def rules_to_choose(self) -> Any:
        """Every rule: the ballot may change along with it, and is checked together with it."""
        return set(AllocationRule.values) - OF_FILES | {self.instance.allocation_rule}

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the rule for the action, without the reason."""
        return {name: value for name, value in super().values.items() if name != "reason"}


class StepForm(EditionForm):
    """The last question before a round moves on."""

    reason = forms.CharField(
        label=_("Why do you call the round off?"),
        help_text=_("Everybody can read this. Say what happens to the proposals too."),
        widget=forms.Textarea({"rows": 4}),
        max_length=2000,
        error_messages={"required": _("Write why the round is called off. People will read it.")},
    )

    def __init__(self, *args: Any, asks_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_reason:
            del self.fields["reason"]
