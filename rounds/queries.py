"""Reading funds and rounds: who sits where, what is visible, what stands in the way, does the trail hold."""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from rounds.lifecycle import Event, Role, Row, Stage, events_from
from rounds.models import (
    AllocationRule,
    AuditEntry,
    AuditHead,
    BallotType,
    Fund,
    Round,
    RuleVersion,
    Seat,
    TieBreak,
)

# Which rules can read which ballots; a test holds this against the engine.
_BY_SUPPORT = frozenset(
    {
        AllocationRule.GREEDY_VOTES,
        AllocationRule.GREEDY_VOTES_PER_COST,
        AllocationRule.MES_COST,
        AllocationRule.MES_CARDINALITY,
        AllocationRule.MES_COST_ADD1,
        AllocationRule.MES_COST_ADD1U,
        AllocationRule.MES_CARDINALITY_ADD1U,
        AllocationRule.PHRAGMEN,
        AllocationRule.WELFARE_VOTES,
        AllocationRule.WELFARE_COST,
    }
)
_BY_POINTS = frozenset({AllocationRule.GREEDY_POINTS, AllocationRule.MES_POINTS})
SUITABLE_RULES: dict[str, frozenset[AllocationRule]] = {
    BallotType.APPROVAL: _BY_SUPPORT,
    BallotType.CHOOSE_ONE: _BY_SUPPORT,
    BallotType.YES_NO: _BY_SUPPORT | {AllocationRule.MAJORITY},
    BallotType.POINTS: _BY_SUPPORT | _BY_POINTS,
    BallotType.POT: _BY_SUPPORT | _BY_POINTS | {AllocationRule.AVERAGE_POT},
    BallotType.SCORES: _BY_SUPPORT | _BY_POINTS,
    BallotType.RANKING: _BY_SUPPORT | _BY_POINTS,
}


def active_seats() -> QuerySet[Seat]:
    """Return the seats whose term includes today."""
    today = timezone.localdate()
    return Seat.objects.filter(Q(until_date__isnull=True) | Q(until_date__gte=today), from_date__lte=today)


def roles_by_fund(user: Any) -> dict[int, frozenset[Role]]:
    """Return fund id -> the roles this person holds today; asked of the database once per user object."""
    if not getattr(user, "is_authenticated", False):
        return {}
    cached: dict[int, frozenset[Role]] | None = getattr(user, "_roles_by_fund", None)
    if cached is None:
        cached = {}
        for fund_id, role in active_seats().filter(person_id=user.pk).values_list("fund_id", "role"):
            cached[fund_id] = cached.get(fund_id, frozenset()) | {Role(role)}
        user._roles_by_fund = cached  # noqa: SLF001 - a memo on our own user object, gone with the request
    return cached


def roles_of(user: Any, fund_id: int) -> frozenset[Role]:
    """Return the roles this person holds today in one fund."""
    return roles_by_fund(user).get(fund_id, frozenset())


def all_roles_of(user: Any) -> frozenset[Role]:
    """Return the roles this person holds today, in any fund."""
    return frozenset().union(*roles_by_fund(user).values())


def rounds_visible_to(user: Any) -> QuerySet[Round]:
    """Return the rounds this person may know to exist: opened ones, and all of a fund in which they have a seat."""
    visible = Q(fund_id__in=roles_by_fund(user)) | ~Q(stage=Stage.PLANNED)
    return Round.objects.filter(visible).select_related("fund")


def funds_managed_by(user: Any) -> QuerySet[Fund]:
    """Return the funds of which this person is an official today."""
    return Fund.objects.filter(pk__in=[pk for pk, roles in roles_by_fund(user).items() if Role.OFFICIAL in roles])


