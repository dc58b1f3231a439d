"""Slow, obviously right versions of the allocation rules, to hold the fast ones against.

Written straight from the definitions, one voter at a time, every number a whole number or a ``Fraction``, no shortcuts:

* equal shares: Peters, Pierczyński and Skowron, "Proportional Participatory Budgeting with Additive Utilities"
  (NeurIPS 2021), section 3;
* raising the endowments: Faliszewski and others, "Participatory Budgeting: Data, Tools and Analysis" (IJCAI 2023),
  with the stopping rule of pabutools' ``voter_budget_increment``;
* sequential Phragmén: Los, Christoff and Grossi, "Proportional Budget Allocations: Towards a Systematization" (IJCAI
  2022), section 3.2; Brill and others, "Phragmén's Voting Methods and Justified Representation" (2017);
* greedy, welfare, majority and pots: their definitions in the docstrings of ``allocation.rules``.

Only meant for a handful of voters and candidates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from allocation.model import BallotKind, Instance, UnbrokenTie


@dataclass(frozen=True)
class Voter:
    """One person: what they wrote (position -> value, 1 where the kind has no values) and where they stepped back."""

    ballot: Mapping[int, int]
    recused: frozenset[int]

    def supports(self, position: int, kind: BallotKind) -> bool:
        """Whether this voter is in favour: a tick, a yes, or any points, money, score or place at all."""
        if position not in self.ballot:
            return False
        return kind is not BallotKind.YES_NO or self.ballot[position] > 0


@dataclass(frozen=True)
class Answer:
    """What a textbook rule finds. ``paid`` is position -> what each voter paid, for rules in which voters pay."""

    selected: tuple[int, ...]
    amounts: tuple[int, ...]
    paid: Mapping[int, tuple[Fraction, ...]]


def everyone(instance: Instance) -> list[Voter]:
    """Every single voter of the instance, groups written out."""
    voters = []
    for group in instance.groups:
        values = group.values or (1,) * len(group.choices)
        ballot = dict(zip(group.choices, values, strict=True))
        voters += [Voter(ballot, group.recused)] * group.weight
    return voters


def support(instance: Instance, position: int) -> int:
    """The number of voters in favour of a candidate."""
    return sum(voter.supports(position, instance.kind) for voter in everyone(instance))


def eligible(instance: Instance, position: int) -> int:
    """The number of voters who did not step back from a candidate."""
    return sum(position not in voter.recused for voter in everyone(instance))


def written(instance: Instance, position: int) -> list[int]:
    """The values that voters wrote for a candidate, of those who wrote one."""
    return [voter.ballot[position] for voter in everyone(instance) if position in voter.ballot]


def as_if_all_could_vote(instance: Instance, position: int, number: int) -> Fraction:
    """The number a candidate would have had, had all voters been allowed to vote on it and voted alike."""
    could = eligible(instance, position)
    return Fraction(number * len(everyone(instance)), could) if could else Fraction(0)


def votes(instance: Instance) -> Callable[[int], Fraction]:
    """The score of a candidate: how many are in favour."""
    return lambda position: as_if_all_could_vote(instance, position, support(instance, position))


def votes_per_cost(instance: Instance) -> Callable[[int], tuple[bool, Fraction]]:
    """The score of a candidate: how many are in favour for each of the currency; what is free goes before all else."""

    def score(position: int) -> tuple[bool, Fraction]:
        cost = instance.candidates[position].cost
        return cost == 0, votes(instance)(position) / (cost or 1)

    return score


def points(instance: Instance) -> Callable[[int], Fraction]:
    """The score of a candidate: the sum of its points; of committee scores the mean of those who gave one."""

    def score(position: int) -> Fraction:
        values = written(instance, position)
        if instance.kind is BallotKind.SCORES:
            return Fraction(sum(values), max(len(values), 1) * instance.value_scale)
        scale = instance.scale if instance.kind is BallotKind.POT else instance.value_scale
        return as_if_all_could_vote(instance, position, sum(values)) / scale

    return score


def first_of(instance: Instance, tied: Sequence[int]) -> int:
    """The candidate that wins a tie; a tie of one is none."""
    if len(tied) == 1:
        return tied[0]
    if instance.tie_order is None:
        raise UnbrokenTie(tuple(tied), tuple(instance.candidates[position].id for position in tied))
    return min(tied, key=instance.tie_order.index)


def answer(
    instance: Instance, selected: Iterable[int], paid: Mapping[int, tuple[Fraction, ...]] | None = None
) -> Answer:
    """The answer in which everything selected gets what it costs."""
    order = tuple(selected)
    amounts = [0] * len(instance.candidates)
    for position in order:
        amounts[position] = instance.candidates[position].cost
    return Answer(order, tuple(amounts), paid or {})


# Greedy -----------------------------------------------------------------------------------------------------------


def excluded(instance: Instance, position: int, selected: Iterable[int]) -> bool:
    """Whether something that was taken rules this candidate out."""
    return any(position in one_of and other in one_of for one_of in instance.exclusions for other in selected)


def greedy(
    instance: Instance,
    score: Callable[[int], Any],
    *,
    taken: Iterable[int] = (),
    allowed: Callable[[int], bool] = lambda position: True,
    stop: bool = False,
    partial: bool = False,
) -> Answer:
    """The best goes first, again and again; what does not fit is skipped. Goes on from ``taken``.

    ``stop``: the rule ends at the first that does not fit. ``partial``: the first that can do with what is left gets
    that, and the rule ends. A tie is one between candidates that would each do something when it is their turn.
    """
    amounts = list(answer(instance, taken).amounts)
    selected = list(taken)
    waiting = [position for position in range(len(amounts)) if position not in selected and allowed(position)]
    scores = {position: score(position) for position in waiting}
    while waiting:
        left = instance.budget - sum(amounts)
        best = max(scores[position] for position in waiting)
        tied = [position for position in waiting if scores[position] == best]
        acting = [
            position
            for position in tied
            if not excluded(instance, position, selected)
            and (
                stop
                or instance.candidates[position].cost <= left
                or (partial and 0 < left >= instance.candidates[position].least)
            )
        ]
        if not acting:
            waiting = [position for position in waiting if position not in tied]
            continue
        chosen = first_of(instance, acting)
        waiting.remove(chosen)
        cost = instance.candidates[chosen].cost
        if cost > left and stop:
            break
        selected.append(chosen)
        amounts[chosen] = min(cost, left)
        if cost > left:
            break
    return Answer(tuple(selected), tuple(amounts), {})


def over_threshold(instance: Instance, score: Callable[[int], Any]) -> Callable[[int], bool]:
    """Whether a candidate's score is at least the threshold of the instance, if it has one."""
    return lambda position: instance.threshold is None or score(position) >= instance.threshold


