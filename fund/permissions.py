"""Who may see what of the money. Plain yes or no."""

from typing import Any

from rounds.lifecycle import COUNTED, Door, Role, is_open
from rounds.models import Round, Secrecy
from rounds.queries import roles_of

# Who closes the vote and answers for the count. Members are not among them: they know each other.
COUNTERS = frozenset({Role.OFFICIAL, Role.CHAIR})


def may_see_outcome(user: Any, round: Round) -> bool:
    """Everybody sees the outcome of a round as soon as it is counted, and nobody before."""
    return round.stage in COUNTED


def may_allocate(user: Any, round: Round) -> bool:
    """Who closes the vote lets the rule divide the money, from then until the decision."""
    return is_open(Door.ALLOCATE, round.stage) and bool(roles_of(user, round.fund_id) & COUNTERS)


def may_export_ballots(user: Any, round: Round) -> bool:
    """Whether this person may have the ballots of a counted round, without names, to count them again.

    Those of an open round are for everybody. In a committee of ten a ballot is easily recognised, name or no name: of
    a secret round the public gets the totals, and only those who answer for the count get the ballots.
    """
    if round.stage not in COUNTED:
        return False
    return round.secrecy == Secrecy.OPEN or bool(roles_of(user, round.fund_id) & COUNTERS)
