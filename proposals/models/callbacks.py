"""Call me back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from proposals.models.proposals import Proposal
from rounds.models import Round


class DayPart(models.TextChoices):
    """When somebody likes to be called."""

    MORNING = "morning", _("In the morning")
    AFTERNOON = "afternoon", _("In the afternoon")
    ANY = "any", _("All day")


class CallbackRequest(models.Model):
    """Somebody who wants to be called. `due_date` is two working days after asking."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="callback_requests")
    proposal = models.ForeignKey(
        Proposal, on_delete=models.SET_NULL, related_name="callback_requests", null=True, blank=True
    )
    name = models.CharField(_("your name"), max_length=120)
    # E.164; a land line is fine too.
    phone = models.CharField(_("phone number"), max_length=16)
    day_part = models.CharField(max_length=12, choices=DayPart, default=DayPart.ANY)
    asked_at = models.DateTimeField()
    due_date = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("due_date", "asked_at", "pk")
        verbose_name = _("request to call back")
        constraints = (
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="callback_done_by_somebody",
            ),
            models.CheckConstraint(condition=Q(day_part__in=DayPart.values), name="callback_day_part_known"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.due_date}"
