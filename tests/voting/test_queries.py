import pytest
from pytest_django import DjangoAssertNumQueries

from rounds.models import Round
from voting.actions import enter_ballots
from voting.queries import Choice, EqualBallots, choices_in, choices_text, equal_ballots, recused_text


@pytest.mark.parametrize(
    ("choices", "text"),
    [
        ([], ""),
        ([Choice(31), Choice(4), Choice(12)], "4,12,31"),
        ([Choice(12, "3"), Choice(4, "0.5")], "4:0.5,12:3"),
        ([Choice(12, "-1")], "12:-1"),
    ],
)
def test_equal_ballots_are_equal_text_and_can_be_read_back(choices: list[Choice], text: str) -> None:
    assert choices_text(choices) == text
    assert list(choices_in(text)) == sorted(choices)


def test_the_proposals_stepped_back_from_stand_in_order() -> None:
    assert recused_text({31, 4}) == "4,31"


@pytest.mark.parametrize("voters", [1, 300])
def test_the_database_groups_equal_ballots_in_one_query(
    planned_round: Round, voters: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    enter_ballots(
        round=planned_round,
        ballots=[EqualBallots("1,2", "", voters), EqualBallots("", "", 2), EqualBallots("1,2", "3", 1)],
        by=None,
    )

    with django_assert_num_queries(1):
        groups = equal_ballots(planned_round)

    assert groups == [EqualBallots("", "", 2), EqualBallots("1,2", "", voters), EqualBallots("1,2", "3", 1)]