# Equal shares -----------------------------------------------------------------------------------------------------


def price_per_utility(cost: int, purses: Sequence[Fraction], utilities: Sequence[int]) -> Fraction | None:
    """The smallest rate at which the supporters together pay the cost: sum of min(purse, rate x utility) = cost.

    None when they do not have that much. Tries every number of supporters that pay all they have, poorest (for their
    utility) first.
    """
    if sum(purses) < cost:
        return None
    order = sorted(range(len(purses)), key=lambda voter: purses[voter] / utilities[voter])
    for poor in range(len(order)):
        paid = sum((purses[voter] for voter in order[:poor]), Fraction(0))
        rate = (cost - paid) / Fraction(sum(utilities[voter] for voter in order[poor:]))
        if all(rate * utilities[voter] >= purses[voter] for voter in order[:poor]) and all(
            rate * utilities[voter] <= purses[voter] for voter in order[poor:]
        ):
            return rate
    raise AssertionError("supporters with enough money always have a rate")


def equal_shares(
    instance: Instance, utility: Callable[[Voter, int], int], endowment: Fraction
) -> tuple[list[int], dict[int, tuple[Fraction, ...]]]:
    """The method of equal shares with the given endowment; what is selected, in order, and who paid what."""
    voters = everyone(instance)
    purses = [endowment for _ in voters]
    selected: list[int] = []
    paid: dict[int, tuple[Fraction, ...]] = {}
    while True:
        rates = {}
        for position, candidate in enumerate(instance.candidates):
            if position in selected:
                continue
            fans = [i for i, voter in enumerate(voters) if utility(voter, position) > 0]
            if not fans:
                continue
            rate = price_per_utility(
                candidate.cost, [purses[i] for i in fans], [utility(voters[i], position) for i in fans]
            )
            if rate is not None:
                rates[position] = rate
        if not rates:
            return selected, paid
        best = min(rates.values())
        chosen = first_of(instance, [position for position, rate in rates.items() if rate == best])
        shares = tuple(
            min(purses[i], best * utility(voter, chosen)) if utility(voter, chosen) > 0 else Fraction(0)
            for i, voter in enumerate(voters)
        )
        purses = [purse - share for purse, share in zip(purses, shares, strict=True)]
        paid[chosen] = shares
        selected.append(chosen)


