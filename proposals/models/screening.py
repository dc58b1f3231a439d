"""Screening: the checklist, the supplement that is asked, and the passages the committee does not see."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from proposals.models.proposals import Proposal
from proposals.models.questions import Field
from rounds.models import Round


class ScreeningPoint(models.Model):
    """A yes-or-no point on the checklist of a round."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="screening_points")
    text = models.CharField(_("point to check"), max_length=200)
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("place", "pk")
        verbose_name = _("point of the checklist")
        constraints = (models.UniqueConstraint(fields=["round", "text"], name="one_screening_point_per_text"),)

    def __str__(self) -> str:
        return self.text


class ScreeningAnswer(models.Model):
    """What an official found on one point; None: not looked at yet."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="screening_answers")
    point = models.ForeignKey(ScreeningPoint, on_delete=models.CASCADE, related_name="answers")
    answer = models.BooleanField(null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("proposal", "point")
        verbose_name = _("answer on the checklist")
        constraints = (
            models.UniqueConstraint(fields=["proposal", "point"], name="one_screening_answer_per_point"),
            models.CheckConstraint(
                condition=Q(answer__isnull=True) | Q(answered_at__isnull=False), name="screening_answer_has_moment"
            ),
        )

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.point_id}"


class Supplement(models.Model):
    """What an official asked to add: which questions (keys of the questions table), why, and by when (Awb 4:5)."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="supplements")
    fields = models.JSONField()
    why = models.TextField(_("what is missing, and why we need it"))
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_date = models.DateField(_("answer by"))
    # The first date, when more time was given.
    first_due_date = models.DateField(null=True, blank=True)
    extended_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    expired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("proposal", "asked_at", "pk")
        verbose_name = _("supplement")
        constraints = (
            models.UniqueConstraint(
                fields=["proposal"],
                condition=Q(answered_at__isnull=True, expired_at__isnull=True),
                name="one_open_supplement_per_proposal",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(expired_at__isnull=True),
                name="supplement_answered_or_expired",
            ),
        )

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.due_date}"


class Redaction(models.Model):
    """A passage of an answer that the committee does not see: characters `start` up to, not including, `end`."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="redactions")
    field = models.CharField(max_length=16, choices=Field)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("proposal", "field", "start")
        verbose_name = _("hidden passage")
        constraints = (
            models.UniqueConstraint(fields=["proposal", "field", "start", "end"], name="one_redaction_per_passage"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="redaction_hides_something"),
            models.CheckConstraint(condition=Q(field__in=Field.values), name="redaction_field_known"),
        )

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.field} {self.start}-{self.end}"
