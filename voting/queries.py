"""Reading ballots: the text they are kept in, and equal ballots counted by the database."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db.models import Count

from rounds.models import Round
from voting.models import Ballot


class Choice(NamedTuple):
    """A proposal on a ballot; ``value`` is decimal text (points, a score, cents of the pot), or empty for a tick."""

    proposal_id: int
    value: str = ""


class EqualBallots(NamedTuple):
    """All ballots of a round that say the same, and how many they are."""

    choices: str
    recused: str
    voters: int


def choices_text(choices: Iterable[Choice]) -> str:
    """Return the canonical text of a ballot: ascending by proposal, so that equal ballots are equal text."""
    return ",".join(
        f"{choice.proposal_id}:{choice.value}" if choice.value else str(choice.proposal_id)
        for choice in sorted(choices)
    )


def recused_text(proposal_ids: Iterable[int]) -> str:
    """Return the canonical text of the proposals a voter stepped back from."""
    return ",".join(map(str, sorted(proposal_ids)))


def choices_in(text: str) -> Iterator[Choice]:
    """Read a ballot's canonical text back."""
    for part in filter(None, text.split(",")):
        proposal_id, _colon, value = part.partition(":")
        yield Choice(int(proposal_id), value)


def equal_ballots(round: Round) -> list[EqualBallots]:
    """Return a round's ballots, equal ones together: one query, grouped and counted by the database."""
    groups = Ballot.objects.filter(round=round).values_list("choices", "recused").annotate(voters=Count("pk"))
    # Ordered here and not there: databases disagree about the order of text.
    return sorted(EqualBallots(*group) for group in groups.order_by())
