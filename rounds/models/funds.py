"""The fund, and who sits where, from when until when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from rounds.lifecycle import Role


class Fund(models.Model):
    """A sum that comes back every year, with the scheme that says what it is for (Awb 4:23)."""

    name = models.CharField(_("name of the fund"), max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    purpose = models.TextField(_("what it is for"), blank=True)
    scheme_name = models.CharField(_("name of the scheme"), max_length=200, blank=True)
    scheme_url = models.URLField(_("where the scheme can be read"), blank=True)
    scheme_version = models.CharField(_("version of the scheme"), max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        verbose_name = _("fund")

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """Somebody's place in a fund, with its term. Both days count; an empty last day means: until further notice."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="seats")
    fund = models.ForeignKey(Fund, on_delete=models.CASCADE, related_name="seats")
    role = models.CharField(_("role"), max_length=16, choices=Role)
    from_date = models.DateField(_("from"))
    until_date = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ("fund", "role", "from_date")
        verbose_name = _("seat")
        constraints = (
            models.UniqueConstraint(fields=["person", "fund", "role", "from_date"], name="one_seat_per_start"),
            models.CheckConstraint(
                condition=Q(until_date__isnull=True) | Q(until_date__gte=F("from_date")),
                name="seat_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first. Choose a later last day."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()}"
