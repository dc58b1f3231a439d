"""What the proposals keep about a person, for "My data"."""

from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person
from accounts.queries import Fact, KeptItem, KeptPart
from proposals.lifecycle import STATE_LABELS, State
from proposals.models import TEXT_FIELDS, Message, Proposal
from proposals.queries.mine import proposals_of
from rounds.lifecycle import Audience
from rounds.queries import all_roles_of
from web.templatetags.formats import money


def kept_proposals(person: Person) -> list[KeptItem]:
    """Return what somebody wrote, drafts included. One query: each proposal comes once per row of its budget."""
    rows = proposals_of(person).annotate(row_what=F("budget_lines__what"), row_amount=F("budget_lines__amount"))
    in_order = rows.order_by("-started_at", "-pk", "budget_lines__place")
    return [_kept(list(same)) for _pk, same in groupby(in_order, key=attrgetter("pk"))]


def _kept(rows: list[Any]) -> KeptItem:
    proposal = rows[0]
    lines = "\n".join(f"{row.row_what}: {money(row.row_amount)}" for row in rows if row.row_amount is not None)
    facts = [
        Fact("round", _("Round"), proposal.round.name),
        Fact("reference", _("Number"), proposal.reference),
        Fact("state", _("Where it stands"), str(STATE_LABELS[Audience.INITIATOR][State(proposal.state)])),
        *(Fact(str(field), field.label, getattr(proposal, field)) for field in TEXT_FIELDS),
        Fact("budget", _("What the money is for"), lines),
        Fact("contact_name", _("Your name"), proposal.contact_name),
        Fact("contact_address", _("How we reach you"), proposal.contact_address),
        Fact("started_at", _("Begun on"), proposal.started_at),
        Fact("submitted_at", _("Sent on"), proposal.submitted_at),
        Fact("withdrawn_at", _("Withdrawn on"), proposal.withdrawn_at),
        Fact("withdrawal_reason", _("Why you stopped"), proposal.withdrawal_reason),
    ]
    return KeptItem(proposal.title or _("An idea without a name yet"), facts)


def kept_messages(person: Person) -> list[KeptItem]:
    """Return what somebody wrote in the threads, and what was answered. One query."""
    messages = Message.objects.filter(proposal__initiator=person).select_related("author", "proposal")
    return [
        KeptItem(
            message.proposal.title,
            [
                Fact("sent_at", _("Written on"), message.sent_at),
                Fact("by", _("By"), _("The municipality") if message.from_official else str(message.author)),
                Fact("text", _("Text"), message.text),
            ],
        )
        for message in messages.order_by("sent_at", "pk")
    ]


PROPOSALS_PART = KeptPart("proposals", gettext_lazy("My proposals"), kept_proposals, place=20)
MESSAGES_PART = KeptPart("messages", gettext_lazy("Messages about your ideas"), kept_messages, place=30)


class Leaving(NamedTuple):
    """What happens when somebody closes the account: how much goes, how much stays, and whether a seat holds them."""

    person: Person
    drafts: int
    sent: int
    seated: bool


def leaving(user: Person) -> Leaving:
    """Loader of the page on which somebody closes the account. At most two queries."""
    sent = list(Proposal.objects.filter(initiator=user).values_list("submitted_at", flat=True))
    drafts = sum(moment is None for moment in sent)
    return Leaving(user, drafts, len(sent) - drafts, bool(all_roles_of(user)))
