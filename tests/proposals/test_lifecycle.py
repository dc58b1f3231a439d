import pytest

from proposals.lifecycle import EITHER, INITIATOR, OFFICIAL, TRANSITIONS, Event, State, TransitionRefused, row_for

S, E = State, Event
EXPECTED = {
    (E.SUBMIT, S.DRAFT): (S.SUBMITTED, EITHER),
    (E.ASK_SUPPLEMENT, S.SUBMITTED): (S.SUPPLEMENT_ASKED, OFFICIAL),
    (E.ANSWER_SUPPLEMENT, S.SUPPLEMENT_ASKED): (S.SUBMITTED, EITHER),
    (E.ADMIT, S.SUBMITTED): (S.ELIGIBLE, OFFICIAL),
    (E.NOT_TREAT, S.SUPPLEMENT_ASKED): (S.NOT_TREATED, OFFICIAL),
    (E.WITHDRAW, S.DRAFT): (S.WITHDRAWN, INITIATOR),
    (E.WITHDRAW, S.SUBMITTED): (S.WITHDRAWN, EITHER),
    (E.WITHDRAW, S.SUPPLEMENT_ASKED): (S.WITHDRAWN, EITHER),
    (E.WITHDRAW, S.ELIGIBLE): (S.WITHDRAWN, EITHER),
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_every_event_in_every_state_leads_where_the_table_says_or_is_refused(event: Event, state: State) -> None:
    expected = EXPECTED.get((event, state))

    if expected is None:
        with pytest.raises(TransitionRefused):
            row_for(event, state)
    else:
        row = row_for(event, state)
        assert (row.target, row.who) == expected


def test_the_table_has_no_row_twice() -> None:
    assert len({(row.event, row.source) for row in TRANSITIONS}) == len(TRANSITIONS)


def test_a_refusal_says_where_the_proposal_stands() -> None:
    with pytest.raises(TransitionRefused) as refusal:
        row_for(Event.SUBMIT, State.WITHDRAWN)

    assert str(State.WITHDRAWN.label) in str(refusal.value)


def test_what_is_withdrawn_or_not_treated_is_the_end() -> None:
    assert {row.source for row in TRANSITIONS}.isdisjoint({State.WITHDRAWN, State.NOT_TREATED})
