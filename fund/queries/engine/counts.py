"""Running a rule on an election: what comes out, as rows for the database that nobody has saved yet."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from django.utils import timezone

from allocation import (
    RULES,
    AllocationError,
    BallotKind,
    Instance,
    Line,
    Outcome,
    Reason,
    UnbrokenTie,
    allocate,
    counting,
)
from allocation.digest import digest
from allocation.what_if import Change, Counted, what_if, what_ifs
from fund.models import AllocationLine, AllocationRun, Failure, RunKind
from fund.queries.engine.elections import Election, engine_rule
from rounds.models import AllocationRule, Round
from rounds.queries import SUITABLE_RULES

# Left, but first in line when money comes free: they lost for want of money, not for want of support.
IN_RESERVE = frozenset(
    {Reason.DOES_NOT_FIT, Reason.STOPPED, Reason.SUPPORTERS_SHORT, Reason.NOT_IN_BEST_SET, Reason.BELOW_MINIMUM}
)
# Up to this many ballots times proposals every line gets its what-if; a city's election only the next in row.
SMALL = 5_000
NEXT_IN_ROW = 3
SCORE_DECIMALS = 10**6


class OwnReason(StrEnum):
    """Why a line has no amount, where the engine gave no outcome."""

    TIED = "tied"


@dataclass(frozen=True)
class Result:
    """A run with its lines, ready to be saved."""

    run: AllocationRun
    lines: list[AllocationLine] = field(default_factory=list)


def rules_for(round: Round) -> list[AllocationRule]:
    """Return the rules that can count this round's ballots, in the order in which people get to choose them."""
    suitable = SUITABLE_RULES[round.ballot_type]
    own = AllocationRule(round.allocation_rule)
    return [rule for rule in AllocationRule if (rule in suitable and rule in RULES) or rule == own]


def count(election: Election, rule: AllocationRule, kind: RunKind) -> Result:
    """Divide an election's budget by a rule.

    A published run also gets its reserve list and what would have been enough. A tie that nothing breaks is a result:
    a run without an outcome, with the tied proposals as its lines.
    """
    everybody, election = election, election.above_threshold(rule)
    run = AllocationRun(
        round=election.round,
        kind=kind,
        rule=rule,
        budget=election.round.ceiling,
        spent=0,
        voters=election.instance.voters,
        made_at=timezone.now(),
    )
    name = engine_rule(election.round, rule)
    try:
        outcome = allocate(election.instance, name)
    except UnbrokenTie as tie:
        run.failure = Failure.TIE
        return Result(run, [_tied(run, election, position) for position in tie.positions])
    except AllocationError:
        run.failure = Failure.REFUSED
        return Result(run)
    cents = election.cents_per_unit
    run.counted_by = outcome.rule
    run.spent = outcome.spent * cents
    run.endowment = None if outcome.endowment is None else math.floor(outcome.endowment * cents)
    run.choices_funded = voters_by_funded(election.instance, outcome.selected)
    run.digest = digest(election.instance, outcome)
    published = kind == RunKind.PUBLISHED
    reserve = _reserve(election.instance, outcome) if published else {}
    changes = _changes(election.instance, name, outcome, reserve) if published else {}
    lines = []
    for line in outcome.trace:
        row = _row(run, election, line)
        row.reserve_place = reserve.get(line.position)
        _add_change(row, changes.get(line.position), election)
        lines.append(row)
    return Result(run, lines + _under_threshold(run, everybody, election))


def _under_threshold(run: AllocationRun, everybody: Election, election: Election) -> list[AllocationLine]:
    """The lines of those that did not take part because too few people voted for them."""
    tally, taking_part = counting.count(everybody.instance), {proposal.pk for proposal in election.proposals}
    return [
        AllocationLine(
            run=run,
            proposal=proposal,
            amount=0,
            reason=Reason.BELOW_THRESHOLD,
            support=tally.support[position],
            eligible=tally.eligible[position],
            score=str(tally.support[position]),
            available=0,
            needed=proposal.amount_applied_for,
        )
        for position, proposal in enumerate(everybody.proposals)
        if proposal.pk not in taking_part
    ]


def voters_by_funded(instance: Instance, selected: Iterable[int]) -> list[int]:
    """Return how many voters see none of their choices funded, how many one, two, and so on.

    A choice is what somebody was in favour of: a tick, a yes, or any points, money, score or place at all.
    """
    funded = frozenset(selected)
    counts: Counter[int] = Counter()
    for group in instance.groups:
        if group.values and instance.kind is not BallotKind.RANKING:
            chosen = [place for place, value in zip(group.choices, group.values, strict=True) if value > 0]
        else:
            chosen = list(group.choices)
        counts[len(funded.intersection(chosen))] += group.weight
    return [counts[number] for number in range(max(counts, default=-1) + 1)]


def _row(run: AllocationRun, election: Election, line: Line) -> AllocationLine:
    cents = election.cents_per_unit
    # Shown with the published outcome only, and in a city's election the payments are very many.
    payments = line.payments if run.kind == RunKind.PUBLISHED else ()
    most = max((share for _group, share in payments), default=None)
    return AllocationLine(
        run=run,
        proposal=election.proposals[line.position],
        amount=line.amount * cents,
        step=line.step,
        reason=line.reason,
        support=line.support,
        eligible=line.eligible,
        score=fraction_text(line.score),
        available=math.floor(line.available * cents),
        needed=line.needed * cents,
        most_paid=None if most is None else math.ceil(most * cents),
        beaten_by=None if line.beaten_by is None else election.proposals[line.beaten_by],
    )


def _tied(run: AllocationRun, election: Election, position: int) -> AllocationLine:
    proposal = election.proposals[position]
    return AllocationLine(
        run=run,
        proposal=proposal,
        amount=0,
        reason=OwnReason.TIED,
        support=0,
        eligible=0,
        score="0",
        available=0,
        needed=proposal.amount_applied_for,
    )


def _reserve(instance: Instance, outcome: Outcome) -> Mapping[int, int]:
    """Position -> place on the reserve list: those left for want of money, the highest score of the rule first."""
    rank = instance.tie_rank or range(len(instance.candidates))
    waiting = [line for line in outcome.trace if line.reason in IN_RESERVE and line.support > 0]
    waiting.sort(key=lambda line: (-line.score, rank[line.position]))
    return {line.position: place for place, line in enumerate(waiting, start=1)}


def _changes(instance: Instance, rule: str, outcome: Outcome, reserve: Mapping[int, int]) -> Mapping[int, Change]:
    if not instance.voters:
        return {}
    if len(instance.groups) * len(instance.candidates) <= SMALL:
        return what_ifs(instance, rule, outcome)
    return {
        position: what_if(instance, rule, position, outcome)
        for position, place in reserve.items()
        if place <= NEXT_IN_ROW
    }


def _add_change(row: AllocationLine, change: Change | None, election: Election) -> None:
    if change is None:
        return
    row.counted = change.counted
    row.largest_cost = None if change.largest_cost is None else change.largest_cost * election.cents_per_unit
    if change.extra_support is not None:
        row.extra_support = {
            Counted.SUPPORTERS: change.extra_support,
            # Whole points: the smallest part of one means nothing to people.
            Counted.POINTS: -(-change.extra_support // election.instance.value_scale),
            Counted.MONEY: change.extra_support * election.cents_per_unit,
        }[change.counted]


def fraction_text(number: Fraction) -> str:
    """Write a score for the database: exactly while that is short, else rounded down to six decimals."""
    exact = str(number)
    return exact if len(exact) <= 60 else f"{math.floor(number * SCORE_DECIMALS)}/{SCORE_DECIMALS}"
