"""The thread of messages of a proposal, for each side, and the threads of a round."""

from typing import Any, NamedTuple

from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404

from accounts.models import Person
from proposals.models import Message, Proposal
from proposals.queries.mine import proposal_for_official, proposal_of
from rounds.lifecycle import Role
from rounds.models import Round
from rounds.queries import active_seats, round_for


class Thread(NamedTuple):
    """A proposal with its messages, oldest first."""

    proposal: Proposal
    messages: list[Message]


def messages_of(proposal: Proposal) -> list[Message]:
    """Return the messages of a proposal with their authors, oldest first. One query."""
    return list(Message.objects.filter(proposal=proposal).select_related("author").order_by("sent_at", "pk"))


def my_thread(user: Any, pk: int) -> Thread:
    """Loader for the initiator; Http404 for what is not theirs, and for a draft: nobody reads that yet. Two queries."""
    proposal = proposal_of(user, pk)
    if proposal.submitted_at is None:
        raise Http404
    return Thread(proposal, messages_of(proposal))


def thread_for_official(user: Any, pk: int) -> Thread:
    """Loader for officials: of what was sent in to a fund of theirs, or Http404. Three queries."""
    proposal = proposal_for_official(user, pk)
    return Thread(proposal, messages_of(proposal))


class Threads(NamedTuple):
    """The proposals of a round about which messages were written: those with something unread first."""

    round: Round
    proposals: QuerySet[Any]


def threads_of_round(user: Any, slug: str) -> Threads:
    """Loader of a round's threads. A thread has `unread`, `number` and `last_at`. One query more for the list."""
    round = round_for(user, slug)
    unread = Count("messages", filter=Q(messages__from_official=False, messages__read_at__isnull=True))
    proposals = Proposal.objects.filter(round=round, messages__isnull=False)
    counted = proposals.annotate(unread=unread, number_of_messages=Count("messages"), last_at=Max("messages__sent_at"))
    return Threads(round, counted.order_by("-unread", "-last_at", "pk"))


def officials_to_tell(proposal: Proposal) -> list[Person]:
    """Return the officials who hear of a message: those who took part in the thread, or else all of the fund."""
    seats = active_seats().filter(fund=proposal.round.fund_id, role=Role.OFFICIAL)
    officials = list(Person.objects.filter(pk__in=seats.values("person"), is_active=True).order_by("pk"))
    wrote = set(Message.objects.filter(proposal=proposal, from_official=True).values_list("author", flat=True))
    return [official for official in officials if official.pk in wrote] or officials
