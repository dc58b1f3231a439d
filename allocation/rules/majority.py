"""Majority per proposal: each is asked about on its own, and those that a majority wants are paid while money lasts."""

from __future__ import annotations

from allocation.counting import count
from allocation.model import BallotKind, Instance, Outcome, Reason, UnsuitableBallots
from allocation.rules.greedy import SKIPPING, Walk

KINDS = frozenset({BallotKind.YES_NO, BallotKind.APPROVAL, BallotKind.CHOOSE_ONE})


def majority(instance: Instance) -> Outcome:
    """Take what a majority wants, the largest margin first, skipping what does not fit.

    Yes and no are counted among the voters who were allowed to vote on a candidate. It has a *quorum* when those who
    answered it (abstaining is an answer too) are at least ``instance.quorum`` of them. It has a *majority* when yes is
    more than ``instance.majority`` of yes and no together: with one half, more yes than no; equal is not enough.
    Abstentions and blank ballots count for neither side.

    The margin is yes minus no; where voters stepped back it is written as it would be among all voters. Where people
    can only tick, everybody answers: not ticking is a no.

    Raises :class:`UnsuitableBallots` for ballots on which nobody can say no, :class:`~allocation.model.UnbrokenTie`.
    """
    if instance.kind not in KINDS:
        raise UnsuitableBallots(f"nobody can say no on ballots of the kind {instance.kind}, so there is no majority")
    tally = count(instance)
    scores = []
    barred = {}
    for position in range(len(instance.candidates)):
        eligible, yes = tally.eligible[position], tally.support[position]
        if instance.kind is BallotKind.YES_NO:
            no, answered = tally.against[position], tally.answered[position]
        else:
            no, answered = eligible - yes, eligible
        scores.append(tally.per_voter(position, yes - no))
        if instance.quorum is not None and answered < instance.quorum * eligible:
            barred[position] = Reason.NO_QUORUM
        elif yes <= instance.majority * (yes + no):
            barred[position] = Reason.NO_MAJORITY
    return Walk(instance, tally, scores, SKIPPING, barred).outcome("majority")
