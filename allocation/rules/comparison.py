"""Equal shares, unless more voters would rather have the greedy outcome.

Some cities that vote by equal shares hold the outcome against the one they would have had before, and take the old one
when more voters gain by it (Wieliczka 2023, the first such election, did so; there equal shares won).
"""

from __future__ import annotations

from dataclasses import replace

from allocation.model import BallotKind, Instance, Outcome
from allocation.rules.greedy import Order, greedy


def preferred(instance: Instance, shares: Outcome, name: str) -> Outcome:
    """``shares``, or the outcome of greedy by votes when more voters prefer that; called ``name``.

    A voter prefers the outcome that spends most on what they voted for. When as many prefer the one as the other,
    equal shares stays.
    """
    before = greedy(instance, "greedy_votes", Order.VOTES)
    for_shares = for_before = 0
    for group in instance.groups:
        liked = [
            position
            for place, position in enumerate(group.choices)
            if instance.kind is not BallotKind.YES_NO or group.values[place] > 0
        ]
        gain = sum(shares.amounts[position] - before.amounts[position] for position in liked)
        if gain > 0:
            for_shares += group.weight
        elif gain < 0:
            for_before += group.weight
    return replace(before if for_before > for_shares else shares, rule=name)
