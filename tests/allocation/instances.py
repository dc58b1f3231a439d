"""Random elections for property tests, aimed at where allocation rules go wrong.

Small committees with round prices give exact ties all the time, and that is where floating point fails. The larger ones
are sparse, so that voters run out of money at different moments.
"""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from allocation.model import BallotGroup, BallotKind, Candidate, Instance

WITHOUT_VALUES = frozenset({BallotKind.APPROVAL, BallotKind.CHOOSE_ONE})
ROUND_PRICES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 50, 100)


def values_for(kind: BallotKind, candidates: int) -> st.SearchStrategy[int]:
    """One value on a ballot of this kind."""
    match kind:
        case BallotKind.YES_NO:
            return st.sampled_from((1, 1, -1, 0))
        case BallotKind.POINTS:
            return st.integers(0, 5)
        case BallotKind.POT:
            return st.sampled_from((0, 1, 2, 5, 10, 20, 30))
        case BallotKind.SCORES:
            return st.integers(1, 5)
        case _:
            return st.integers(1, candidates)


@st.composite
def ballots(draw: st.DrawFn, kind: BallotKind, candidates: int, longest: int, recusals: bool) -> BallotGroup:
    """A group of equal ballots; blank ones, heavy ones and ones that stepped back among them."""
    recused = frozenset(draw(st.sets(st.integers(0, candidates - 1), max_size=2))) if recusals else frozenset()
    ticks = draw(st.integers(0, 2**candidates - 1))
    ticked = [position for position in range(candidates) if ticks >> position & 1 and position not in recused]
    most = 1 if kind is BallotKind.CHOOSE_ONE else longest
    first = ticks % max(len(ticked), 1)
    choices = tuple(sorted((ticked[first:] + ticked[:first])[:most]))
    if kind in WITHOUT_VALUES:
        values: tuple[int, ...] = ()
    elif kind is BallotKind.RANKING:
        values = tuple(draw(st.permutations(range(candidates - len(choices) + 1, candidates + 1))))
    else:
        values = tuple(draw(values_for(kind, candidates)) for _ in choices)
    return BallotGroup(choices, values, draw(st.sampled_from((1, 1, 1, 1, 2, 3))), recused)


@st.composite
def instances(
    draw: st.DrawFn,
    kinds: tuple[BallotKind, ...] = tuple(BallotKind),
    most_groups: int = 12,
    most_candidates: int = 8,
    longest: int = 8,
    dearest: int = 120,
    factors: tuple[int, ...] = (1, 1, 5, 100, 7),
) -> Instance:
    """A whole election. ``most_groups`` counts groups of equal ballots; a group can weigh up to three.

    Sizes are drawn first and lists filled to them: left to itself, hypothesis mostly makes very short lists.
    """
    kind = draw(st.sampled_from(kinds))
    count = draw(st.integers(1, most_candidates))
    factor = draw(st.sampled_from(factors))
    round_prices = [price for price in ROUND_PRICES if price <= dearest]
    prices = (
        st.sampled_from([draw(st.sampled_from(round_prices)) for _ in range(3)])
        if draw(st.booleans())
        else st.one_of(st.sampled_from((0, *round_prices)), st.integers(0, dearest))
    )
    costs = [draw(prices) * factor for _ in range(count)]
    shares = [int(sum(costs) * Fraction(*share)) for share in ((1, 4), (1, 3), (1, 2), (2, 3), (1, 1), (3, 2))]
    budget = draw(st.one_of(st.sampled_from(shares), st.integers(0, dearest * 2).map(lambda n: n * factor)))
    recusals = draw(st.booleans())
    crowd = draw(st.integers(1, most_groups))
    minimums = draw(st.booleans())
    return Instance(
        budget=budget,
        candidates=tuple(
            Candidate(
                id=f"P{position}",
                cost=cost,
                name=f"Plan {position}",
                minimum=draw(st.none() | st.integers(0, cost)) if minimums else None,
            )
            for position, cost in enumerate(costs)
        ),
        groups=tuple(draw(ballots(kind, count, longest, recusals)) for _ in range(crowd)),
        kind=kind,
        scale=draw(st.sampled_from((1, 1, 1, 10, 100))),
        tie_order=draw(st.one_of(*[st.permutations(range(count)).map(tuple)] * 3, st.none())),
        threshold=draw(st.none() | st.integers(0, 6)),
        value_scale=draw(st.sampled_from((1, 1, 1, 10))),
        quorum=draw(st.sampled_from((None, None, Fraction(1, 2), Fraction(2, 3)))),
        majority=draw(st.sampled_from((Fraction(1, 2), Fraction(1, 2), Fraction(2, 3)))),
        exclusions=draw(
            st.just(()) | st.lists(st.frozensets(st.integers(0, count - 1), max_size=3), max_size=2).map(tuple)
        ),
    )


SMALL_COMMITTEES = instances()
#: Few and cheap enough to raise every endowment one by one, the slow way.
CHEAP_COMMITTEES = instances(most_groups=7, most_candidates=6, dearest=30, factors=(1,))
#: Many candidates, each voter choosing a few: voters run out of money at different moments.
SPARSE_ELECTIONS = instances(most_groups=30, most_candidates=16, longest=4)
