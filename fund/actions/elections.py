"""Bringing in an election that was held elsewhere, and counting it here."""

from collections.abc import Iterator
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from fund.actions.allocations import allocate_round, compare_rules
from fund.queries.engine import ElectionFile
from proposals.actions import Entry, enter_proposals
from proposals.lifecycle import State
from proposals.models import Proposal
from rounds.actions import create_round, record
from rounds.actions.rules import freeze_rule
from rounds.lifecycle import Stage
from rounds.models import Fund, Round, Secrecy, TieBreak
from voting.actions import enter_ballots
from voting.queries import Choice, EqualBallots, choices_text, recused_text

DATE_FORMATS = ("%d.%m.%Y", "%Y-%m-%d")
NAME_LENGTH, TITLE_LENGTH, PLACE_LENGTH = 120, 300, 80


class RoundExists(Exception):
    """A round has this address already."""


@transaction.atomic
def import_election(
    *,
    election: ElectionFile,
    fund: Fund,
    name: str,
    slug: str,
    by: Person | None,
    rule: str = "",
    compare: bool = True,
) -> Round:
    """Make a counted round of an election: proposals, ballots, the outcome by its rule, the comparison of rules.

    All of it or nothing. `rule` is empty for the rule that the file declares; without `compare` only that one is run.
    Raises RoundExists, UnreadableElection (no rule), ValidationError (a reference that is too long).
    """
    if Round.objects.filter(slug=slug).exists():
        raise RoundExists(slug)
    allocation_rule, declared = election.rule(rule)
    instance, now = election.instance, timezone.now()
    round = create_round(
        fund=fund,
        by=by,
        name=name[:NAME_LENGTH],
        slug=slug,
        stage=Stage.ADVICE,
        call=election.meta.get("comment", ""),
        voting_ends_at=_last_day(election.meta.get("date_end", "")),
        ceiling=election.cents(instance.budget),
        currency=(election.meta.get("currency") or "EUR").upper()[:3],
        ballot_type=election.ballot_type,
        secrecy=Secrecy.OPEN,
        allocation_rule=allocation_rule,
        declared_rule=declared,
        partial_funding=any(candidate.minimum is not None for candidate in election.candidates),
        tie_break=_tie_break(election, rule),
        # A threshold is part of the rule that the file declares; whoever chooses another rule chooses it plain.
        threshold=0 if rule else instance.threshold or 0,
        minimum_scores=0,
        quorum_percent=0 if instance.quorum is None else int(instance.quorum * 100),
    )
    freeze_rule(round=round, by=by)
    proposals = enter_proposals(round=round, entries=(Entry(proposal) for proposal in _proposals(election, now)), by=by)
    enter_ballots(round=round, ballots=_ballots(election, [proposal.pk for proposal in proposals]), by=by)
    record(action="import_election", subject=round, by=by, declared=instance.declared_rule)
    allocate_round(round=round, by=by)
    if compare:
        compare_rules(round=round, by=by)
    return round


def _tie_break(election: ElectionFile, chosen_rule: str) -> TieBreak:
    """A file that does not say how ties are broken lists the winner first; a rule of one's own goes by reference."""
    if election.instance.tie_order is None:
        return TieBreak.NONE
    return TieBreak.REFERENCE if chosen_rule and "tie_order" not in election.meta else TieBreak.LISTED


def _proposals(election: ElectionFile, now: datetime) -> Iterator[Proposal]:
    said = election.instance.tie_rank if "tie_order" in election.meta else None
    for place, candidate in enumerate(election.candidates):
        details = election.details.get(candidate.id, {})
        neighbourhood = details.get("neighborhood") or details.get("district") or ""
        yield Proposal(
            reference=candidate.id,
            state=State.ELIGIBLE,
            title=(candidate.name or candidate.id)[:TITLE_LENGTH],
            summary=details.get("description", ""),
            summary_is_public=True,
            theme=details.get("category", "")[:PLACE_LENGTH],
            neighbourhood=neighbourhood[:PLACE_LENGTH],
            amount_applied_for=election.cents(candidate.cost),
            minimum_amount=None if candidate.minimum is None else election.cents(candidate.minimum),
            place=said[place] if said else place,
            submitted_at=now,
        )


def _ballots(election: ElectionFile, keys: list[int]) -> Iterator[EqualBallots]:
    for group in election.ballots:
        values = map(election.value_text, group.values) if group.values else [""] * len(group.choices)
        yield EqualBallots(
            choices_text(Choice(keys[place], value) for place, value in zip(group.choices, values, strict=True)),
            recused_text(keys[place] for place in group.recused),
            group.weight,
        )


def _last_day(text: str) -> datetime | None:
    """The end of a day as files write it; None for a year alone, or for anything else."""
    for form in DATE_FORMATS:
        try:
            day: date = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
        return timezone.make_aware(datetime.combine(day, time(23, 59)))
    return None
