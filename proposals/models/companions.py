"""Not alone: who else may look at, comment on or write a proposal, and how a draft changes hands."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from proposals.models.proposals import Proposal
from proposals.models.questions import Field


class CompanionKind(models.TextChoices):
    """As what somebody was invited."""

    HELPER = "helper", _("Helper")
    CO_INITIATOR = "co_initiator", _("Co-initiator")


class Right(models.TextChoices):
    """What an invited person may do; each one includes those before it."""

    VIEW = "view", _("Read")
    COMMENT = "comment", _("Read and comment")
    EDIT = "edit", _("Read, comment and write")


class Companion(models.Model):
    """Somebody who was invited to a proposal, by a link or by a code that can be read aloud."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="companions")
    # Empty until the invitation is accepted.
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="companionships", null=True, blank=True)
    # What the initiator calls this person, to tell two invitations apart.
    name = models.CharField(_("name"), max_length=120, blank=True)
    kind = models.CharField(max_length=12, choices=CompanionKind, default=CompanionKind.HELPER)
    rights = models.CharField(max_length=8, choices=Right, default=Right.VIEW)
    code_digest = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    invited_by = models.ForeignKey(Person, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("proposal", "pk")
        verbose_name = _("companion")
        constraints = (
            models.UniqueConstraint(
                fields=["proposal", "person"],
                condition=Q(person__isnull=False, withdrawn_at__isnull=True),
                name="one_companionship_per_person",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(person__isnull=False), name="companion_accepted_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("invited_at")), name="invitation_expires_after_it_is_given"
            ),
            models.CheckConstraint(condition=Q(kind__in=CompanionKind.values), name="companion_kind_known"),
            models.CheckConstraint(condition=Q(rights__in=Right.values), name="companion_rights_known"),
        )

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


class Remark(models.Model):
    """What a companion says about one answer."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="remarks")
    field = models.CharField(max_length=16, choices=Field)
    text = models.TextField(_("remark"))
    by = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    written_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("proposal", "written_at", "pk")
        verbose_name = _("remark")
        constraints = (models.CheckConstraint(condition=Q(field__in=Field.values), name="remark_field_known"),)

    def __str__(self) -> str:
        return f"{self.field} {self.pk}"


class Takeover(models.Model):
    """A code on a letter, with which somebody takes over online the draft that an official entered for them."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="takeovers")
    code_digest = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(Person, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("proposal", "pk")
        verbose_name = _("takeover")
        constraints = (
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="takeover_expires_after_it_is_made"),
        )

    def __str__(self) -> str:
        return f"#{self.pk}"
