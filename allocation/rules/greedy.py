"""Greedy rules: put the candidates in order, go down the list, and give each its cost while the money lasts.

What nearly every city does with a participatory budget; Talmon and Faliszewski, "A Framework for Approval-Based
Budgeting Methods" (AAAI 2019), describe the family. The variants differ in how they order and in what happens at the
first candidate that does not fit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from itertools import takewhile

from allocation.counting import Tally, count
from allocation.model import BallotKind, Instance, Line, Outcome, Reason, UnbrokenTie, UnsuitableBallots


class Order(Enum):
    """What decides who comes first."""

    VOTES = "votes"
    VOTES_PER_COST = "votes per cost"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a greedy rule goes down its list.

    ``threshold``: candidates whose score stays under the instance's threshold do not take part. ``stop``: at the first
    that does not fit, everything below it is left. ``partial``: the first that does not fit gets what is left when that
    is at least its minimum and more than nothing; nothing is taken after it, for the budget is used up.
    """

    threshold: bool = False
    stop: bool = False
    partial: bool = False


SKIPPING = Manner()


def greedy(instance: Instance, name: str, order: Order, manner: Manner = SKIPPING) -> Outcome:
    """Run one greedy rule. Ties go by the tie order; where it is missing and matters, :class:`UnbrokenTie` is raised.

    With recusals a candidate is ordered by its support as a part of the voters who were allowed to vote on it, written
    as the number it would be among all voters. Raises :class:`UnsuitableBallots` for points on ballots without points.
    """
    tally = count(instance)
    scores = [_score(instance, tally, order, position) for position in range(len(instance.candidates))]
    barred: dict[int, Reason] = {}
    if manner.threshold and instance.threshold is not None:
        barred = {
            position: Reason.BELOW_THRESHOLD for position, score in enumerate(scores) if score < instance.threshold
        }
    # What costs nothing gives endless votes per euro, so it goes before everything that does cost something.
    free_first = order is Order.VOTES_PER_COST
    return Walk(instance, tally, scores, manner, barred, free_first=free_first).outcome(name)


def _score(instance: Instance, tally: Tally, order: Order, position: int) -> Fraction:
    if order is not Order.POINTS:
        votes = tally.per_voter(position, tally.support[position])
        if order is Order.VOTES:
            return votes
        return votes * instance.scale / (instance.candidates[position].cost or 1)
    if instance.kind is BallotKind.SCORES:
        return Fraction(tally.totals[position], max(tally.answered[position], 1) * instance.value_scale)
    if instance.kind is BallotKind.POT:
        return tally.per_voter(position, Fraction(tally.totals[position], instance.scale))
    if instance.kind in (BallotKind.POINTS, BallotKind.RANKING):
        return tally.per_voter(position, Fraction(tally.totals[position], instance.value_scale))
    raise UnsuitableBallots(
        f"there are no points on ballots of the kind {instance.kind}; choose a rule that counts votes instead"
    )


class Walk:
    """One walk down the list, the highest score first. ``barred`` candidates do not take part, each for its reason."""

    def __init__(
        self,
        instance: Instance,
        tally: Tally,
        scores: Sequence[Fraction],
        manner: Manner,
        barred: Mapping[int, Reason],
        *,
        free_first: bool = False,
    ) -> None:
        self._instance = instance
        self._tally = tally
        self._scores = scores
        self._keys = [
            (free_first and candidate.cost == 0, score)
            for candidate, score in zip(instance.candidates, scores, strict=True)
        ]
        self._manner = manner
        self._barred = barred
        self._left = instance.budget
        self._lines: dict[int, Line] = {}
        self._selected: list[int] = []

    def outcome(self, name: str) -> Outcome:
        """Go down the list and say what happened to each."""
        for position, reason in self._barred.items():
            self._leave(position, reason)
        waiting = [position for position in range(len(self._scores)) if position not in self._barred]
        rank = self._instance.tie_rank or range(len(self._scores))
        waiting.sort(key=lambda position: rank[position])
        waiting.sort(key=lambda position: self._keys[position], reverse=True)
        stopped = False
        for place, position in enumerate(waiting):
            if stopped:
                self._leave(position, Reason.STOPPED)
            else:
                stopped = self._visit(position, waiting[place + 1 :])
        lines = tuple(self._lines[position] for position in range(len(self._scores)))
        return Outcome(name, tuple(self._selected), tuple(line.amount for line in lines), lines)

    def _visit(self, position: int, below: list[int]) -> bool:
        """Decide on the one whose turn it is. True when the rule stops here."""
        candidate = self._instance.candidates[position]
        winner = self._excluded_by(position)
        if winner is not None:
            self._leave(position, Reason.EXCLUDED, beaten_by=winner)
        elif not self._acts(position):
            self._pass_over(position)
        else:
            self._refuse_tie(position, below)
            if candidate.cost <= self._left:
                self._take(position, Reason.TAKEN, candidate.cost)
                return False
            if self._manner.stop:
                self._pass_over(position)
            else:
                self._take(position, Reason.TAKEN_IN_PART, self._left)
            return True
        return False

    def _acts(self, position: int) -> bool:
        """Whether anything happens when it is this candidate's turn: it takes money, or it stops the rule."""
        candidate = self._instance.candidates[position]
        in_part = self._manner.partial and candidate.least <= self._left > 0
        return candidate.cost <= self._left or self._manner.stop or in_part

    def _refuse_tie(self, position: int, below: list[int]) -> None:
        """Raise when another candidate has the same claim to this turn and nothing says who goes first."""
        if self._instance.tie_order is not None:
            return
        equals = takewhile(lambda other: self._keys[other] == self._keys[position], below)
        tied = (position, *(other for other in equals if self._acts(other) and self._excluded_by(other) is None))
        if len(tied) > 1:
            raise UnbrokenTie(tied, tuple(self._instance.candidates[other].id for other in tied))

    def _excluded_by(self, position: int) -> int | None:
        """The candidate already taken that rules this one out, if any."""
        for exclusion in self._instance.exclusions:
            if position in exclusion:
                for taken in self._selected:
                    if taken in exclusion:
                        return taken
        return None

    def _tied_above(self, position: int) -> int | None:
        """The last taken candidate with the very same score, which the tie order put first."""
        for taken in reversed(self._selected):
            if self._keys[taken] == self._keys[position]:
                return taken
        return None

    def _pass_over(self, position: int) -> None:
        """Leave a candidate that there is too little money for."""
        too_dear = self._instance.candidates[position].cost > self._instance.budget
        reason = Reason.DEARER_THAN_BUDGET if too_dear else Reason.DOES_NOT_FIT
        self._leave(position, reason, beaten_by=self._tied_above(position))

    def _take(self, position: int, reason: Reason, amount: int) -> None:
        self._selected.append(position)
        self._write(position, reason, amount, len(self._selected), None)
        self._left -= amount

    def _leave(self, position: int, reason: Reason, beaten_by: int | None = None) -> None:
        self._write(position, reason, 0, None, beaten_by)

    def _write(self, position: int, reason: Reason, amount: int, step: int | None, beaten_by: int | None) -> None:
        self._lines[position] = Line(
            position=position,
            reason=reason,
            amount=amount,
            step=step,
            support=self._tally.support[position],
            eligible=self._tally.eligible[position],
            score=self._scores[position],
            needed=self._instance.candidates[position].cost,
            available=Fraction(self._left),
            beaten_by=beaten_by,
        )
