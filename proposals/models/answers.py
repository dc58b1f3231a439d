"""Every saving of an answer, kept: so that two tabs or two devices never silently wipe each other."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from proposals.models.proposals import Proposal
from proposals.models.questions import Field


class AnswerEdit(models.Model):
    """One saving of one answer. Only ever added to; the database decides who was second.

    `text` is the answer itself, for the budget and the contact a canonical JSON document. A page that was opened at
    edition 3 saves edition 4; when that is there already, somebody else saved meanwhile.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="edits")
    field = models.CharField(max_length=16, choices=Field)
    edition = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    # Which opened page wrote it. A page that did not hear that its text was saved does not come into conflict with
    # itself when it tries again.
    page_key = models.CharField(max_length=32, blank=True)
    saved_at = models.DateTimeField()
    # Empty: the anonymous owner of the draft.
    saved_by = models.ForeignKey(Person, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    on_behalf_of = models.ForeignKey(Person, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ("proposal", "field", "edition")
        verbose_name = _("saved answer")
        constraints = (
            models.UniqueConstraint(fields=["proposal", "field", "edition"], name="one_answer_per_edition"),
            models.CheckConstraint(condition=Q(edition__gte=1), name="answer_editions_count_from_one"),
            models.CheckConstraint(condition=Q(field__in=Field.values), name="answer_field_known"),
        )

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.field} {self.edition}"
