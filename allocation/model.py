"""What goes into an allocation and what comes out: plain, frozen, exact.

Nothing here knows of a database, a clock or a language. Money is an integer number of *units*, where
``Instance.scale`` units make one of the currency (scale 100: cents; scale 1: whole euros or zlotys). Every score that
is not a whole number is a :class:`fractions.Fraction`. There are no floats in any input or result.

A candidate is named inside the engine by its *position* in ``Instance.candidates``; ids are for people and files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import overload


class BallotKind(StrEnum):
    """What a voter is asked to do. The values in a ballot mean something else for each kind."""

    APPROVAL = "approval"  # tick any number; no values
    CHOOSE_ONE = "choose-1"  # tick one; no values
    YES_NO = "yes-no"  # values: 1 yes, -1 no, 0 abstain
    POINTS = "points"  # values: points given, at least 0
    POT = "pot"  # values: units of money given to each candidate
    SCORES = "scores"  # values: the member's score; a candidate that is not there was not scored ("weet ik niet")
    RANKING = "ranking"  # values: Borda points, max_length for the first place, one less for each next


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that money can go to. ``cost`` and ``minimum`` in units; ``minimum`` is the least it can go on with."""

    id: str
    cost: int
    name: str = ""
    minimum: int | None = None  # None: all or nothing

    @property
    def least(self) -> int:
        """The smallest amount, in units, that is still of use to this candidate."""
        return self.cost if self.minimum is None else self.minimum


@dataclass(frozen=True, slots=True)
class BallotGroup:
    """All voters who cast one and the same ballot (and stepped back from the same candidates).

    ``choices`` holds candidate positions, ascending, each once; ``values`` runs beside it and is empty for the kinds
    that have none. A position in ``recused`` never stands in ``choices``: for that candidate these voters do not exist,
    neither as supporters nor in the number of voters who were allowed to vote.
    """

    choices: tuple[int, ...]
    values: tuple[int, ...] = ()
    weight: int = 1
    recused: frozenset[int] = frozenset()


class TickGroups(Sequence[BallotGroup]):
    """Groups without values or recusals, for very many of them: two columns, made into groups when one is asked for.

    Most rules only ever need the columns. Equal to a tuple of the same groups, in order.
    """

    __slots__ = ("_made", "choices", "weights")

    def __init__(self, voters: Mapping[tuple[int, ...], int]) -> None:
        """From choices -> number of voters."""
        self.choices: tuple[tuple[int, ...], ...] = tuple(voters)
        self.weights: tuple[int, ...] = tuple(voters.values())
        self._made: tuple[BallotGroup, ...] | None = None

    def _groups(self) -> tuple[BallotGroup, ...]:
        if self._made is None:
            pairs = zip(self.choices, self.weights, strict=True)
            self._made = tuple([BallotGroup(choices, (), weight) for choices, weight in pairs])
        return self._made

    def __len__(self) -> int:
        return len(self.choices)

    @overload
    def __getitem__(self, place: int) -> BallotGroup: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[BallotGroup, ...]: ...
    def __getitem__(self, place: int | slice) -> BallotGroup | tuple[BallotGroup, ...]:
        return self._groups()[place]

    def __iter__(self) -> Iterator[BallotGroup]:
        return iter(self._groups())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, TickGroups):
            return self.choices == other.choices and self.weights == other.weights
        return self._groups() == other

    def __hash__(self) -> int:
        return hash(self._groups())

    def __repr__(self) -> str:
        return repr(self._groups())


