"""A round in the database as an election that the engine can count."""

import hashlib
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from allocation import BallotGroup, BallotKind, Candidate, Instance, counting
from allocation.amounts import common_scale, in_units, parse_decimal
from proposals.models import Proposal
from proposals.queries import eligible_proposals
from rounds.models import AllocationRule, BallotType, Round, TieBreak
from voting.queries import EqualBallots, choices_in, equal_ballots

KINDS: dict[str, BallotKind] = {
    BallotType.APPROVAL: BallotKind.APPROVAL,
    BallotType.CHOOSE_ONE: BallotKind.CHOOSE_ONE,
    BallotType.YES_NO: BallotKind.YES_NO,
    BallotType.POINTS: BallotKind.POINTS,
    BallotType.POT: BallotKind.POT,
    BallotType.SCORES: BallotKind.SCORES,
    BallotType.RANKING: BallotKind.RANKING,
}
BALLOT_TYPES = {kind: BallotType(name) for name, kind in KINDS.items()}
CENTS = 100
# Where support is a sum of what is written on the ballots, and not a number of voters.
ADDED_UP = frozenset({BallotKind.POINTS, BallotKind.POT, BallotKind.RANKING})


type Pile = tuple[tuple[int, ...], tuple[int, ...], frozenset[int]]
"""One and the same ballot: positions, the values beside them, where these voters stepped back."""


@dataclass(frozen=True)
class Election:
    """A round as the engine sees it; `proposals` runs by the engine's positions."""

    round: Round
    instance: Instance
    proposals: tuple[Proposal, ...]

    def above_threshold(self, rule: AllocationRule) -> "Election":
        """Return the election without the proposals that stay under the round's least number of votes (or points).

        The engine itself keeps to a threshold where an election declares one; our own rules all do, in this way.
        """
        if not self.round.threshold or rule == AllocationRule.DECLARED:
            return self
        tally, kind = counting.count(self.instance), self.instance.kind
        counts = tally.totals if kind in ADDED_UP else tally.support
        least = self.round.threshold * (self.instance.value_scale if kind in ADDED_UP else 1)
        if kind is BallotKind.POT:
            least *= self.instance.scale
        kept = [place for place, number in enumerate(counts) if tally.per_voter(place, number) >= least]
        if len(kept) == len(counts):
            return self
        return Election(self.round, _reduced(self.instance, kept), tuple(self.proposals[place] for place in kept))

    @property
    def cents_per_unit(self) -> int:
        """How many cents the engine's unit of money is: a hundred while every amount is in whole euros."""
        return CENTS // self.instance.scale


