"""Which rounds there are for whom, and what the next one could be called."""

import re
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.text import slugify

from rounds.lifecycle import STEERING_ROLES, Role, Stage
from rounds.models import Fund, Round, RuleVersion
from rounds.queries.seats import roles_by_fund

LONGEST_NAME = 120  # Round.name


def _opened() -> Q:
    """A round that was open at some time: a round called off before that was never public."""
    frozen = Q(Exists(RuleVersion.objects.filter(round=OuterRef("pk"))))
    return ~Q(stage__in=[Stage.PLANNED, Stage.CANCELLED]) | (Q(stage=Stage.CANCELLED) & frozen)


def rounds_visible_to(user: Any) -> QuerySet[Round]:
    """Return the rounds this person may know to exist: opened ones, and all of a fund in which they have a seat."""
    return Round.objects.filter(Q(fund_id__in=roles_by_fund(user)) | _opened()).select_related("fund")


def round_for(user: Any, slug: str) -> Round:
    """Loader of a round's pages: the round with its fund, or Http404."""
    round = rounds_visible_to(user).filter(slug=slug).first()
    if round is None:
        raise Http404
    return round


def public_round_for(user: Any, slug: str) -> Round:
    """Loader of the pages that show a frozen rule: a round that was opened, the same for everybody, or Http404."""
    round = Round.objects.filter(_opened(), slug=slug).select_related("fund").first()
    if round is None:
        raise Http404
    return round


def rule_version_for(user: Any, slug: str, number: int) -> RuleVersion:
    """Loader of one version of a round's rule, or Http404."""
    versions = RuleVersion.objects.filter(round=public_round_for(user, slug), number=number)
    version = versions.select_related("round").first()
    if version is None:
        raise Http404
    return version


class FundOverview(NamedTuple):
    """A fund on the list of its people: which rounds it has, and whether this person sets it up."""

    fund: Fund
    rounds: list[Round]
    managed: bool


def funds_overview(user: Any) -> list[FundOverview]:
    """Return the funds in which this person moves rounds on, with their rounds, newest first. Two queries."""
    steered = {pk: roles for pk, roles in roles_by_fund(user).items() if roles & STEERING_ROLES}
    rounds = Prefetch("rounds", Round.objects.order_by("-opens_at", "-pk"))
    funds = Fund.objects.filter(pk__in=steered).prefetch_related(rounds)
    return [FundOverview(fund, list(fund.rounds.all()), Role.OFFICIAL in steered[fund.pk]) for fund in funds]


def slug_from(name: str, *, kind: type[Fund | Round]) -> str:
    """Return a free web address made of a name; a name without any Latin letter gives ``round`` or ``fund``."""
    room = 50
    wanted = slugify(name)[:room].strip("-") or kind.__name__.lower()
    taken = set(kind.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    number, slug = 1, wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def next_names(round: Round) -> tuple[str, str]:
    """Return a name and a free web address for next year's round: ``Ronde 2027`` becomes ``Ronde 2028``."""
    years = re.findall(r"\b20\d\d\b", round.name)
    if years:
        name = round.name.replace(years[-1], str(int(years[-1]) + 1))
    else:
        year = (round.opens_at or timezone.now()).year + 1
        name = f"{round.name} {year}"
    name = name[:LONGEST_NAME]
    return name, slug_from(name, kind=Round)
