"""What the allocation rule made of a round: a run with its digests, and one explained line per proposal."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from proposals.models import Proposal
from rounds.models import AllocationRule, Round, RuleVersion
from web.money import CentsField


class RunKind(models.TextChoices):
    """What a run is for."""

    PUBLISHED = "published", _("By the published rule")
    WHAT_IF = "what_if", _("To compare")


class Failure(models.TextChoices):
    """Why a run has no outcome."""

    TIE = "tie", _("Two proposals are exactly equal, and the rule says that the committee votes again")
    REFUSED = "refused", _("The rule cannot count these ballots")


class AllocationRun(models.Model):
    """One rule, run once on a round's ballots. Can be repeated by anyone from the export, with the same digest.

    A run without an outcome says why in ``failure``; its lines are then the proposals that are tied, with no amount.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="allocation_runs")
    kind = models.CharField(max_length=12, choices=RunKind)
    rule = models.CharField(_("allocation rule"), max_length=32, choices=AllocationRule)
    rule_version = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="+", null=True)
    budget = CentsField(_("budget"))
    spent = CentsField(_("spent"))
    voters = models.PositiveIntegerField(_("voters"))
    failure = models.CharField(max_length=8, choices=Failure, blank=True)
    # How many voters see none of their choices funded, how many one, two, and so on: a list of counts by number.
    choices_funded = models.JSONField(default=list)
    # The engine's own name of the rule it ran, which differs from ``rule`` where that is what an election declared.
    counted_by = models.CharField(max_length=40, blank=True)
    # What each voter could give away, rounded down to a cent; empty for rules in which voters do not pay.
    endowment = CentsField(null=True)
    # SHA-256 of what went in and what came out together; empty without an outcome.
    digest = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("round", "kind", "rule")
        verbose_name = _("allocation")
        constraints = (
            models.UniqueConstraint(
                fields=["round"], condition=Q(kind="published"), name="one_published_allocation_per_round"
            ),
            models.UniqueConstraint(
                fields=["round", "rule"], condition=Q(kind="what_if"), name="one_comparison_per_rule"
            ),
            models.CheckConstraint(
                condition=Q(spent__gte=0, spent__lte=models.F("budget")), name="allocation_within_budget"
            ),
        )

    def __str__(self) -> str:
        return f"{self.round} · {self.get_rule_display()}"


class AllocationLine(models.Model):
    """What a run gives to one proposal, and the facts from which the explanation is written. Money in cents."""

    run = models.ForeignKey(AllocationRun, on_delete=models.CASCADE, related_name="lines")
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="allocation_lines")
    amount = CentsField(_("amount"))
    step = models.PositiveIntegerField(null=True)
    reserve_place = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=24)
    support = models.PositiveIntegerField()
    eligible = models.PositiveIntegerField()
    # What the rule ordered by: an exact fraction "numerator/denominator", or rounded down to six decimals if very long.
    score = models.CharField(max_length=80)
    # What there was for it when the decision fell, rounded down to a cent, and what it needed.
    available = CentsField()
    needed = CentsField()
    # What the voter who paid most paid, rounded up to a cent, for rules in which voters pay.
    most_paid = CentsField(null=True)
    beaten_by = models.ForeignKey(Proposal, on_delete=models.SET_NULL, related_name="+", null=True)
    # What would have been enough, each verified by a run of its own. ``counted`` says in what the extra support is
    # counted, and is empty where nobody asked; one of the two that is empty would not have helped, however large.
    counted = models.CharField(max_length=12, blank=True)
    extra_support = models.PositiveBigIntegerField(null=True)
    largest_cost = CentsField(null=True)

    class Meta:
        ordering = ("run", models.F("step").asc(nulls_last=True), models.F("reserve_place").asc(nulls_last=True))
        verbose_name = _("allocation line")
        constraints = (
            models.UniqueConstraint(fields=["run", "proposal"], name="one_line_per_proposal"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="allocated_amount_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.proposal}: {self.amount}"
