"""Elections made up for measuring: always the same ones, because the dice are loaded with a fixed seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from allocation.model import BallotGroup, BallotKind, Candidate, Instance

PROJECTS = 200
COSTS = (5_000, 10_000, 15_000, 20_000, 25_000, 40_000, 50_000, 75_000, 100_000)


def write_election(path: Path, ballots: int) -> None:
    """A .pb file with approval ballots over 200 projects: a few popular ones, a long tail, one to ten ticks each."""
    dice = random.Random(2027)  # noqa: S311 - nothing secret about it
    costs = [dice.choice(COSTS) for _ in range(PROJECTS)]
    popularity = [1 / (place + 8) for place in range(PROJECTS)]
    dice.shuffle(popularity)
    with path.open("w", encoding="utf-8") as file:
        file.write("META\nkey;value\ndescription;Made up\nvote_type;approval\nrule;greedy\n")
        file.write(f"num_projects;{PROJECTS}\nnum_votes;{ballots}\nbudget;{sum(costs) // 4}\n")
        file.write("PROJECTS\nproject_id;cost;name\n")
        file.writelines(f"{number};{cost};Project {number}\n" for number, cost in enumerate(costs))
        file.write("VOTES\nvoter_id;vote\n")
        file.writelines(_votes(dice, popularity, ballots))


def _votes(dice: random.Random, popularity: list[float], ballots: int) -> Iterator[str]:
    everything = range(PROJECTS)
    weights = list(popularity)
    for place in range(1, PROJECTS):
        weights[place] += weights[place - 1]
    for voter in range(ballots):
        ticks = dict.fromkeys(dice.choices(everything, cum_weights=weights, k=dice.randint(1, 10)))
        yield f"{voter};{','.join(map(str, ticks))}\n"


def committee(members: int = 15, proposals: int = 40) -> Instance:
    """A committee with approval ballots and round prices, in cents, that can pay for about a third."""
    dice = random.Random(15)  # noqa: S311 - nothing secret about it
    costs = [
        dice.choice((500, 1_000, 1_500, 2_000, 2_500, 3_000, 5_000, 7_500, 10_000)) * 100 for _ in range(proposals)
    ]
    return Instance(
        budget=sum(costs) // 3,
        candidates=tuple(Candidate(str(number), cost) for number, cost in enumerate(costs)),
        groups=tuple(
            BallotGroup(tuple(sorted(dice.sample(range(proposals), dice.randint(6, 18))))) for _ in range(members)
        ),
        scale=100,
        tie_order=tuple(range(proposals)),
    )


def as_kind(election: Instance, kind: BallotKind) -> Instance:
    """The same election with ticks turned into points (1 to 5), euros (all of the budget in equal parts) or yes."""
    if kind is BallotKind.APPROVAL:
        return election

    def values(number: int, group: BallotGroup) -> tuple[int, ...]:
        if kind is BallotKind.YES_NO:
            return (1,) * len(group.choices)
        if kind is BallotKind.POT:
            return (election.budget // max(len(group.choices), 1),) * len(group.choices)
        return tuple((number + choice * 7) % 5 + 1 for choice in group.choices)

    groups = tuple(replace(group, values=values(number, group)) for number, group in enumerate(election.groups))
    return replace(election, kind=kind, groups=groups)


def fitting_kind(rule: str, kinds: frozenset[BallotKind]) -> BallotKind:
    """The kind of ballot on which a rule is measured."""
    for kind in (BallotKind.APPROVAL, BallotKind.YES_NO, BallotKind.POINTS, BallotKind.POT):
        if kind in kinds and not (rule == "average_pot" and kind is not BallotKind.POT):
            return kind
    return min(kinds)
