import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import Person
from proposals.lifecycle import State
from proposals.models import Proposal, question_for
from proposals.permissions import (
    is_initiator,
    may_edit_proposal,
    may_screen,
    may_see_proposal,
    may_see_receipt,
    may_submit,
    may_withdraw,
    may_write_answer,
)
from proposals.queries import Writing, digest_of, receipt_of
from rounds.lifecycle import Stage
from tests.proposals.conftest import KEY, close_call, fill_in, send


class Visitor(AnonymousUser):
    """Somebody without an account, whose browser carries these keys."""

    def __init__(self, *keys: str) -> None:
        super().__init__()
        self.draft_keys = frozenset(digest_of(key) for key in keys)


def test_a_draft_is_seen_by_the_initiator_alone(
    draft: Proposal, ines: Person, omar: Person, otto: Person, vera: Person
) -> None:
    seen = [may_see_proposal(user, draft) for user in (ines, omar, otto, vera, AnonymousUser(), Visitor(KEY))]

    assert seen == [True, False, False, False, False, False]


def test_an_anonymous_draft_is_seen_by_who_carries_its_key(anonymous_draft: Proposal, ines: Person) -> None:
    carriers = (Visitor(KEY), Visitor("another"), Visitor(), AnonymousUser(), ines)

    assert [is_initiator(user, anonymous_draft) for user in carriers] == [True, False, False, False, False]


def test_a_draft_without_owner_or_key_is_nobodys(anonymous_draft: Proposal) -> None:
    anonymous_draft.draft_key = None

    assert is_initiator(Visitor(KEY), anonymous_draft) is False


def test_officials_see_what_was_sent_and_what_they_entered(
    finished_draft: Proposal, ines: Person, otto: Person, omar: Person
) -> None:
    send(finished_draft, ines)
    assert [may_see_proposal(user, finished_draft) for user in (ines, otto, omar)] == [True, True, False]
    assert may_see_receipt(otto, receipt_of(finished_draft)) is True

    finished_draft.state, finished_draft.entered_by = State.DRAFT, otto
    assert may_see_proposal(otto, finished_draft) is True


def test_only_the_initiator_writes_and_sends(draft: Proposal, ines: Person, omar: Person, otto: Person) -> None:
    fill_in(draft)
    writing = Writing(draft, question_for("title"), None)

    for person, expected in ((ines, True), (omar, False), (otto, False)):
        assert may_edit_proposal(person, draft) is expected
        assert may_write_answer(person, writing) is expected
        assert may_submit(person, draft) is expected


def test_nothing_is_sent_after_the_deadline_or_twice(draft: Proposal, ines: Person) -> None:
    close_call(draft.round, minutes_ago=120)
    assert may_submit(ines, draft) is False

    close_call(draft.round, minutes_ago=-120)
    draft.state = State.SUBMITTED
    assert may_submit(ines, draft) is False


@pytest.mark.parametrize("state", State)
def test_who_may_withdraw_follows_the_table(
    draft: Proposal, ines: Person, otto: Person, omar: Person, state: State
) -> None:
    draft.state = state
    expected = {
        State.DRAFT: [True, False, False],
        State.WITHDRAWN: [False, False, False],
        State.NOT_TREATED: [False, False, False],
    }.get(state, [True, True, False])

    assert [may_withdraw(person, draft) for person in (ines, otto, omar)] == expected


def test_nothing_is_withdrawn_when_the_round_has_closed_that_door(draft: Proposal, ines: Person) -> None:
    draft.state, draft.round.stage = State.ELIGIBLE, Stage.DECIDED

    assert may_withdraw(ines, draft) is False


def test_officials_screen_what_was_sent_while_the_round_is_screened(
    draft: Proposal, ines: Person, otto: Person
) -> None:
    assert may_screen(otto, draft) is False
    draft.state = State.SUBMITTED
    assert [may_screen(person, draft) for person in (otto, ines)] == [True, False]
    draft.round.stage = Stage.VOTING
    assert may_screen(otto, draft) is False
