"""What somebody began or sent in: where it stands, and what comes next and when."""

from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import CharField, Count, DateField, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Notice
from proposals.lifecycle import STATE_LABELS, State, can_send, grace_ends_at
from proposals.models import Message, Proposal, Supplement
from proposals.queries.timelines import steps_after_sending
from rounds.lifecycle import STAGE_LABELS, Audience, Stage
from rounds.models import Round
from rounds.queries import funds_managed_by
from web.templatetags.formats import day, moment

STATE_KINDS = {
    State.DRAFT: "neutral",
    State.SUBMITTED: "info",
    State.SUPPLEMENT_ASKED: "warning",
    State.ELIGIBLE: "success",
    State.NOT_TREATED: "neutral",
    State.WITHDRAWN: "neutral",
}


class MyProposal(NamedTuple):
    """A proposal as its initiator sees it: in words where it stands, what comes next, how many messages are new."""

    proposal: Proposal
    state: Any
    kind: str
    next: str
    unread: int
    # Something that we had to tell about it did not go out yet.
    unsent: bool


def proposals_of(user: Any) -> QuerySet[Proposal]:
    """Return what this person began or sent in, with round and fund, newest first."""
    mine = Proposal.objects.filter(initiator=user.pk).select_related("round__fund", "initiator")
    return mine.order_by("-started_at", "-pk")


def my_proposals(user: Any) -> list[MyProposal]:
    """Loader of the list: everything this person began or sent in, newest first. One query."""
    return [_seen_by_initiator(proposal) for proposal in _with_counts(proposals_of(user))]


def my_proposal(user: Any, pk: int) -> MyProposal:
    """Loader of the page of one's own proposal, or Http404. One query."""
    proposal = _with_counts(proposals_of(user)).filter(pk=pk).first()
    if proposal is None:
        raise Http404
    return _seen_by_initiator(proposal)


def proposal_of(user: Any, pk: int) -> Proposal:
    """Loader of what somebody does with an own proposal, or Http404. One query."""
    proposal = proposals_of(user).filter(pk=pk).first()
    if proposal is None:
        raise Http404
    return proposal


def proposal_for_official(user: Any, pk: int) -> Proposal:
    """Loader of officials' pages: what was sent in to a fund of which this person is an official, or Http404."""
    sent = Proposal.objects.filter(submitted_at__isnull=False, round__fund__in=funds_managed_by(user))
    proposal = sent.select_related("round__fund", "initiator").filter(pk=pk).first()
    if proposal is None:
        raise Http404
    return proposal


def _with_counts(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    unread = Message.objects.filter(proposal=OuterRef("pk"), from_official=True, read_at__isnull=True)
    count = unread.order_by().values("proposal").annotate(number=Count("pk")).values("number")
    open_ones = Supplement.objects.filter(
        proposal=OuterRef("pk"), answered_at__isnull=True, expired_at__isnull=True
    ).values("due_date")
    waiting = Notice.objects.filter(
        person=OuterRef("initiator"),
        # As accounts.queries.thing_of writes it.
        about=Concat(Value("proposal:"), Cast(OuterRef("pk"), CharField())),
        state__in=[Notice.State.WAITING, Notice.State.FAILED],
    )
    return proposals.annotate(
        unread=Coalesce(Subquery(count, output_field=IntegerField()), 0),
        supplement_due_date=Subquery(open_ones[:1], output_field=DateField()),
        unsent=Exists(waiting),
    )


def _seen_by_initiator(proposal: Any) -> MyProposal:
    state = State(proposal.state)
    label = STATE_LABELS[Audience.INITIATOR][state]
    words = next_step_of(proposal, proposal.supplement_due_date)
    return MyProposal(proposal, label, STATE_KINDS[state], words, proposal.unread, proposal.unsent)


def next_step_of(proposal: Proposal, supplement_due_date: Any = None) -> str:
    """Return in one sentence what comes next, with its date where there is one; empty when nothing does. No query."""
    state, round = State(proposal.state), proposal.round
    if state in {State.WITHDRAWN, State.NOT_TREATED}:
        return ""
    if round.stage == Stage.CANCELLED:
        return _("This round was called off.")
    if state == State.DRAFT:
        return _sending_until(proposal)
    if state == State.SUPPLEMENT_ASKED and supplement_due_date:
        return _("Answer our questions. You can do so until %(day)s.") % {"day": day(supplement_due_date)}
    coming = [step for step in steps_after_sending(proposal) if step["state"] != "done"]
    dated = next((step for step in coming if step["when"]), coming[0] if coming else None)
    return "" if dated is None else _step_in_words(dated, round)


def _step_in_words(step: dict[str, Any], round: Round) -> str:
    """One sentence for a step that comes; the label of a decided round says what was, and this is to come."""
    if step["label"] == STAGE_LABELS[Audience.INITIATOR][Stage.DECIDED] and round.decision_date:
        return _("You hear the outcome by %(day)s.") % {"day": day(round.decision_date)}
    return f"{step['label']}: {step['when']}" if step["when"] else str(step["label"])


def _sending_until(proposal: Proposal) -> str:
    started_at, closes_at, minutes = proposal.started_at, proposal.round.closes_at, settings.GRACE_MINUTES
    now = timezone.now()
    if not can_send(proposal.round.stage, started_at=started_at, closes_at=closes_at, now=now, grace_minutes=minutes):
        return _("Sending is no longer possible. Your draft is kept.")
    if closes_at is not None and now > closes_at:
        closes_at = grace_ends_at(started_at=started_at, closes_at=closes_at, minutes=minutes)
    if closes_at is None:
        return _("You can send it as long as the round is open.")
    return _("You can send it until %(moment)s.") % {"moment": moment(timezone.localtime(closes_at))}
