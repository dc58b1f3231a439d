"""One proposal as an official checks it: what was sent, the checklist, and what looks like it."""

import json
from hashlib import sha256
from typing import Any, NamedTuple

from django.http import Http404
from django.urls import reverse
from django.utils.translation import ngettext
from rapidfuzz import fuzz, utils

from proposals.lifecycle import State
from proposals.models import (
    QUESTIONS,
    Budget,
    Contact,
    Field,
    Proposal,
    ProposalVersion,
    ScreeningAnswer,
    ScreeningPoint,
    canonical,
)
from proposals.queries.proposals import SENT_IN
from rounds.models import AuditEntry, Round
from rounds.queries import Obstacle, funds_managed_by


def screened_proposal_for(user: Any, pk: int) -> Proposal:
    """Loader of the officials' pages of a proposal: what was sent in to a fund of theirs, or Http404. Two queries."""
    proposals = Proposal.objects.filter(round__fund__in=funds_managed_by(user), state__in=SENT_IN)
    proposal = proposals.select_related("round__fund", "initiator").filter(pk=pk).first()
    if proposal is None:
        raise Http404
    return proposal


class Sent(NamedTuple):
    """What somebody sent last: the version's number (0: it came in elsewhere, and has none), and what it says."""

    number: int
    texts: dict[Field, str]
    budget: Budget
    contact: Contact


def sent_last(proposal: Proposal) -> Sent:
    """Return what was sent in last, not what somebody is still writing for a supplement. At most two queries."""
    version = ProposalVersion.objects.filter(proposal=proposal).order_by("-number").first()
    keys: list[Field] = [question.key for question in QUESTIONS if question.key not in {Field.BUDGET, Field.CONTACT}]
    if version is None:
        texts = {key: str(getattr(proposal, key)) for key in keys}
        return Sent(0, texts, Budget.of(proposal), Contact.of(proposal))
    content = json.loads(version.document)
    budget = Budget.from_text(canonical(content["budget"]))
    return Sent(version.number, {key: content[key] for key in keys}, budget, Contact(**content["contact"]))


# --- the checklist ----------------------------------------------------------------------------------------------------


LONGEST_POINT = 200  # ScreeningPoint.text
MOST_POINTS = 30


class Finding(NamedTuple):
    """What an official found on one point: yes, no, or not yet (None), and a note."""

    answer: bool | None
    note: str


class Check(NamedTuple):
    """A point of the checklist with what was found on it; None: nobody looked yet."""

    point: ScreeningPoint
    answer: ScreeningAnswer | None


def checklist_of(proposal: Proposal) -> list[Check]:
    """Return the points of the round with what officials found, in order. Two queries."""
    answers = {
        answer.point_id: answer
        for answer in ScreeningAnswer.objects.filter(proposal=proposal).select_related("answered_by")
    }
    return [Check(point, answers.get(point.pk)) for point in ScreeningPoint.objects.filter(round=proposal.round_id)]


def mark_of_checklist(checks: list[Check]) -> str:
    """Return what a page shows of a checklist, as a short mark: another one when somebody else saved since."""
    found = [[check.point.pk, check.answer and [check.answer.answer, check.answer.note]] for check in checks]
    return sha256(canonical(found).encode()).hexdigest()[:16]


def points_of(round: Round) -> list[str]:
    """Return the texts of the checklist of a round, in order. One query."""
    return list(ScreeningPoint.objects.filter(round=round).values_list("text", flat=True))


def points_before(round: Round) -> tuple[str, list[str]]:
    """Return the name and the points of the fund's latest other round that has any; ("", []) when none has."""
    points = ScreeningPoint.objects.filter(round__fund=round.fund_id).exclude(round=round).select_related("round")
    latest = points.order_by("-round__opens_at", "-round_id").first()
    return (latest.round.name, points_of(latest.round)) if latest else ("", [])


def mark_of_points(points: list[str]) -> str:
    """Return the points that a page shows as a short mark."""
    return sha256(canonical(points).encode()).hexdigest()[:16]


# --- what looks like it -----------------------------------------------------------------------------------------------

# From this share (of 100) on two proposals are worth laying beside each other.
ALIKE = 60
MOST_ALIKE = 5


class Similar(NamedTuple):
    """Another proposal of the fund that looks like this one."""

    proposal: Proposal
    percent: int
    same_person: bool


def similar_proposals(proposal: Proposal) -> list[Similar]:
    """Return what was sent in to this and other rounds of the fund and looks like it, the most alike first. One query.

    Titles are compared by their words and descriptions letter by letter (normalised Indel similarity, `rapidfuzz`);
    a share of 100 is the same text. The same on SQLite and PostgreSQL.
    """
    others = Proposal.objects.filter(round__fund=proposal.round.fund_id, state__in=SENT_IN).exclude(pk=proposal.pk)
    columns = ("title", "summary", "reference", "state", "initiator", "round__name")
    found = [
        Similar(other, percent, proposal.initiator_id is not None and other.initiator_id == proposal.initiator_id)
        for other in others.select_related("round").only(*columns)
        if (percent := _alike(proposal, other)) >= ALIKE
    ]
    return sorted(found, key=lambda one: (-one.percent, one.proposal.pk))[:MOST_ALIKE]


def _alike(one: Proposal, other: Proposal) -> int:
    titles = fuzz.token_sort_ratio(one.title, other.title, processor=utils.default_process)
    summaries = fuzz.ratio(one.summary, other.summary, processor=utils.default_process) if one.summary else 0.0
    # Either is reason enough: people rename an idea, or write it again.
    return round(max(titles, summaries))


# --- reading is logged ------------------------------------------------------------------------------------------------


def was_read_today(proposal: Proposal, person_id: int, *, since: Any) -> bool:
    """Whether the trail already says that this person read this proposal since a moment. One query."""
    lines = AuditEntry.objects.filter(action="read_proposal", subject_type="proposal", subject_id=proposal.pk)
    return lines.filter(actor=person_id, recorded_at__gte=since).exists()


# --- what stands in the way of a round --------------------------------------------------------------------------------


def unscreened_obstacles(round: Round) -> list[str]:
    """Return what officials still have to check before the committee scores. One query."""
    unscreened = Proposal.objects.filter(round=round, state__in=[State.SUBMITTED, State.SUPPLEMENT_ASKED]).count()
    if not unscreened:
        return []
    sentence = ngettext(
        "%(number)s proposal was not checked yet. Say whether it is complete.",
        "%(number)s proposals were not checked yet. Say whether they are complete.",
        unscreened,
    )
    return [Obstacle(sentence % {"number": unscreened}, reverse("proposals:round_screening", args=[round.slug]))]