def by_cost(instance: Instance) -> Callable[[Voter, int], int]:
    """Each supporter gets as much use out of a candidate as it costs; something free is worth one."""
    return lambda voter, position: (
        max(instance.candidates[position].cost, 1) if voter.supports(position, instance.kind) else 0
    )


def by_number(instance: Instance) -> Callable[[Voter, int], int]:
    """Each supporter gets one use out of each candidate."""
    return lambda voter, position: 1 if voter.supports(position, instance.kind) else 0


def by_points(instance: Instance) -> Callable[[Voter, int], int]:
    """Each voter gets as much use out of a candidate as the points they gave."""
    return lambda voter, position: max(voter.ballot.get(position, 0), 0)


def plain_endowment(instance: Instance) -> Fraction:
    """An equal share of the budget for every voter."""
    return Fraction(instance.budget, max(len(everyone(instance)), 1))


def spent(instance: Instance, selected: Iterable[int]) -> int:
    """What the selected cost together."""
    return sum(instance.candidates[position].cost for position in selected)


def raised(
    instance: Instance, utility: Callable[[Voter, int], int]
) -> tuple[list[int], dict[int, tuple[Fraction, ...]]]:
    """Raise every endowment by one of the currency at a time, until just before the outcome breaks the budget.

    Also stops when nothing that has supporters and costs money fits in what is left: more money would change nothing.
    """
    step = 0
    last: tuple[list[int], dict[int, tuple[Fraction, ...]]] = ([], {})
    while True:
        found = equal_shares(instance, utility, plain_endowment(instance) + step * instance.scale)
        if spent(instance, found[0]) > instance.budget:
            return last
        left = instance.budget - spent(instance, found[0])
        if not any(
            support(instance, position) > 0 and 0 < candidate.cost <= left
            for position, candidate in enumerate(instance.candidates)
            if position not in found[0]
        ):
            return found
        last = found
        step += 1


def unless_more_prefer_greedy(instance: Instance, shares: Answer) -> Answer:
    """Equal shares, or greedy by votes when more voters see more money go to what they support that way."""
    other = greedy(instance, votes(instance))
    gains = []
    for voter in everyone(instance):
        liked = [p for p in range(len(instance.candidates)) if voter.supports(p, instance.kind)]
        gains.append(sum(shares.amounts[p] for p in liked) - sum(other.amounts[p] for p in liked))
    return other if sum(gain < 0 for gain in gains) > sum(gain > 0 for gain in gains) else shares


# Phragmén ---------------------------------------------------------------------------------------------------------


def phragmen(instance: Instance) -> tuple[list[int], dict[int, tuple[Fraction, ...]]]:
    """Voters earn money at the same steady rate; supporters buy a candidate as soon as they have its cost together.

    Stated with loads (the moment until which a voter has spent their earnings). Stops as soon as something that is
    first, or tied for first, does not fit in what is left. What is dearer than the whole budget never takes part. When
    only candidates without supporters are left they are taken one by one, as long as all of them fit.
    """
    voters = everyone(instance)
    loads = [Fraction(0) for _ in voters]
    selected: list[int] = []
    paid: dict[int, tuple[Fraction, ...]] = {}
    waiting = [position for position, c in enumerate(instance.candidates) if c.cost <= instance.budget]
    while waiting:
        moments = {}
        for position in waiting:
            fans = [i for i, voter in enumerate(voters) if voter.supports(position, instance.kind)]
            if fans:
                moments[position] = (sum(loads[i] for i in fans) + instance.candidates[position].cost) / Fraction(
                    len(fans)
                )
        tied = [p for p in moments if moments[p] == min(moments.values())] if moments else list(waiting)
        left = instance.budget - spent(instance, selected)
        if any(instance.candidates[position].cost > left for position in tied):
            break
        chosen = first_of(instance, tied)
        shares = [Fraction(0) for _ in voters]
        for i, voter in enumerate(voters):
            if voter.supports(chosen, instance.kind):
                shares[i] = moments[chosen] - loads[i]
                loads[i] = moments[chosen]
        paid[chosen] = tuple(shares)
        selected.append(chosen)
        waiting.remove(chosen)
    return selected, paid


