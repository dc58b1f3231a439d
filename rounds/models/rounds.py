"""The round: how much, when, by which rule. The rule is frozen when the round opens."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from rounds.lifecycle import Stage
from rounds.models.funds import Fund
from web.money import CentsField


class BallotType(models.TextChoices):
    """What a member does with a ballot."""

    APPROVAL = "approval", _("Tick what to fund")
    YES_NO = "yes_no", _("Yes, no or no opinion per proposal")
    POINTS = "points", _("Divide points")
    POT = "pot", _("Divide the pot")
    SCORES = "scores", _("The scores are the vote")
    CHOOSE_ONE = "choose_one", _("Choose one proposal")
    RANKING = "ranking", _("Put proposals in order")


class Secrecy(models.TextChoices):
    """Who can see who voted what."""

    SECRET = "secret", _("Secret: nobody can see who voted what")
    OPEN = "open", _("Open: everybody sees who voted what")


class AllocationRule(models.TextChoices):
    """The rules of the allocation engine, by the engine's own names; a test holds the two lists together."""

    GREEDY_VOTES = "greedy_votes", _("Most votes first")
    GREEDY_VOTES_PER_COST = "greedy_votes_per_cost", _("Most votes per euro first")
    GREEDY_POINTS = "greedy_points", _("Most points first")
    MES_COST = "mes_cost", _("Equal shares")
    MES_CARDINALITY = "mes_cardinality", _("Equal shares, counting proposals")
    MES_POINTS = "mes_points", _("Equal shares, by points")
    MES_COST_ADD1 = "mes_cost_add1", _("Equal shares, raised until the budget is used")
    MES_COST_ADD1U = "mes_cost_add1u", _("Equal shares, raised and topped up")
    MES_CARDINALITY_ADD1U = "mes_cardinality_add1u", _("Equal shares, counting proposals, raised and topped up")
    PHRAGMEN = "phragmen", _("Phragmén: money in turn")
    WELFARE_VOTES = "welfare_votes", _("The set with the most votes in all")
    WELFARE_COST = "welfare_cost", _("The set with the most supported euros in all")
    MAJORITY = "majority", _("A majority per proposal")
    AVERAGE_POT = "average_pot", _("The average of all pots")
    # An election held elsewhere, counted by what Round.declared_rule says. No choice for a round of our own.
    DECLARED = "declared", _("The rule that the election itself declared")


class TieBreak(models.TextChoices):
    """Which of two exactly equal proposals goes first. Part of the published rule."""

    CHEAPER = "cheaper", _("The cheaper one first")
    EARLIER = "earlier", _("The one sent in first")
    LOT = "lot", _("A lot, drawn beforehand and published")
    # What published election files take for granted: ids compared as text, by code point.
    REFERENCE = "reference", _("The first by reference number")
    LISTED = "listed", _("The first on the list")
    NONE = "none", _("Neither: the committee votes again")


class Round(models.Model):
    """One year of a fund: the ceiling, the call, the dates and the distribution rule."""

    fund = models.ForeignKey(Fund, on_delete=models.CASCADE, related_name="rounds")
    name = models.CharField(_("name of the round"), max_length=120)
    slug = models.SlugField(max_length=80, unique=True)
    stage = models.CharField(max_length=16, choices=Stage, default=Stage.PLANNED, editable=False)
    # Raised by every change of a set-up screen, so that a stale page can be told from a fresh one.
    edition = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    call = models.TextField(_("text of the call"), blank=True)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    scoring_ends_at = models.DateTimeField(_("scoring ends"), null=True, blank=True)
    voting_ends_at = models.DateTimeField(_("voting ends"), null=True, blank=True)
    decision_date = models.DateField(_("decision known by"), null=True, blank=True)

    # The distribution rule. Frozen on opening into a RuleVersion.
    ceiling = CentsField(_("ceiling"), default=0)
    # ISO 4217. Euros, but for elections held elsewhere and brought in to be counted here.
    currency = models.CharField(_("currency"), max_length=3, default="EUR", editable=False)
    ballot_type = models.CharField(_("ballot"), max_length=16, choices=BallotType, default=BallotType.APPROVAL)
    points = models.PositiveIntegerField(_("points per member"), default=10)
    secrecy = models.CharField(_("secrecy"), max_length=8, choices=Secrecy, default=Secrecy.SECRET)
    allocation_rule = models.CharField(
        _("allocation rule"), max_length=32, choices=AllocationRule, default=AllocationRule.MES_COST_ADD1U
    )
    declared_rule = models.CharField(_("declared rule"), max_length=60, blank=True, editable=False)
    partial_funding = models.BooleanField(_("a part of the amount is possible"), default=False)
    tie_break = models.CharField(_("when two are equal"), max_length=12, choices=TieBreak, default=TieBreak.CHEAPER)
    lot_seed = models.CharField(_("words of the lot"), max_length=80, blank=True)
    threshold = models.PositiveIntegerField(_("least number of votes"), default=0)
    minimum_scores = models.PositiveIntegerField(_("least number of scores"), default=3)
    quorum_percent = models.PositiveSmallIntegerField(
        _("quorum"), default=50, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )

    class Meta:
        ordering = ("-opens_at", "-pk")
        verbose_name = _("round")
        constraints = (
            models.CheckConstraint(
                condition=Q(ceiling__gte=0),
                name="ceiling_not_negative",
                violation_error_message=_("The ceiling is less than zero. Fill in an amount in euros."),
            ),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(opens_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="call_closes_after_it_opens",
                violation_error_message=_("The call closes before it opens. Choose a later closing date."),
            ),
            models.CheckConstraint(
                condition=Q(scoring_ends_at__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(scoring_ends_at__gte=F("closes_at")),
                name="scoring_ends_after_call",
                violation_error_message=_("The scoring ends before the call closes. Choose a later date."),
            ),
            models.CheckConstraint(
                condition=Q(voting_ends_at__isnull=True)
                | Q(scoring_ends_at__isnull=True)
                | Q(voting_ends_at__gte=F("scoring_ends_at")),
                name="voting_ends_after_scoring",
                violation_error_message=_("The vote ends before the scoring does. Choose a later date."),
            ),
            models.CheckConstraint(condition=Q(quorum_percent__lte=100), name="quorum_at_most_all"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="round_stage_known"),
        )

    def __str__(self) -> str:
        return self.name


class Criterion(models.Model):
    """A point the committee looks at. Part of the published rule, and so of the round rather than of the vote."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="criteria")
    name = models.CharField(_("name"), max_length=80)
    question = models.CharField(_("question to the committee"), max_length=200)
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=1, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("place", "pk")
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = (
            models.UniqueConstraint(fields=["round", "name"], name="one_criterion_per_name"),
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=10), name="criterion_weight_1_to_10"),
        )

    def __str__(self) -> str:
        return self.name


class RuleVersion(models.Model):
    """The distribution rule as published: a canonical JSON document and its SHA-256 (Awb 4:26). Never changed."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="rule_versions")
    number = models.PositiveSmallIntegerField()
    document = models.TextField()
    digest = models.CharField(max_length=64)
    reason = models.TextField(_("reason for the change"), blank=True)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ("round", "number")
        verbose_name = _("version of the rule")
        constraints = (
            models.UniqueConstraint(fields=["round", "number"], name="one_rule_version_per_number"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="later_rule_version_has_reason"),
        )

    def __str__(self) -> str:
        return f"{self.round} · {self.number}"
