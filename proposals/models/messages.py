"""The one thread of messages between an initiator and the officials."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from proposals.models.proposals import Proposal


class Message(models.Model):
    """One message about a proposal. `read_at`: when the other side first saw it."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    from_official = models.BooleanField()
    text = models.TextField(_("message"))
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("proposal", "sent_at", "pk")
        verbose_name = _("message")

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.sent_at:%Y-%m-%d %H:%M}"
