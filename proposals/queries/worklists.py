"""What officials still have to check: one row per proposal, the most urgent first."""

from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Prefetch, TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from proposals.lifecycle import State
from proposals.models import AnswerEdit, Proposal, Supplement
from proposals.queries.clocks import Clock, Light, clock_of
from proposals.queries.proposals import SENT_IN
from rounds.lifecycle import SETTLED
from rounds.models import Fund, Round
from web.templatetags.formats import day


class Standing(TextChoices):
    """Where the checking of a proposal stands, in the order in which it asks for attention."""

    OVERDUE = "overdue", gettext_lazy("A term has passed")
    ANSWERED = "answered", gettext_lazy("Answered")
    NEW = "new", gettext_lazy("New")
    WAITING = "waiting", gettext_lazy("Waiting for a supplement")
    DONE = "done", gettext_lazy("Done")


URGENCY = {standing: place for place, standing in enumerate(Standing)}
SCREENED = frozenset({State.ELIGIBLE, State.NOT_TREATED})


class WorkRow(NamedTuple):
    """A proposal on the worklist."""

    proposal: Proposal
    standing: Standing
    clock: Clock
    # The supplement that is awaited now.
    supplement: Supplement | None

    @property
    def sent_at(self) -> datetime:
        """When it was sent in; of what came in elsewhere, when it was entered."""
        return self.proposal.submitted_at or self.proposal.created_at

    @property
    def term(self) -> str:
        """What the clock says, in words."""
        if self.clock.light == Light.DONE:
            return ""
        if self.clock.light == Light.STOPPED and self.supplement:
            return _("Stands still, at the latest until %(day)s") % {"day": day(self.supplement.due_date)}
        left = self.clock.days_left
        if left < 0:
            return ngettext("%(days)s day too late", "%(days)s days too late", -left) % {"days": -left}
        return ngettext("%(days)s day left", "%(days)s days left", left) % {"days": left}


def open_supplement_of(proposal: Proposal) -> Supplement | None:
    """Return the supplement that is awaited, or None. One query, unless the supplements were prefetched."""
    return next((one for one in proposal.supplements.all() if not one.answered_at and not one.expired_at), None)


def work_row(proposal: Proposal) -> WorkRow:
    """Return a proposal as the worklist shows it. One query, unless its supplements were prefetched."""
    today = timezone.localdate()
    supplements = list(proposal.supplements.all())
    awaited = open_supplement_of(proposal)
    # What is complete still waits for its decision; what is not treated has had it (Awb 4:5).
    clock = clock_of(
        proposal, today=today, is_done=proposal.state == State.NOT_TREATED or proposal.round.stage in SETTLED
    )
    if proposal.state in SCREENED:
        standing = Standing.DONE
    elif clock.light == Light.LATE or (awaited is not None and awaited.due_date < today):
        standing = Standing.OVERDUE
    elif awaited is not None:
        standing = Standing.WAITING
    else:
        standing = Standing.ANSWERED if supplements else Standing.NEW
    return WorkRow(proposal, standing, clock, awaited)


class Worklist(NamedTuple):
    """The rows that the filters leave, and how many there are of each standing."""

    rows: list[WorkRow]
    counts: Counter[Standing]


def worklist(fund: Fund, *, round: Round | None = None, standing: str = "", text: str = "") -> Worklist:
    """Return what was sent in to a fund or one of its rounds, the most urgent first. Two queries.

    `standing` leaves one standing, `text` those whose reference, title or organisation holds it. The counts are
    those without `standing`, so that each choice says how many there are behind it.
    """
    proposals = Proposal.objects.filter(round__fund=fund, state__in=SENT_IN).select_related("round")
    if round is not None:
        proposals = proposals.filter(round=round)
    supplements = Prefetch("supplements", Supplement.objects.order_by("asked_at", "pk"))
    wanted = text.casefold().strip()
    rows = [
        work_row(proposal)
        for proposal in proposals.prefetch_related(supplements)
        # In Python: SQLite does not know that É and é are one letter.
        if wanted in f"{proposal.reference} {proposal.title} {proposal.organisation}".casefold()
    ]
    counts = Counter(row.standing for row in rows)
    rows = [row for row in rows if standing in {"", row.standing}]
    rows.sort(key=lambda row: (URGENCY[row.standing], row.clock.due_date, row.proposal.reference, row.proposal.pk))
    return Worklist(rows, counts)


def columns_of(rows: list[WorkRow]) -> tuple[list[str], list[list[Any]]]:
    """Return the worklist as a table to take along: its header and its rows, exactly as they are shown."""
    header = [_("Reference"), _("Idea"), _("Round"), _("Sent in"), _("Status"), _("Decide by"), _("Light"), _("Term")]
    return header, [
        [
            row.proposal.reference,
            row.proposal.title,
            row.proposal.round.name,
            timezone.localdate(row.sent_at).isoformat(),
            str(row.standing.label),
            "" if row.clock.light == Light.DONE else row.clock.due_date.isoformat(),
            str(row.clock.light.label),
            row.term,
        ]
        for row in rows
    ]


def edited_since(proposal: Proposal, moment: datetime) -> set[str]:
    """Return the keys of the questions of which the answer was saved again since a moment. One query."""
    return set(AnswerEdit.objects.filter(proposal=proposal, saved_at__gte=moment).values_list("field", flat=True))
