"""How many people reach which page. Numbers only: no person and no draft can be found in them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from proposals.models.proposals import Route
from rounds.models import Round


class FunnelStep(models.TextChoices):
    """What is counted, in the order in which people come by."""

    STARTED = "started", _("Started")
    TITLE = "title", _("Name of the idea")
    SUMMARY = "summary", _("What will you do")
    IMPROVEMENT = "improvement", _("What gets better")
    PARTICIPANTS = "participants", _("Who takes part")
    WHERE_WHEN = "where_when", _("Where and when")
    BUDGET = "budget", _("How much money")
    OWN_PART = "own_part", _("What you do yourself")
    CONTACT = "contact", _("How we reach you")
    CHECK = "check", _("Check and send")
    SENT = "sent", _("Sent in")
    ELIGIBLE = "eligible", _("Complete")


class FunnelCount(models.Model):
    """How many drafts reached a step for the first time, on one day, by one route."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="funnel_counts")
    step = models.CharField(max_length=16, choices=FunnelStep)
    route = models.CharField(max_length=12, choices=Route)
    on_date = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("round", "on_date", "step", "route")
        verbose_name = _("count of the funnel")
        constraints = (
            models.UniqueConstraint(fields=["round", "step", "route", "on_date"], name="one_funnel_count_per_day"),
            models.CheckConstraint(condition=Q(step__in=FunnelStep.values), name="funnel_step_known"),
            models.CheckConstraint(condition=Q(route__in=Route.values), name="funnel_route_known"),
        )

    def __str__(self) -> str:
        return f"{self.on_date} {self.step} {self.count}"