# Welfare, majority, pots ------------------------------------------------------------------------------------------


def welfare(instance: Instance, worth: Callable[[int], Fraction]) -> Answer:
    """The set that is worth most; of equals the cheapest; of equals the one with the first of the tie order in it.

    Tries all sets. What has no support is never in it, what has and is free always is.
    """
    worths = [worth(position) for position in range(len(instance.candidates))]
    order = instance.tie_order or tuple(range(len(worths)))
    wanted = [position for position in order if support(instance, position)]
    free = [position for position in wanted if instance.candidates[position].cost == 0]
    sets: list[tuple[Fraction, int, tuple[bool, ...]]] = [(Fraction(0), 0, ())]
    for position in (position for position in wanted if position not in free):
        cost = instance.candidates[position].cost
        without = [(value, minus, (*places, False)) for value, minus, places in sets]
        sets = without + [
            (value + worths[position], minus - cost, (*places, True))
            for value, minus, places in sets
            if cost - minus <= instance.budget
        ]
    best = max(sets)
    if instance.tie_order is None and sum(found[:2] == best[:2] for found in sets) > 1:
        raise UnbrokenTie((), ())
    paid = [position for position in wanted if position not in free]
    chosen = free + [position for position, inside in zip(paid, best[2], strict=True) if inside]
    return answer(instance, sorted(chosen, key=lambda position: (-worths[position], order.index(position))))


def votes_times_cost(instance: Instance) -> Callable[[int], Fraction]:
    """What a candidate is worth when each vote counts for what it costs."""
    return lambda position: votes(instance)(position) * instance.candidates[position].cost


def majority(instance: Instance) -> Answer:
    """Whatever gets enough answers and more yes than the part that is asked for; the largest margin goes first."""

    def yes_and_no(position: int) -> tuple[int, int]:
        yes = support(instance, position)
        if instance.kind is BallotKind.YES_NO:
            return yes, sum(value < 0 for value in written(instance, position))
        return yes, eligible(instance, position) - yes

    def wanted(position: int) -> bool:
        yes, no = yes_and_no(position)
        could = eligible(instance, position)
        answered = len(written(instance, position)) if instance.kind is BallotKind.YES_NO else could
        if instance.quorum is not None and answered < instance.quorum * could:
            return False
        return yes > instance.majority * (yes + no)

    def margin(position: int) -> Fraction:
        yes, no = yes_and_no(position)
        return as_if_all_could_vote(instance, position, yes - no)

    return greedy(instance, margin, allowed=wanted)


def average_pot(instance: Instance) -> Answer:
    """What voters would give on average; nobody gets less than the minimum or more than the cost."""
    averages = {}
    for position in range(len(instance.candidates)):
        given = sum(written(instance, position))
        if given:
            averages[position] = Fraction(given, eligible(instance, position))
    pot = min(sum(averages.values(), Fraction(0)), Fraction(instance.budget))
    staying = list(averages)
    while True:
        shares = in_proportion(instance, averages, staying, pot)
        offs = {
            position: shares[position] / instance.candidates[position].least
            for position in staying
            if shares[position] < instance.candidates[position].least
        }
        if not offs:
            break
        worst = [position for position in offs if offs[position] == min(offs.values())]
        staying.remove(worst[0] if len(worst) == 1 else last_of(instance, worst))
    amounts = [0] * len(instance.candidates)
    for position in staying:
        amounts[position] = shares[position].numerator // shares[position].denominator
    units = int(sum(shares.values(), Fraction(0))) - sum(amounts)
    waiting = list(staying)
    while units:
        rests = {position: shares[position] - amounts[position] for position in waiting}
        tied = [position for position in waiting if rests[position] == max(rests.values())]
        # Equals only matter to each other when there is not a unit for each of them.
        chosen = tied if len(tied) <= units else [first_of(instance, tied)]
        for position in chosen:
            amounts[position] += 1
            waiting.remove(position)
        units -= len(chosen)
    taken = [position for position in staying if amounts[position]]
    order = instance.tie_order or tuple(range(len(amounts)))
    taken.sort(key=lambda position: (-averages[position], order.index(position)))
    return Answer(tuple(taken), tuple(amounts), {})


