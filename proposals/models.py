"""A proposal and the lines of its budget."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from proposals.lifecycle import State
from rounds.models import Round
from web.money import CentsField


class Proposal(models.Model):
    """Somebody's idea, with what it costs. Amounts in cents; the words are 360Giving's."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="proposals")
    # What people call it by in letters and on lists; unique in its round.
    reference = models.CharField(_("reference"), max_length=80)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    initiator = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="proposals", null=True, blank=True)
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    title = models.CharField(_("name of the idea"), max_length=300)
    summary = models.TextField(_("what will you do"), blank=True)
    # The recorded choice that everybody may read the summary. People tell about themselves in it.
    summary_is_public = models.BooleanField(_("everybody may read this"), default=False)
    neighbourhood = models.CharField(_("neighbourhood"), max_length=80, blank=True)
    theme = models.CharField(_("theme"), max_length=80, blank=True)
    amount_applied_for = CentsField(_("amount applied for"), default=0)
    # The least amount with which the idea could still go on; empty: all or nothing.
    minimum_amount = CentsField(_("least amount"), null=True, blank=True)
    # Where the round breaks ties by its list: the place on it.
    place = models.PositiveIntegerField(default=0, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("round", "reference")
        verbose_name = _("proposal")
        constraints = (
            models.UniqueConstraint(fields=["round", "reference"], name="one_proposal_per_reference"),
            models.CheckConstraint(condition=Q(amount_applied_for__gte=0), name="amount_applied_for_not_negative"),
            models.CheckConstraint(
                condition=Q(minimum_amount__isnull=True)
                | Q(minimum_amount__gte=0, minimum_amount__lte=F("amount_applied_for")),
                name="minimum_within_amount_applied_for",
                violation_error_message=_("The least amount is more than the amount you ask for."),
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="proposal_state_known"),
        )

    def __str__(self) -> str:
        return self.title


class BudgetLine(models.Model):
    """One row of a proposal's budget: what, and how many cents."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="budget_lines")
    what = models.CharField(_("what"), max_length=120)
    amount = CentsField(_("amount"))
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("place", "pk")
        verbose_name = _("budget line")
        constraints = (models.CheckConstraint(condition=Q(amount__gte=0), name="budget_line_not_negative"),)

    def __str__(self) -> str:
        return self.what
