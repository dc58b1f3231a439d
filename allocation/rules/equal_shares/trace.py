"""The account of an outcome, one line per candidate, made when someone asks for it.

Comparing rules, or asking what would have changed an outcome, runs a rule many times and looks only at what was
selected. So the lines are made on first use, and in a large election the payments of a line on their own first use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from typing import overload

from allocation.model import Line, Reason
from allocation.rules.equal_shares.course import Course, Step
from allocation.rules.equal_shares.ledger import Bill
from allocation.rules.equal_shares.leftover import Turn
from allocation.rules.equal_shares.scout import Scout

AT_ONCE = 2000
"""Groups up to which payments are written out together with their line."""


class Lazy[Item](Sequence[Item]):
    """A tuple that is made on first use. Equal to any sequence with the same items; pickled as a plain tuple."""

    __slots__ = ("_items", "_make")

    def __init__(self, make: Callable[[], tuple[Item, ...]]) -> None:
        self._make: Callable[[], tuple[Item, ...]] | None = make
        self._items: tuple[Item, ...] = ()

    def _all(self) -> tuple[Item, ...]:
        if self._make is not None:
            self._items, self._make = self._make(), None
        return self._items

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Item, ...]: ...
    def __getitem__(self, index: int | slice) -> Item | tuple[Item, ...]:
        return self._all()[index]

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[Item]:
        return iter(self._all())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._all() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._all())

    def __repr__(self) -> str:
        return repr(self._all())

    def __reduce__(self) -> tuple[type, tuple[tuple[Item, ...]]]:
        return tuple, (self._all(),)


class Payments(Sequence[tuple[int, Fraction]]):
    """Who paid how much for one candidate, by group number, worked out one by one: a city has millions of them.

    Holds only which groups paid the full price and which gave all they had.
    """

    __slots__ = ("_groups", "_paid_by")

    def __init__(self, groups: Sequence[int], paid_by: Callable[[int], Fraction]) -> None:
        self._groups = groups
        self._paid_by = paid_by

    @overload
    def __getitem__(self, index: int) -> tuple[int, Fraction]: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[tuple[int, Fraction], ...]: ...
    def __getitem__(self, index: int | slice) -> tuple[int, Fraction] | tuple[tuple[int, Fraction], ...]:
        if isinstance(index, slice):
            return tuple((int(group), self._paid_by(int(group))) for group in self._groups[index])
        group = int(self._groups[index])
        return group, self._paid_by(group)

    def __len__(self) -> int:
        return len(self._groups)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"<{len(self)} payments>"

    def __reduce__(self) -> tuple[type, tuple[tuple[tuple[int, Fraction], ...]]]:
        return tuple, (tuple(self),)


class Account:
    """Makes the lines of one course, and of what was taken after it from what was left of the budget.

    ``order``: what was taken, in order. ``turns``: what greedy completion did with those that the course left; empty
    when there was none.
    """

    def __init__(self, found: Scout | Course, order: Sequence[int], turns: dict[int, Turn]) -> None:
        self._found = found
        self._electorate = found.electorate
        self._steps = {position: number for number, position in enumerate(order, start=1)}
        self._turns = turns

    @cached_property
    def _course(self) -> Course:
        """The course, with its exact prices; a scout has none."""
        found = self._found
        return found if isinstance(found, Course) else Course(found.electorate, found.endowment)

    def lines(self) -> tuple[Line, ...]:
        """One line per candidate, by position."""
        by_position = {step.position: step for step in self._course.steps}
        return tuple(
            self._taken(by_position[position]) if position in by_position else self._left(position)
            for position in range(len(self._electorate.costs))
        )

    def _line(
        self,
        position: int,
        reason: Reason,
        score: Fraction,
        available: Fraction,
        beaten_by: int | None = None,
        payments: Sequence[tuple[int, Fraction]] = (),
    ) -> Line:
        electorate = self._electorate
        step = self._steps.get(position)
        return Line(
            position=position,
            reason=reason,
            amount=0 if step is None else electorate.costs[position],
            step=step,
            support=electorate.support[position],
            eligible=electorate.eligible[position],
            score=score,
            needed=electorate.costs[position],
            available=available,
            payments=payments,
            beaten_by=beaten_by,
        )

    def _taken(self, step: Step) -> Line:
        price = self._course.ledger.price(step.position)
        return self._line(
            step.position,
            Reason.TAKEN,
            self._use_per_unit(step.position, price),
            self._together(self._payers(step), before=self._steps[step.position]),
            payments=self._payments(step, price),
        )

    def _use_per_unit(self, position: int, price: Fraction) -> Fraction:
        electorate = self._electorate
        if not price:
            return Fraction(electorate.support[position])
        return electorate.worth[position] / price / electorate.scale

    def _left(self, position: int) -> Line:
        electorate, turn = self._electorate, self._turns.get(position)
        if turn is not None:
            return self._line(
                position, self._why(position, turn), electorate.votes[position], Fraction(turn.left), turn.excluded_by
            )
        able = self._course.able(position) if electorate.support[position] else ()
        together = self._together([int(group) for group in able], before=None)
        return self._line(position, self._why(position, turn), Fraction(0), together, self._beaten_by.get(position))

    def _why(self, position: int, turn: Turn | None) -> Reason:
        electorate = self._electorate
        if turn is not None and turn.taken:
            return Reason.TAKEN_IN_COMPLETION
        if electorate.support[position] < (electorate.instance.threshold or 0):
            return Reason.BELOW_THRESHOLD
        if not electorate.support[position]:
            return Reason.NO_SUPPORT
        if electorate.costs[position] > electorate.instance.budget:
            return Reason.DEARER_THAN_BUDGET
        if turn is None:
            return Reason.SUPPORTERS_SHORT
        return Reason.DOES_NOT_FIT if turn.excluded_by is None else Reason.EXCLUDED

    @cached_property
    def _beaten_by(self) -> dict[int, int]:
        """Candidate that lost a tie -> the one that won the last such tie."""
        return {loser: step.position for step in self._course.steps for loser, _ in step.ties}

    def _payers(self, step: Step) -> list[int]:
        return [int(group) for groups in self._course.payers(step) for group in groups]

    def _together(self, groups: Sequence[int], before: int | None) -> Fraction:
        """What voters who still have money have together, before a step or (None) at the end."""
        voters, paid = self._electorate.counted(groups)
        earlier = {p: times for p, times in paid.items() if p in self._prices and self._earlier(p, before)}
        ledger = self._course.ledger
        return Fraction(ledger.money(Bill(voters, earlier, 0)), ledger.unit)

    @property
    def _prices(self) -> dict[int, int]:
        return self._course.ledger.prices

    def _earlier(self, position: int, before: int | None) -> bool:
        return before is None or self._steps[position] < before

    def _payments(self, step: Step, price: Fraction) -> Sequence[tuple[int, Fraction]]:
        if not price:
            return ()
        electorate, ledger = self._electorate, self._course.ledger
        number = self._steps[step.position]
        poor = {int(group) for group in self._course.payers(step)[1]}

        def paid_by(group: int) -> Fraction:
            ballot, likings = electorate.ballot(group)
            if group not in poor:
                return price if likings is None else price * likings[ballot.index(step.position)]
            before = [place for place, p in enumerate(ballot) if p in ledger.prices and self._earlier(p, before=number)]
            given = None if likings is None else [likings[place] for place in before]
            return Fraction(ledger.purse([ballot[place] for place in before], given), ledger.unit)

        payments = Payments(sorted(self._payers(step)), paid_by)
        return tuple(payments) if len(electorate.weights) <= AT_ONCE else payments