def rule_document(round: Round) -> str:
    """Return the distribution rule as canonical JSON: what is published, digested and never changed (Awb 4:25-4:26).

    Amounts are integer cents. Keys are sorted and there is no white space, so that anyone can recompute the digest.
    Reads the criteria: one query.
    """
    rule: dict[str, Any] = {
        "format": "kantelfonds-rule-1",
        "fund": round.fund.name,
        "round": round.name,
        "currency": round.currency,
        "ceiling": round.ceiling,
        "ballot_type": round.ballot_type,
        "points": round.points if round.ballot_type == BallotType.POINTS else None,
        "secrecy": round.secrecy,
        "allocation_rule": round.allocation_rule,
        "declared_rule": round.declared_rule,
        "partial_funding": round.partial_funding,
        "tie_break": round.tie_break,
        "lot_seed": round.lot_seed if round.tie_break == TieBreak.LOT else "",
        "threshold": round.threshold,
        "minimum_scores": round.minimum_scores,
        "quorum_percent": round.quorum_percent,
        "criteria": [
            {"name": criterion.name, "question": criterion.question, "weight": criterion.weight}
            for criterion in round.criteria.all()
        ],
    }
    return json.dumps(rule, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(document: str) -> str:
    """Return the SHA-256 of a rule document, in hexadecimal: what is published and printed on every decision."""
    return hashlib.sha256(document.encode()).hexdigest()


def current_rule(round: Round) -> RuleVersion | None:
    """Return the version of the rule that is in force, or None before the round opens."""
    return round.rule_versions.order_by("-number").first()


# --- what stands in the way -------------------------------------------------------------------------------------------

type Obstacles = Callable[[Round], Iterator[str]]
_obstacles: dict[Event, list[Obstacles]] = {}


def add_obstacles(event: Event, obstacles: Obstacles) -> None:
    """Let a higher app say what must be done before an event; called once, in its AppConfig.ready."""
    _obstacles.setdefault(event, []).append(obstacles)


def obstacles_to(round: Round, event: Event) -> list[str]:
    """Return one sentence for each thing that must be done before this event can happen; empty when nothing is."""
    own = {
        Event.OPEN: _before_opening,
        Event.OPEN_VOTING: _before_voting,
        Event.COUNT_SCORES: _before_counting_scores,
    }
    checks = [own[event]] if event in own else []
    return [sentence for check in [*checks, *_obstacles.get(event, [])] for sentence in check(round)]


def _before_opening(round: Round) -> Iterator[str]:
    if round.ceiling <= 0:
        yield _("Fill in the ceiling: how much money there is.")
    if not round.call.strip():
        yield _("Write the text of the call: what can people ask money for?")
    if round.opens_at is None or round.closes_at is None:
        yield _("Fill in when the call opens and when it closes.")
    elif round.closes_at <= timezone.now():
        yield _("The closing date has passed. Choose a later one.")
    if not round.criteria.exists():
        yield _("Add at least one criterion: what does the committee look at?")
    if round.allocation_rule not in SUITABLE_RULES[round.ballot_type]:
        yield _("The allocation rule “%(rule)s” cannot count the ballot “%(ballot)s”. Choose another of the two.") % {
            "rule": round.get_allocation_rule_display(),
            "ballot": round.get_ballot_type_display(),
        }
    if round.tie_break == TieBreak.LOT and not round.lot_seed.strip():
        yield _("Fill in the words of the lot, so that everybody can draw it again.")


def _before_voting(round: Round) -> Iterator[str]:
    if round.ballot_type == BallotType.SCORES:
        yield _("In this round the scores are the vote. Count the scores instead.")
    if not active_seats().filter(fund_id=round.fund_id, role__in=[Role.MEMBER, Role.CHAIR]).exists():
        yield _("The committee has no members. Add them under “Seats”.")


def _before_counting_scores(round: Round) -> Iterator[str]:
    if round.ballot_type != BallotType.SCORES:
        yield _("This round has ballots. Open the vote first.")


class NextStep(NamedTuple):
    """A button for the round: its row of the table, and what still stands in the way."""

    row: Row
    obstacles: list[str]


def next_steps(round: Round) -> list[NextStep]:
    """Return the events the table offers from the round's stage; of voting and counting scores only the fitting one."""
    unfit = Event.OPEN_VOTING if round.ballot_type == BallotType.SCORES else Event.COUNT_SCORES
    return [NextStep(row, obstacles_to(round, row.event)) for row in events_from(round.stage) if row.event != unfit]


# --- the audit trail --------------------------------------------------------------------------------------------------


class BrokenLink(NamedTuple):
    """A place where the trail does not hold."""

    sequence: int
    problem: str


def audit_trail_of(subject_type: str, subject_id: int) -> QuerySet[AuditEntry]:
    """Return the lines about one thing, oldest first, with their people."""
    lines = AuditEntry.objects.filter(subject_type=subject_type, subject_id=subject_id)
    return lines.select_related("actor", "on_behalf_of")


def broken_links() -> Iterator[BrokenLink]:
    """Walk the whole trail and yield every altered, missing or unattached line; nothing when it holds."""
    previous_hash, expected = "0" * 64, 1
    for entry in AuditEntry.objects.order_by("sequence").iterator(chunk_size=2000):
        if entry.sequence != expected:
            yield BrokenLink(expected, f"lines {expected} to {entry.sequence - 1} are missing")
        elif entry.previous_hash != previous_hash:
            yield BrokenLink(entry.sequence, "the line does not hang on the one before it")
        if entry.computed_hash() != entry.hash:
            yield BrokenLink(entry.sequence, "the line was altered")
        previous_hash, expected = entry.hash, entry.sequence + 1
    head = AuditHead.objects.filter(pk=1).first()
    if head is None:
        if expected > 1:
            yield BrokenLink(expected, "the end of the chain is gone")
    elif head.sequence != expected - 1 or head.hash != previous_hash:
        yield BrokenLink(expected, f"the trail should end at line {head.sequence}")
