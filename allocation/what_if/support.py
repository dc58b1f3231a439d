"""More support for one candidate, one step at a time, in a fixed order: who gives it, and how their ballot changes.

What a step is depends on the rule (:class:`Counted`):

* **supporters**: one more voter is in favour. It is an existing voter who was allowed to vote on the candidate and was
  not in favour, so that the number of voters, and what each may spend, stay the same. They come in the order of
  what they had paid in the outcome, least first (in rules in which voters pay: who has most left comes first), then by
  group. Their ballot stays as it was, with this candidate added; a "no" or a blank becomes a "yes"; in a choose-one
  election the tick moves.
* **points**: one point more (the smallest part of one that ballots can hold), from voters who were allowed to vote on
  the candidate, in the same order, one each, round and round; none gives more than the most that anyone gave to
  anything. Committee scores are raised in the same way, by the members who gave one: a new score can pull a mean down.
* **money**: one unit more in the pots, from voters who were allowed to vote on the candidate, taking in turn what
  each did not give away yet, up to the whole budget each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from allocation.model import BallotGroup, BallotKind, Instance, Outcome


class Counted(StrEnum):
    """In what extra support is counted."""

    SUPPORTERS = "supporters"
    POINTS = "points"
    MONEY = "money"


#: Rules that add up what is written on the ballots. All others count who is in favour.
ADDING_UP = frozenset({"greedy_points", "mes_points", "average_pot"})


def counted_in(rule: str, kind: BallotKind) -> Counted:
    """What a step of extra support is under this rule, on ballots of this kind."""
    if rule not in ADDING_UP:
        return Counted.SUPPORTERS
    return Counted.MONEY if kind is BallotKind.POT else Counted.POINTS


@dataclass(frozen=True)
class MoreSupport:
    """The ways in which a candidate could have had more support. ``order``: group numbers, the first to help first."""

    instance: Instance
    position: int
    counted: Counted
    order: tuple[int, ...]
    top: int  # the highest value on any ballot

    @classmethod
    def after(cls, instance: Instance, position: int, outcome: Outcome) -> MoreSupport:
        """The possible extra support, in the order that follows from an outcome."""
        counted = counted_in(outcome.rule, instance.kind)
        paid = paid_by_group(outcome, len(instance.groups))
        able = [
            number for number, group in enumerate(instance.groups) if can_help(group, position, counted, instance.kind)
        ]
        order = tuple(sorted(able, key=lambda number: (paid[number], number)))
        top = max((max(group.values, default=0) for group in instance.groups), default=0)
        return cls(instance, position, counted, order, top)

    @property
    def most(self) -> int:
        """The largest number of steps there is: everyone who can help, helping as much as they can."""
        return sum(self.instance.groups[number].weight * self.room(number) for number in self.order)

    def room(self, number: int) -> int:
        """How many steps one voter of this group can help."""
        group = self.instance.groups[number]
        if self.counted is Counted.SUPPORTERS:
            return 1
        if self.counted is Counted.POINTS:
            return max(self.top - value_of(group, self.position), 0)
        return max(self.instance.budget - sum(group.values), 0)

    def with_extra(self, steps: int) -> Instance:
        """The election as it would have been with this many steps of extra support (0 to ``most``)."""
        given = self.given(steps)
        groups: list[BallotGroup] = []
        for number, group in enumerate(self.instance.groups):
            rest = group.weight
            for extra, voters in given.get(number, ()):
                groups.append(replace(self._changed(group, extra), weight=voters))
                rest -= voters
            if rest:
                groups.append(group if rest == group.weight else replace(group, weight=rest))
        return replace(self.instance, groups=tuple(groups))

    def given(self, steps: int) -> dict[int, list[tuple[int, int]]]:
        """Per group: pairs (steps each, by how many of its voters), for those that help at all."""
        if self.counted is Counted.POINTS:
            return self._given_in_turns(steps)
        given: dict[int, list[tuple[int, int]]] = {}
        for number in self.order:
            if not steps:
                break
            room = self.room(number)
            if not room:
                continue
            full = min(steps // room, self.instance.groups[number].weight)
            shares = [(room, full)] if full else []
            steps -= full * room
            if steps and full < self.instance.groups[number].weight:
                shares.append((steps, 1))
                steps = 0
            given[number] = shares
        return given

    def _given_in_turns(self, steps: int) -> dict[int, list[tuple[int, int]]]:
        """As ``given``, each voter one step at a time, round and round."""
        rooms = {number: self.room(number) for number in self.order}
        weights = {number: self.instance.groups[number].weight for number in self.order}
        level = 0
        while True:
            open_ = [number for number in self.order if rooms[number] > level]
            a_round = sum(weights[number] for number in open_)
            if not open_ or steps < a_round:
                break
            # As many whole rounds at once as nobody runs out in.
            rounds = min(min(rooms[number] for number in open_) - level, steps // a_round)
            steps -= rounds * a_round
            level += rounds
        given: dict[int, list[tuple[int, int]]] = {}
        for number in self.order:
            each = min(rooms[number], level)
            one_more = min(steps, weights[number]) if rooms[number] > level else 0
            steps -= one_more
            shares = [(each + 1, one_more), (each, weights[number] - one_more)]
            given[number] = [(extra, voters) for extra, voters in shares if extra and voters]
        return given

    def _changed(self, group: BallotGroup, extra: int) -> BallotGroup:
        """The ballot of a voter who gives this much extra."""
        kind, position = self.instance.kind, self.position
        if self.counted is not Counted.SUPPORTERS:
            return with_value(group, position, value_of(group, position) + extra)
        match kind:
            case BallotKind.CHOOSE_ONE:
                return replace(group, choices=(position,))
            case BallotKind.APPROVAL:
                return replace(group, choices=tuple(sorted((*group.choices, position))))
            case _:
                return with_value(group, position, 1)


def paid_by_group(outcome: Outcome, groups: int) -> list[Fraction]:
    """What each voter of each group paid in all, in units; zeros for rules in which nobody pays."""
    paid = [Fraction(0)] * groups
    for line in outcome.trace:
        for number, share in line.payments:
            paid[number] += share
    return paid


def value_of(group: BallotGroup, position: int) -> int:
    """What is written for a candidate; 1 for a tick, 0 when it is not there."""
    if position not in group.choices:
        return 0
    return group.values[group.choices.index(position)] if group.values else 1


def can_help(group: BallotGroup, position: int, counted: Counted, kind: BallotKind) -> bool:
    """Whether the voters of a group could have given the candidate more support than they did."""
    if position in group.recused:
        return False
    if counted is Counted.SUPPORTERS:
        return not in_favour(group, position, kind)
    return kind is not BallotKind.SCORES or position in group.choices


def in_favour(group: BallotGroup, position: int, kind: BallotKind) -> bool:
    """Whether the voters of a group are in favour of a candidate."""
    if position not in group.choices:
        return False
    return kind is not BallotKind.YES_NO or value_of(group, position) > 0


def with_value(group: BallotGroup, position: int, value: int) -> BallotGroup:
    """The ballot with another value written for a candidate."""
    written = dict(_written(group))
    written[position] = value
    choices = tuple(sorted(written))
    return replace(group, choices=choices, values=tuple(written[choice] for choice in choices))


def _written(group: BallotGroup) -> Iterator[tuple[int, int]]:
    values: Sequence[int] = group.values or (1,) * len(group.choices)
    return zip(group.choices, values, strict=True)