def in_proportion(
    instance: Instance, averages: Mapping[int, Fraction], staying: Sequence[int], pot: Fraction
) -> dict[int, Fraction]:
    """The pot in the proportion of the averages; what would go over a cost goes to the others instead."""
    full: list[int] = []
    while True:
        rest = [position for position in staying if position not in full]
        left = pot - sum(instance.candidates[position].cost for position in full)
        multiple = left / sum(averages[position] for position in rest) if rest else Fraction(0)
        over = [position for position in rest if averages[position] * multiple > instance.candidates[position].cost]
        if not over:
            shares = {position: averages[position] * multiple for position in rest}
            return shares | {position: Fraction(instance.candidates[position].cost) for position in full}
        full += over


def last_of(instance: Instance, tied: Sequence[int]) -> int:
    """The candidate that loses a tie."""
    if instance.tie_order is None:
        raise UnbrokenTie(tuple(tied), ())
    return max(tied, key=instance.tie_order.index)


# By name ----------------------------------------------------------------------------------------------------------


def _greedy(
    score: Callable[[Instance], Callable[[int], Any]],
    *,
    threshold: bool = False,
    stop: bool = False,
    partial: bool = False,
) -> Callable[[Instance], Answer]:
    def rule(instance: Instance) -> Answer:
        scored = score(instance)
        allowed = over_threshold(instance, scored) if threshold else lambda position: True
        return greedy(instance, scored, allowed=allowed, stop=stop, partial=partial)

    return rule


def _plain(utility: Callable[[Instance], Callable[[Voter, int], int]]) -> Callable[[Instance], Answer]:
    return lambda instance: answer(instance, *equal_shares(instance, utility(instance), plain_endowment(instance)))


def _raised(utility: Callable[[Instance], Callable[[Voter, int], int]]) -> Callable[[Instance], Answer]:
    return lambda instance: answer(instance, *raised(instance, utility(instance)))


def _completed(utility: Callable[[Instance], Callable[[Voter, int], int]]) -> Callable[[Instance], Answer]:
    def rule(instance: Instance) -> Answer:
        selected, paid = raised(instance, utility(instance))
        return replace(greedy(instance, votes(instance), taken=selected), paid=paid)

    return rule


RULES: Mapping[str, Callable[[Instance], Answer]] = {
    "greedy_votes": _greedy(votes),
    "greedy_votes_threshold": _greedy(votes, threshold=True),
    "greedy_votes_no_skip": _greedy(votes, threshold=True, stop=True),
    "greedy_votes_partial": _greedy(votes, partial=True),
    "greedy_votes_per_cost": _greedy(votes_per_cost),
    "greedy_points": _greedy(points),
    "greedy_points_threshold": _greedy(points, threshold=True),
    "greedy_points_no_skip": _greedy(points, threshold=True, stop=True),
    "greedy_points_partial": _greedy(points, partial=True),
    "welfare_votes": lambda instance: welfare(instance, votes(instance)),
    "welfare_cost": lambda instance: welfare(instance, votes_times_cost(instance)),
    "majority": majority,
    "average_pot": average_pot,
    "mes_cost": _plain(by_cost),
    "mes_cardinality": _plain(by_number),
    "mes_points": _plain(by_points),
    "mes_cost_add1": _raised(by_cost),
    "mes_cost_add1u": _completed(by_cost),
    "mes_cardinality_add1u": _completed(by_number),
    "mes_cost_compared": lambda instance: unless_more_prefer_greedy(instance, RULES["mes_cost"](instance)),
    "mes_cost_add1_compared": lambda instance: unless_more_prefer_greedy(instance, RULES["mes_cost_add1"](instance)),
    "phragmen": lambda instance: answer(instance, *phragmen(instance)),
}
