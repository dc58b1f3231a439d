"""The ballot: one line of canonical text per voter, so that the database can group and count without Python."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from rounds.models import Round


class Ballot(models.Model):
    """One voter's ballot in a round.

    ``choices`` is canonical text: proposal ids in ascending order, each with its value where the ballot type has one,
    such as ``12,15,31`` (approval) or ``12:3,15:1`` (points; for the pot, cents). Equal ballots are equal text. Empty
    is a blank ballot, which counts as a vote. ``recused`` lists, in the same way, the proposals this voter stepped
    back from; none of them stands in ``choices``.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="ballots")
    choices = models.TextField(blank=True)
    recused = models.TextField(blank=True)
    # The random code by which a voter finds the ballot on the published list; unique in its round.
    receipt = models.CharField(_("receipt"), max_length=40)
    cast_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("round", "receipt")
        verbose_name = _("ballot")
        constraints = (models.UniqueConstraint(fields=["round", "receipt"], name="one_ballot_per_receipt"),)

    def __str__(self) -> str:
        return self.receipt
