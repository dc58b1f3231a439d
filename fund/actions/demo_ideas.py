"""The ideas that people of the demo are telling in the round that is open: drafts, sent in, asked about, withdrawn."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from accounts.models import Person
from proposals.actions import ask_supplement, save_answer, start_draft, submit_proposal, withdraw_proposal
from proposals.models import Budget, Field, Proposal, Row
from proposals.queries import first_due_date
from rounds.models import Round


def tell_ideas(
    *, round: Round, ideas: Sequence[Mapping[str, Any]], people: Mapping[str, Person], official: Person
) -> None:
    """Let everybody begin, write and send what the demo says they did. Amounts in whole euros. The caller commits."""
    for idea in ideas:
        person = people[idea["person"]]
        proposal = _written(round, idea, person)
        if idea["then"] == "draft":
            continue
        submit_proposal(proposal=proposal, submission_key=uuid5(NAMESPACE_URL, proposal.title), by=person)
        if idea["then"] == "supplement":
            ask_supplement(
                proposal=proposal,
                fields=idea["ask"],
                why=idea["why"],
                due_date=first_due_date(),
                by=official,
                seen=1,
            )
        elif idea["then"] == "withdrawn":
            withdraw_proposal(proposal=proposal, reason_code=idea["reason"], reason=idea["words"], by=person)


def _written(round: Round, idea: Mapping[str, Any], person: Person) -> Proposal:
    proposal = start_draft(round=round, by=person)
    rows = tuple(Row(what, euros * 100) for what, euros in idea["budget"])
    answers = dict(idea["answers"])
    if rows:
        answers[Field.BUDGET] = Budget(rows).as_text()
    for field, text in answers.items():
        save_answer(proposal=proposal, field=Field(field), text=text, seen=0, page_key="demo", by=person)
    return proposal
