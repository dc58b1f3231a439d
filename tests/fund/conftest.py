"""Rounds that can be counted, made of a few words, and the real elections where they are."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from proposals.actions import Entry, enter_proposals
from proposals.lifecycle import State
from proposals.models import Proposal
from rounds.actions import create_round
from rounds.actions.rules import freeze_rule
from rounds.lifecycle import Stage
from rounds.models import Fund, Round
from voting.actions import enter_ballots
from voting.queries import Choice, EqualBallots, choices_text, recused_text

type MakeRound = Callable[..., Round]

PABULIB_DIR = Path(os.environ.get("PABULIB_DIR", settings.BASE_DIR.parent / "shared" / "pabulib"))


@pytest.fixture
def make_round(fund: Fund, otto: object) -> MakeRound:
    """Return a function that makes a round whose vote is closed.

    `costs` are whole euros, for proposals a, b, c…; each ballot names proposals (``"ac"``, or ``{"a": "3"}`` with
    values); `recused` runs beside the ballots.
    """

    def make(
        costs: Sequence[int], ballots: Sequence[Any] = (), recused: Sequence[str] = (), number: int = 1, **fields: Any
    ) -> Round:
        fields = {"ceiling": 1000_00, "allocation_rule": "greedy_votes", "stage": Stage.ADVICE} | fields
        round = create_round(fund=fund, by=None, name=f"Ronde {number}", slug=f"ronde-{number}", **fields)
        freeze_rule(round=round, by=None)
        entries = [
            Entry(
                Proposal(
                    reference="abcdefghijklmnopqrstuvwxyz"[place],
                    title=f"Plan {place}",
                    state=State.ELIGIBLE,
                    amount_applied_for=cost * 100,
                )
            )
            for place, cost in enumerate(costs)
        ]
        keys = {one.reference: one.pk for one in enter_proposals(round=round, entries=entries, by=None)}
        away = [*recused, *[""] * len(ballots)]
        enter_ballots(
            round=round,
            ballots=[
                EqualBallots(
                    choices_text(
                        Choice(keys[name], ballot[name] if isinstance(ballot, dict) else "") for name in ballot
                    ),
                    recused_text(keys[name] for name in stepped_back),
                    1,
                )
                for ballot, stepped_back in zip(ballots, away, strict=False)
            ],
            by=None,
        )
        return round

    return make


@pytest.fixture(scope="session")
def elections_dir() -> Path:
    """The folder of real elections; tests that need it are skipped where it is not."""
    folder = PABULIB_DIR / "elections"
    if not folder.is_dir():
        pytest.skip(f"No real elections at {folder}; set PABULIB_DIR to a folder that has them.")
    return folder
