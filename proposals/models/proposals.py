"""A proposal and the lines of its budget."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import ContactChannel, Person
from proposals.lifecycle import State
from rounds.models import Round
from web.money import CentsField


class Route(models.TextChoices):
    """How somebody came to a proposal: by themselves, with somebody beside them, or through an official."""

    ALONE = "alone", _("Alone")
    WITH_HELPER = "with_helper", _("With a helper")
    BY_OFFICIAL = "by_official", _("Through an official")


class Proposal(models.Model):
    """Somebody's idea, with what it costs. Amounts in cents; the words are 360Giving's."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="proposals")
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    route = models.CharField(max_length=12, choices=Route, default=Route.ALONE)
    # What people call it by in letters and on lists: unique in its round, empty until it is sent in.
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    # Which one of its round it is, for those sent in here: 14 in 2027-014.
    number = models.PositiveIntegerField(null=True, blank=True, editable=False)
    initiator = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="proposals", null=True, blank=True)
    # The official who entered it for somebody who called, visited or wrote on paper.
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    # SHA-256 of the key in the cookie of the browser in which an anonymous draft was begun. Never the key itself.
    draft_key = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    # The one press of the send button that counted: a second one with the same key is the same press.
    submission_key = models.UUIDField(unique=True, null=True, blank=True, editable=False)

    title = models.CharField(_("name of the idea"), max_length=300, blank=True)
    summary = models.TextField(_("what will you do"), blank=True)
    improvement = models.TextField(_("what gets better"), blank=True)
    participants = models.TextField(_("who takes part"), blank=True)
    where_when = models.TextField(_("where and when"), blank=True)
    own_part = models.TextField(_("what do you do yourself"), blank=True)
    contact_name = models.CharField(_("your name"), max_length=120, blank=True)
    # As typed on the form; the address that was confirmed with a code is the person's.
    contact_address = models.CharField(_("mail address or phone number"), max_length=254, blank=True)
    contact_channel = models.CharField(max_length=8, choices=ContactChannel, default=ContactChannel.MAIL)

    amount_applied_for = CentsField(_("amount applied for"), default=0)
    # The least amount with which the idea could still go on; empty: all or nothing.
    minimum_amount = CentsField(_("least amount"), null=True, blank=True)
    own_contribution = CentsField(_("what you pay yourself"), null=True, blank=True)
    other_contribution = CentsField(_("what others pay"), null=True, blank=True)
    other_funders = models.CharField(_("who else pays"), max_length=200, blank=True)

    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    neighbourhood = models.CharField(_("neighbourhood"), max_length=80, blank=True)
    theme = models.CharField(_("theme"), max_length=80, blank=True)
    # The recorded choice that everybody may read the summary. People tell about themselves in it.
    summary_is_public = models.BooleanField(_("everybody may read this"), default=False)
    # Where the round breaks ties by its list: the place on it.
    place = models.PositiveIntegerField(default=0, editable=False)

    started_at = models.DateTimeField(default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal_reason = models.TextField(blank=True)
    # When officials said that it is complete, or that it is not treated, and why not.
    screened_at = models.DateTimeField(null=True, blank=True)
    not_treated_reason = models.TextField(blank=True)
    # The steps of the funnel for which this draft was counted, so that it is counted once.
    steps_counted = models.JSONField(default=list, editable=False)
    # Reminders of a draft that was not sent: which ones went out, and whether somebody asked to stop them.
    week_reminder_at = models.DateTimeField(null=True, blank=True)
    day_reminder_at = models.DateTimeField(null=True, blank=True)
    reminders_stopped_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("round", "reference", "pk")
        verbose_name = _("proposal")
        indexes = (models.Index(fields=["round", "state"], name="proposal_round_state"),)
        constraints = (
            models.UniqueConstraint(
                fields=["round", "reference"], condition=~Q(reference=""), name="one_proposal_per_reference"
            ),
            models.UniqueConstraint(fields=["round", "number"], name="one_proposal_per_number"),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.WITHDRAWN]) | ~Q(reference=""),
                name="proposal_sent_in_has_reference",
            ),
            models.CheckConstraint(condition=Q(amount_applied_for__gte=0), name="amount_applied_for_not_negative"),
            models.CheckConstraint(
                condition=Q(minimum_amount__isnull=True)
                | Q(minimum_amount__gte=0, minimum_amount__lte=F("amount_applied_for")),
                name="minimum_within_amount_applied_for",
                violation_error_message=_("The least amount is more than the amount you ask for."),
            ),
            models.CheckConstraint(
                condition=Q(own_contribution__isnull=True) | Q(own_contribution__gte=0),
                name="own_contribution_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(other_contribution__isnull=True) | Q(other_contribution__gte=0),
                name="other_contribution_not_negative",
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="proposal_state_known"),
            models.CheckConstraint(condition=Q(route__in=Route.values), name="proposal_route_known"),
        )

    def __str__(self) -> str:
        return self.title or self.reference or f"#{self.pk}"


class BudgetLine(models.Model):
    """One row of a proposal's budget: what, and how many cents. In a draft either can still be missing ("" or 0)."""

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