@dataclass(frozen=True)
class Instance:
    """One election: a budget, candidates, grouped ballots. Immutable; rules never change it.

    ``tie_order`` lists every candidate position, the one that wins a tie first; None means that ties are not broken
    and that a rule which meets one raises :class:`UnbrokenTie`. ``threshold`` is the least support (in the rule's own
    score) with which a candidate takes part in a rule that honours one. ``meta`` keeps what a file said, in its order.

    ``value_scale`` ballot values make one point, for points and scores with decimals (1 nearly always; amounts of a
    pot use ``scale`` instead). ``quorum`` and ``majority`` are read by the rule `majority` alone: the least part of the
    eligible voters that must answer, and the part of the answers that yes must exceed. Of each set in ``exclusions``
    at most one candidate may be taken, by the rules that know exclusions. ``reported`` is what a file says was really
    funded from this budget; no rule looks at it.
    """

    budget: int
    candidates: tuple[Candidate, ...]
    groups: Sequence[BallotGroup]  # a tuple, or TickGroups
    kind: BallotKind = BallotKind.APPROVAL
    scale: int = 1
    tie_order: tuple[int, ...] | None = None
    threshold: int | None = None
    declared_rule: str = ""
    meta: Mapping[str, str] = field(default_factory=dict)
    value_scale: int = 1
    quorum: Fraction | None = None
    majority: Fraction = Fraction(1, 2)
    exclusions: tuple[frozenset[int], ...] = ()
    reported: frozenset[int] | None = None

    @property
    def voters(self) -> int:
        """The number of ballots cast, blank ones included."""
        return sum(self.weights)

    @property
    def weights(self) -> Sequence[int]:
        """By group: how many voters it has."""
        groups = self.groups
        return groups.weights if isinstance(groups, TickGroups) else [group.weight for group in groups]

    @property
    def choices(self) -> Sequence[tuple[int, ...]]:
        """By group: the positions on its ballot."""
        groups = self.groups
        return groups.choices if isinstance(groups, TickGroups) else [group.choices for group in groups]

    @property
    def recusing(self) -> Sequence[BallotGroup]:
        """The groups whose voters stepped back from something."""
        return [] if isinstance(self.groups, TickGroups) else [group for group in self.groups if group.recused]

    @property
    def tie_rank(self) -> tuple[int, ...] | None:
        """Position -> place in the tie order (0 wins), or None when ties are not broken."""
        if self.tie_order is None:
            return None
        rank = [0] * len(self.candidates)
        for place, position in enumerate(self.tie_order):
            rank[position] = place
        return tuple(rank)


class Reason(StrEnum):
    """Why a candidate was taken or left. One word per reason; sentences are made in ``sentences``."""

    TAKEN = "taken"
    TAKEN_IN_COMPLETION = "taken-in-completion"
    TAKEN_IN_PART = "taken-in-part"
    DEARER_THAN_BUDGET = "dearer-than-budget"
    DOES_NOT_FIT = "does-not-fit"  # not enough of the budget was left when its turn came
    STOPPED = "stopped"  # the rule had stopped before its turn came
    NO_SUPPORT = "no-support"
    BELOW_THRESHOLD = "below-threshold"
    SUPPORTERS_SHORT = "supporters-short"  # its supporters could not pay for it together
    NO_MAJORITY = "no-majority"
    NO_QUORUM = "no-quorum"
    BELOW_MINIMUM = "below-minimum"  # its share was less than the least it can go on with
    NOT_IN_BEST_SET = "not-in-best-set"
    EXCLUDED = "excluded"  # another candidate that rules it out was taken


@dataclass(frozen=True, slots=True)
class Line:
    """What the rule did with one candidate.

    ``score`` is what the rule ordered by. ``needed`` and ``available`` are units: what it cost and what there was for
    it when the decision fell (the budget left, or what its supporters still had together). ``payments`` holds, for
    the rules in which voters pay, pairs (group number, units that *each* voter of that group paid).
    """

    position: int
    reason: Reason
    amount: int  # units given, 0 when left
    step: int | None  # 1 for the first taken; None when left
    support: int  # voters in favour
    eligible: int  # voters who were allowed to vote on it
    score: Fraction
    needed: int
    available: Fraction
    payments: Sequence[tuple[int, Fraction]] = ()  # perhaps worked out only when read; use it as you would a tuple
    beaten_by: int | None = None  # position that won a tie or an exclusion against this one

    @property
    def taken(self) -> bool:
        """Whether any money goes to this candidate."""
        return self.step is not None


@dataclass(frozen=True)
class Outcome:
    """The result of one rule on one instance: ``trace`` has one line per candidate, by position."""

    rule: str
    selected: tuple[int, ...]  # in the order taken
    amounts: tuple[int, ...]  # units, by position
    trace: Sequence[Line]  # perhaps made only when read; use it as you would a tuple
    endowment: Fraction | None = None  # units each voter could spend, for rules in which voters pay

    @property
    def spent(self) -> int:
        """Units given away in all."""
        return sum(self.amounts)


class AllocationError(ValueError):
    """Something about the input makes this rule impossible; the message is for people."""


class UnbrokenTie(AllocationError):
    """Two candidates are exactly equal for the rule and the instance does not say which goes first."""

    def __init__(self, positions: tuple[int, ...], ids: tuple[str, ...]) -> None:
        self.positions = positions
        self.ids = ids
        super().__init__(f"exactly tied, and no tie-break is given: {', '.join(ids)}")


class UnknownRule(AllocationError):
    """No rule has this name."""


class UnsuitableBallots(AllocationError):
    """The rule cannot be run on this kind of ballot."""
