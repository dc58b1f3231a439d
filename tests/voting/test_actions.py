import pytest
from django.db import IntegrityError, transaction

from accounts.models import Person
from rounds.models import AuditEntry, Round
from voting.actions import AT_ONCE, enter_ballots
from voting.models import Ballot
from voting.queries import EqualBallots


def test_ballots_get_a_number_each_and_one_line_in_the_trail(planned_round: Round, otto: Person) -> None:
    entered = enter_ballots(round=planned_round, ballots=[EqualBallots("1", "", 2), EqualBallots("", "", 1)], by=otto)

    assert entered == 3
    assert list(Ballot.objects.values_list("receipt", "choices")) == [("000001", "1"), ("000002", "1"), ("000003", "")]
    line = AuditEntry.objects.order_by("sequence").last()
    assert line is not None
    assert (line.action, line.data) == ("enter_ballots", '{"ballots":3}')


def test_numbering_goes_on_where_it_stopped(planned_round: Round) -> None:
    for _time in range(2):
        enter_ballots(round=planned_round, ballots=[EqualBallots("1", "", 1)], by=None)

    assert list(Ballot.objects.values_list("receipt", flat=True)) == ["000001", "000002"]


def test_more_ballots_than_fit_in_one_statement_all_arrive(planned_round: Round) -> None:
    assert enter_ballots(round=planned_round, ballots=[EqualBallots("1", "", AT_ONCE + 1)], by=None) == AT_ONCE + 1
    assert Ballot.objects.count() == AT_ONCE + 1


def test_a_receipt_that_is_there_already_stops_all_of_them(planned_round: Round) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        enter_ballots(round=planned_round, ballots=[EqualBallots("1", "", 2)], by=None, receipts=iter(["A", "A"]))

    assert Ballot.objects.count() == 0


def test_a_ballot_is_known_by_its_receipt() -> None:
    assert str(Ballot(receipt="ABCD")) == "ABCD"
