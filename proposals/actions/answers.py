"""Saving answers: field by field, as often as somebody stops typing, and never over somebody else's words."""

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Person
from proposals.actions.funnel import count_step
from proposals.lifecycle import State
from proposals.models import AnswerEdit, Budget, BudgetLine, Contact, Field, FunnelStep, Proposal
from proposals.queries import text_of
from rounds.lifecycle import DoorClosed


class AnsweredMeanwhile(Exception):
    """Somebody else (or the same person, elsewhere) saved this answer since the page was opened.

    `edit` is what is kept now. Nothing of the new text was saved: the person must see both.
    """

    def __init__(self, edit: AnswerEdit) -> None:
        self.edit = edit
        super().__init__(str(edit))


def save_answer(
    *,
    proposal: Proposal,
    field: Field,
    text: str,
    seen: int,
    page_key: str,
    by: Person | None,
    on_behalf_of: Person | None = None,
    leads_to: FunnelStep | None = None,
) -> AnswerEdit | None:
    """Save one answer, and return the edition that now holds it; None when nothing was there and nothing was written.

    `text` is the answer, for the budget and the contact their canonical text. `seen` is the edition that the page
    showed (0: none), `page_key` tells one opened page from another, `leads_to` is the page that comes next. Saving the
    same text again changes nothing, so that a page that heard no answer can simply try again. What was sent in already
    keeps what was sent, until it is sent again (``send_again``). Raises AnsweredMeanwhile, and DoorClosed when the
    proposal went to another state since it was loaded.
    """
    for _attempt in range(3):
        with transaction.atomic():
            if leads_to is not None:
                count_step(proposal=proposal, step=leads_to)
            latest = AnswerEdit.objects.filter(proposal=proposal, field=field).order_by("-edition").first()
            if _kept_text(proposal, field, latest) == text:
                return latest
            if latest is not None and latest.edition > seen and not _only_by(page_key, latest, seen):
                raise AnsweredMeanwhile(latest)
            edit = AnswerEdit(
                proposal=proposal,
                field=field,
                edition=(latest.edition if latest else 0) + 1,
                text=text,
                page_key=page_key,
                saved_at=timezone.now(),
                saved_by=by,
                on_behalf_of=on_behalf_of,
            )
            if _is_first_of_its_edition(edit):
                if proposal.state != State.SUBMITTED:
                    write_answer(proposal, field, text)
                    count_step(proposal=proposal, step=field)
                return edit
    raise AnsweredMeanwhile(AnswerEdit.objects.filter(proposal=proposal, field=field).latest("edition"))


def _is_first_of_its_edition(edit: AnswerEdit) -> bool:
    """Write it down; False when somebody else was just before, so that there is another text to look at."""
    try:
        with transaction.atomic():
            edit.save(force_insert=True)
    except IntegrityError:  # the database decides who was second
        return False
    return True


def _kept_text(proposal: Proposal, field: Field, latest: AnswerEdit | None) -> str:
    """Return what is kept now: of a proposal that came in elsewhere there is no edition yet.

    What was sent counts from the moment of sending: it can hold an address that nobody typed.
    """
    sent_at = proposal.submitted_at
    if latest is not None and (sent_at is None or latest.saved_at > sent_at):
        return latest.text
    return text_of(proposal, field)


def _only_by(page_key: str, latest: AnswerEdit, seen: int) -> bool:
    """Whether everything saved since was written on this very page, which then did not hear that it was saved."""
    since = AnswerEdit.objects.filter(proposal=latest.proposal_id, field=latest.field, edition__gt=seen)
    return bool(page_key) and not since.exclude(page_key=page_key).exists()


def write_answer(proposal: Proposal, field: Field, text: str) -> None:
    """Write an answer to its proposal, inside the caller's transaction. Raises DoorClosed."""
    WRITERS.get(field, _write_text)(proposal, field, text)


def _write(proposal: Proposal, **columns: Any) -> None:
    """Write columns of a proposal that is still in the state in which it was loaded. Raises DoorClosed."""
    if not Proposal.objects.filter(pk=proposal.pk, state=proposal.state).update(**columns):
        raise DoorClosed
    for name, value in columns.items():
        setattr(proposal, name, value)


def _write_text(proposal: Proposal, field: Field, text: str) -> None:
    _write(proposal, **{str(field): text})


def _write_contact(proposal: Proposal, field: Field, text: str) -> None:
    contact = Contact.from_text(text)
    _write(proposal, contact_name=contact.name, contact_address=contact.address, contact_channel=contact.channel)


def _write_budget(proposal: Proposal, field: Field, text: str) -> None:
    budget = Budget.from_text(text)
    _write(
        proposal,
        amount_applied_for=budget.total,
        minimum_amount=budget.minimum_amount,
        own_contribution=budget.own_contribution,
        other_contribution=budget.other_contribution,
        other_funders=budget.other_funders,
    )
    proposal.budget_lines.all().delete()
    BudgetLine.objects.bulk_create(
        BudgetLine(proposal=proposal, what=row.what, amount=row.amount, place=place)
        for place, row in enumerate(budget.rows)
    )


WRITERS: dict[Field, Callable[[Proposal, Field, str], None]] = {
    Field.BUDGET: _write_budget,
    Field.CONTACT: _write_contact,
}
