"""The verbs of voting."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import transaction

from accounts.models import Person
from rounds.actions import record
from rounds.models import Round
from voting.models import Ballot
from voting.queries import EqualBallots

AT_ONCE = 5_000


@transaction.atomic
def enter_ballots(
    *, round: Round, ballots: Iterable[EqualBallots], by: Person | None, receipts: Iterator[str] | None = None
) -> int:
    """Enter ballots that were cast elsewhere (on paper, in another system) and return how many there were.

    Thousands at a time. `receipts` yields a code per ballot; without it they are numbered. Raises IntegrityError when
    a receipt is there already.
    """
    codes = receipts or _numbers(round)
    every = (
        Ballot(round=round, choices=group.choices, recused=group.recused, receipt=next(codes))
        for group in ballots
        for _voter in range(group.voters)
    )
    entered = 0
    while batch := list(islice(every, AT_ONCE)):
        Ballot.objects.bulk_create(batch)
        entered += len(batch)
    record(action="enter_ballots", subject=round, by=by, ballots=entered)
    return entered


def _numbers(round: Round) -> Iterator[str]:
    number = Ballot.objects.filter(round=round).count()
    while True:
        number += 1
        yield f"{number:06d}"
