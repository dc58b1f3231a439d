"""A fingerprint of an election and what came of it, which anyone can recompute.

The digest is the SHA-256, in hexadecimal, of UTF-8 lines that each end in a line feed. Every line is a JSON array
without spaces (``separators=(",", ":")``, non-ASCII characters as themselves). Amounts and values are texts: decimal,
without needless zeros (``"12.5"``, ``"1200"``). Ids are sorted by code point. In this order:

1. ``["kantelfonds-allocation",1]``
2. ``["rule",name,kind]``: the rule that was run and the kind of ballot
3. ``["budget",amount]``
4. ``["threshold",t]``, ``["quorum",q]``, ``["majority",m]``: a text, or null; ``q`` and ``m`` as ``"1/2"``
5. ``["candidate",id,cost,minimum]`` for each candidate, by id; ``minimum`` is null for all or nothing
6. ``["ties",[ids]]``: the one that wins first; or null
7. ``["exclusion",[id,id]]`` for each pair of which one at most may be taken, in the order of the lines
8. ``["ballot",choices,recused,voters]`` for each different ballot, in the order of the lines without the number of
   voters; ``choices`` is a list of ids or, for kinds with values, of ``[id,value]``
   (yes is ``"1"``, no ``"-1"``, abstaining ``"0"``)
9. ``["taken",id,amount]`` for each candidate that gets something, in the order taken

So the digest does not depend on the unit of money, on how equal ballots are grouped, on the order of rows in a file, or
on names. It changes with everything that can change the outcome, and with the outcome.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from hashlib import sha256
from itertools import combinations
from typing import Any

from allocation.amounts import amount_text
from allocation.model import BallotKind, Instance, Outcome


def digest(instance: Instance, outcome: Outcome) -> str:
    """The digest of an instance and of what ``outcome.rule`` made of it: 64 hexadecimal digits."""
    hashed = sha256()
    for line in canonical_lines(instance, outcome):
        hashed.update(line.encode())
        hashed.update(b"\n")
    return hashed.hexdigest()


def canonical_lines(instance: Instance, outcome: Outcome) -> Iterator[str]:
    """The lines that are hashed, without their line feeds."""
    ids = [candidate.id for candidate in instance.candidates]
    yield _line("kantelfonds-allocation", 1)
    yield _line("rule", outcome.rule, instance.kind)
    yield _line("budget", amount_text(instance.budget, instance.scale))
    yield _line("threshold", None if instance.threshold is None else str(instance.threshold))
    yield _line("quorum", None if instance.quorum is None else _fraction(instance.quorum))
    yield _line("majority", _fraction(instance.majority))
    for candidate in sorted(instance.candidates, key=lambda candidate: candidate.id):
        minimum = None if candidate.minimum is None else amount_text(candidate.minimum, instance.scale)
        yield _line("candidate", candidate.id, amount_text(candidate.cost, instance.scale), minimum)
    yield _line("ties", None if instance.tie_order is None else [ids[position] for position in instance.tie_order])
    pairs = {pair for exclusion in instance.exclusions for pair in combinations(sorted(ids[p] for p in exclusion), 2)}
    yield from sorted(_line("exclusion", list(pair)) for pair in pairs)
    yield from _ballots(instance)
    for position in outcome.selected:
        yield _line("taken", ids[position], amount_text(outcome.amounts[position], instance.scale))


def _ballots(instance: Instance) -> Iterator[str]:
    rank = {
        position: place
        for place, position in enumerate(
            sorted(range(len(instance.candidates)), key=lambda p: instance.candidates[p].id)
        )
    }
    quoted = [_json(candidate.id) for candidate in instance.candidates]
    match instance.kind:
        case BallotKind.POT:
            scale = instance.scale
        case BallotKind.YES_NO:
            scale = 1
        case _:
            scale = instance.value_scale
    voters: dict[str, int] = {}
    for group in instance.groups:
        if group.values:
            named = sorted(zip(group.choices, group.values, strict=True), key=lambda pair: rank[pair[0]])
            choices = ",".join(f'[{quoted[position]},"{amount_text(value, scale)}"]' for position, value in named)
        else:
            choices = ",".join([quoted[position] for position in sorted(group.choices, key=rank.__getitem__)])
        recused = ",".join([quoted[position] for position in sorted(group.recused, key=rank.__getitem__)])
        ballot = f'["ballot",[{choices}],[{recused}]'
        voters[ballot] = voters.get(ballot, 0) + group.weight
    for ballot, number in sorted(voters.items()):
        if number:
            yield f"{ballot},{number}]"


def _fraction(number: Fraction) -> str:
    return f"{number.numerator}/{number.denominator}"


def _line(*parts: Any) -> str:
    return _json(list(parts))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
