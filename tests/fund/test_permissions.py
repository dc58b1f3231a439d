from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from fund.permissions import may_export_ballots, may_see_outcome
from rounds.lifecycle import COUNTED, Stage
from rounds.models import Secrecy
from tests.fund.conftest import MakeRound

PERSONAS = ("ines", "omar", "hanna", "corrie", "vera", "otto", "bea", "raf")
COUNTERS = {"vera", "otto"}


@pytest.mark.parametrize("persona", [None, *PERSONAS])
@pytest.mark.parametrize("secrecy", Secrecy)
@pytest.mark.parametrize("stage", [Stage.VOTING, Stage.ADVICE])
def test_who_may_have_the_ballots(
    make_round: MakeRound, request: pytest.FixtureRequest, persona: str | None, secrecy: Secrecy, stage: Stage
) -> None:
    user: Any = request.getfixturevalue(persona) if persona else AnonymousUser()
    round = make_round([600], ["a"], secrecy=secrecy, stage=stage)

    expected = stage in COUNTED and (secrecy == Secrecy.OPEN or persona in COUNTERS)

    assert may_export_ballots(user, round) is expected


@pytest.mark.parametrize("stage", Stage)
def test_everybody_sees_the_outcome_once_the_vote_is_counted_and_nobody_before(
    make_round: MakeRound, stage: Stage, otto: Any
) -> None:
    round = make_round([600], ["a"], stage=stage)

    for user in (AnonymousUser(), otto):
        assert may_see_outcome(user, round) is (stage in COUNTED)


def test_the_chair_of_another_fund_gets_no_ballots(
    make_round: MakeRound, ines: Any, as_person: Callable[..., Any]
) -> None:
    round = make_round([600], ["a"], secrecy=Secrecy.SECRET)

    assert may_export_ballots(ines, round) is False
