"""What was sent, as it was sent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from proposals.models.proposals import Proposal


class ProposalVersion(models.Model):
    """A proposal as it was sent in: a canonical JSON document and its SHA-256. Never changed.

    The first one, with the proposal's reference, is the receipt (Awb afd. 2.3).
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    document = models.TextField()
    digest = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(Person, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ("proposal", "number")
        verbose_name = _("version of a proposal")
        constraints = (
            models.UniqueConstraint(fields=["proposal", "number"], name="one_proposal_version_per_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="proposal_versions_count_from_one"),
        )

    def __str__(self) -> str:
        return f"{self.proposal} · {self.number}"