def election_of(round: Round) -> Election:
    """Read a round's eligible proposals and its ballots, equal ones together: two queries, however many voters.

    Choices of proposals that no longer take part (withdrawn after the vote) are left out.
    """
    proposals = tuple(eligible_proposals(round).order_by("pk"))
    groups = equal_ballots(round)
    scale = scale_of(amount for proposal in proposals for amount in _amounts(proposal, round))
    scale = max(scale, scale_of([round.ceiling]))
    if round.ballot_type == BallotType.POT:
        scale = max(scale, scale_of(int(choice.value) for group in groups for choice in choices_in(group.choices)))
    places = {proposal.pk: position for position, proposal in enumerate(proposals)}
    piles, value_scale = _piles(groups, places, units=CENTS // scale if round.ballot_type == BallotType.POT else None)
    candidates = tuple(_candidate(proposal, round, scale) for proposal in proposals)
    order = tie_order(round, proposals)
    instance = Instance(
        budget=round.ceiling * scale // CENTS,
        candidates=candidates,
        groups=piles,
        kind=KINDS[round.ballot_type],
        scale=scale,
        tie_order=order,
        threshold=round.threshold or None,
        declared_rule=declared_rule(round),
        meta=_meta(round) | _ties(candidates, order),
        value_scale=value_scale,
        quorum=Fraction(round.quorum_percent, 100) if round.allocation_rule == AllocationRule.MAJORITY else None,
    )
    return Election(round, instance, proposals)


def _reduced(instance: Instance, kept: Sequence[int]) -> Instance:
    """The same election with some of its candidates, everybody's ballot as far as it is about those."""
    places = {old: new for new, old in enumerate(kept)}
    piles: dict[Pile, int] = {}
    for group in instance.groups:
        values = group.values or (0,) * len(group.choices)
        pairs = [(places[old], value) for old, value in zip(group.choices, values, strict=True) if old in places]
        pile = (
            tuple(place for place, _value in pairs),
            tuple(value for _place, value in pairs) if group.values else (),
            frozenset(places[old] for old in group.recused if old in places),
        )
        piles[pile] = piles.get(pile, 0) + group.weight
    order = instance.tie_order
    tie_order = None if order is None else tuple(places[old] for old in order if old in places)
    return replace(
        instance,
        candidates=tuple(instance.candidates[old] for old in kept),
        groups=_groups(piles),
        tie_order=tie_order,
        meta={**instance.meta, **_ties(instance.candidates, order, places)},
    )


def engine_rule(round: Round, rule: AllocationRule) -> str:
    """Return the engine's name of a rule as this round means it: with a part of an amount where that is possible."""
    if round.partial_funding and rule in {AllocationRule.GREEDY_VOTES, AllocationRule.GREEDY_POINTS}:
        return f"{rule}_partial"
    return rule


def declared_rule(round: Round) -> str:
    """Return the rule as a file of this election names it."""
    if round.allocation_rule == AllocationRule.DECLARED:
        return round.declared_rule
    return engine_rule(round, AllocationRule(round.allocation_rule))


def scale_of(cents: Iterable[int]) -> int:
    """Return the smallest of 1, 10 and 100 that makes all these amounts whole: units per euro."""
    finest = 1
    for amount in cents:
        if amount % 10:
            return CENTS
        if amount % CENTS:
            finest = 10
    return finest


def _amounts(proposal: Proposal, round: Round) -> Iterable[int]:
    yield proposal.amount_applied_for
    if round.partial_funding and proposal.minimum_amount is not None:
        yield proposal.minimum_amount


def _candidate(proposal: Proposal, round: Round, scale: int) -> Candidate:
    minimum = proposal.minimum_amount if round.partial_funding else None
    return Candidate(
        proposal.reference,
        proposal.amount_applied_for * scale // CENTS,
        proposal.title,
        None if minimum is None else minimum * scale // CENTS,
    )


def _piles(
    groups: Sequence[EqualBallots], places: dict[int, int], units: int | None
) -> tuple[tuple[BallotGroup, ...], int]:
    """Ballots as text to ballots as the engine has them. `units`: cents per unit, where values are money."""
    read = [
        (
            [
                (places[choice.proposal_id], choice.value)
                for choice in choices_in(group.choices)
                if choice.proposal_id in places
            ],
            frozenset(
                places[choice.proposal_id] for choice in choices_in(group.recused) if choice.proposal_id in places
            ),
            group.voters,
        )
        for group in groups
    ]
    texts = {value for choices, _recused, _voters in read for _place, value in choices if value}
    numbers = {text: parse_decimal(text) for text in texts}
    value_scale = 1 if units else common_scale(numbers.values())
    worth = {text: int(text) // units if units else in_units(number, value_scale) for text, number in numbers.items()}
    piles: dict[Pile, int] = {}
    for choices, recused, voters in read:
        key = (tuple(place for place, _ in choices), tuple(worth[value] for _, value in choices if value), recused)
        piles[key] = piles.get(key, 0) + voters
    return _groups(piles), value_scale


def _groups(piles: dict[Pile, int]) -> tuple[BallotGroup, ...]:
    return tuple(
        BallotGroup(chosen, values, voters, recused)
        for (chosen, values, recused), voters in sorted(piles.items(), key=_order)
    )


def _order(pile: tuple[Pile, int]) -> tuple[tuple[int, ...], tuple[int, ...], list[int]]:
    (chosen, values, recused), _voters = pile
    return chosen, values, sorted(recused)


def _meta(round: Round) -> dict[str, str]:
    """What a file about this round says besides the numbers."""
    return {"description": f"{round.fund.name}, {round.name}", "currency": round.currency}


def _ties(
    candidates: Sequence[Candidate], order: Sequence[int] | None, kept: Container[int] | None = None
) -> dict[str, str]:
    """How a file says in which order ties are broken. Always there: a file without it means something else."""
    if order is None:
        return {"tie_order": "none"}
    return {"tie_order": ",".join(candidates[place].id for place in order if kept is None or place in kept)}


# --- ties -------------------------------------------------------------------------------------------------------------


def tie_order(round: Round, proposals: Sequence[Proposal]) -> tuple[int, ...] | None:
    """Return every position, the one that wins a tie first; None when the committee votes again.

    Two that are equal for the tie-break as well go by the moment they were sent in, and then by reference.
    """
    if round.tie_break == TieBreak.NONE:
        return None
    key = _tie_key(round)
    return tuple(sorted(range(len(proposals)), key=lambda position: key(proposals[position])))


def _tie_key(round: Round) -> Callable[[Proposal], tuple[int | float | str, ...]]:
    def sent_in(proposal: Proposal) -> float:
        return proposal.submitted_at.timestamp() if proposal.submitted_at else float("inf")

    def drawn(proposal: Proposal) -> str:
        return hashlib.sha256(f"{round.lot_seed}:{proposal.reference}".encode()).hexdigest()

    keys: dict[str, Callable[[Proposal], tuple[int | float | str, ...]]] = {
        TieBreak.CHEAPER: lambda proposal: (proposal.amount_applied_for, sent_in(proposal), proposal.reference),
        TieBreak.EARLIER: lambda proposal: (sent_in(proposal), proposal.reference),
        TieBreak.LOT: lambda proposal: (drawn(proposal), proposal.reference),
        TieBreak.REFERENCE: lambda proposal: (proposal.reference,),
        TieBreak.LISTED: lambda proposal: (proposal.place, proposal.reference),
    }
    return keys[round.tie_break]
