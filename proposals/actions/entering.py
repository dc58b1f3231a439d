"""The verbs of proposals."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import transaction

from accounts.models import Person
from proposals.models import BudgetLine, Proposal
from rounds.actions import record
from rounds.models import Round


class Entry(NamedTuple):
    """A proposal that is not in the database yet, with the rows of its budget."""

    proposal: Proposal
    budget_lines: Sequence[BudgetLine] = ()


@transaction.atomic
def enter_proposals(*, round: Round, entries: Iterable[Entry], by: Person | None) -> list[Proposal]:
    """Enter proposals that came in elsewhere (on paper, in another system), in the state they are handed over in.

    All or none. Raises ValidationError when a field does not hold its value, IntegrityError for a reference that is
    there already.
    """
    entries = list(entries)
    for proposal, lines in entries:
        proposal.round = round
        # The round is known and the constraints are the database's: without them this asks the database nothing.
        proposal.clean_fields(exclude=["round", "initiator"])
        for place, line in enumerate(lines):
            line.proposal, line.place = proposal, place
            line.clean_fields(exclude=["proposal"])
    proposals = Proposal.objects.bulk_create([entry.proposal for entry in entries])
    BudgetLine.objects.bulk_create([line for entry in entries for line in entry.budget_lines])
    record(action="enter_proposals", subject=round, by=by, proposals=len(proposals))
    return proposals
