"""Dividing a round's budget by its rule, and by every other rule to compare."""

from django.db import transaction

from accounts.models import Person
from fund.models import AllocationLine, AllocationRun, RunKind
from fund.queries import engine
from rounds.actions import advance, record
from rounds.lifecycle import Door, DoorClosed, Event, is_open
from rounds.models import AllocationRule, Round
from rounds.queries import current_rule


@transaction.atomic
def allocate_round(*, round: Round, by: Person | None) -> AllocationRun:
    """Divide a round's budget by its published rule; an earlier outcome makes place for this one.

    A tie that the rule does not break gives a run without an outcome, which says so: the committee votes again.
    Raises DoorClosed unless the vote is closed and the decision not yet taken.
    """
    _check_door(round)
    result = engine.count(engine.election_of(round), AllocationRule(round.allocation_rule), RunKind.PUBLISHED)
    result.run.rule_version = current_rule(round)
    AllocationRun.objects.filter(round=round, kind=RunKind.PUBLISHED).delete()
    _save(result)
    run = result.run
    record(
        action="allocate_round",
        subject=round,
        by=by,
        rule=run.rule,
        digest=run.digest,
        spent=run.spent,
        failure=run.failure,
    )
    return run


@transaction.atomic
def close_and_divide(
    round: Round, event: Event, by: Person | None, *, reason: str = "", edition: int | None = None
) -> Round:
    """Close the vote (or the scoring, where the scores are the vote) and divide the budget, as one act.

    Either both happen or neither. Raises what ``rounds.actions.advance`` raises.
    """
    moved = advance(round, event, by, reason=reason, edition=edition)
    allocate_round(round=moved, by=by)
    return moved


@transaction.atomic
def compare_rules(*, round: Round, by: Person | None) -> list[AllocationRun]:
    """Run every rule that can count this round's ballots, to lay beside each other. Raises DoorClosed as above."""
    _check_door(round)
    election = engine.election_of(round)
    AllocationRun.objects.filter(round=round, kind=RunKind.WHAT_IF).delete()
    results = [engine.count(election, rule, RunKind.WHAT_IF) for rule in engine.rules_for(round)]
    for result in results:
        _save(result)
    record(action="compare_rules", subject=round, by=by, rules=[result.run.rule for result in results])
    return [result.run for result in results]


def _check_door(round: Round) -> None:
    if not is_open(Door.ALLOCATE, round.stage):
        raise DoorClosed


def _save(result: engine.Result) -> None:
    result.run.save(force_insert=True)
    AllocationLine.objects.bulk_create(result.lines, batch_size=500)
