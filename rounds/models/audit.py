"""The audit trail: who did what, for whom, when and why, each line chained to the one before it."""

import hashlib
import json

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Person


class AuditEntry(models.Model):
    """One line of the trail. Written by ``rounds.actions.record`` alone; never changed, never removed."""

    sequence = models.PositiveBigIntegerField(unique=True)
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    on_behalf_of = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    action = models.CharField(max_length=40)
    # What it was done to, as app-free words: "round", 12. No foreign key, so that the line outlives its subject.
    subject_type = models.CharField(max_length=40)
    subject_id = models.PositiveBigIntegerField()
    reason = models.TextField(blank=True)
    # Canonical JSON text rather than a JSON column: a database may reorder or reformat the latter.
    data = models.TextField(default="{}")
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("sequence",)
        verbose_name = _("audit line")
        indexes = (models.Index(fields=["subject_type", "subject_id"], name="audit_by_subject"),)

    def __str__(self) -> str:
        return f"{self.sequence} · {self.action}"

    def computed_hash(self) -> str:
        """SHA-256 over the previous line's hash and every field of this one, as canonical JSON."""
        content = [
            self.previous_hash,
            self.sequence,
            self.recorded_at.isoformat(timespec="microseconds"),
            self.actor_id,
            self.on_behalf_of_id,
            self.action,
            self.subject_type,
            self.subject_id,
            self.reason,
            self.data,
        ]
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


class AuditHead(models.Model):
    """The end of the chain, in one row: where the next line hangs on, and proof that the last one was not cut off."""

    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="one_audit_head"),)

    def __str__(self) -> str:
        return f"{self.sequence} · {self.hash[:12]}"
