"""The answers of a draft: what is kept, what is still missing, what comes next."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proposals.lifecycle import State
from proposals.models import (
    QUESTIONS,
    AnswerEdit,
    Budget,
    Contact,
    Field,
    Proposal,
    Question,
    Step,
    question_for,
    questions_of,
)
from proposals.queries.drafts import proposal_for
from web.templatetags.formats import money


class Writing(NamedTuple):
    """An answer that somebody is writing: the proposal, the question, and the last saving (None: never saved)."""

    proposal: Proposal
    question: Question
    edit: AnswerEdit | None

    @property
    def seen(self) -> int:
        """The edition that this page shows."""
        return self.edit.edition if self.edit else 0


def writing_for(user: Any, pk: int, key: str, *, request: HttpRequest) -> Writing:
    """Loader of one question of a proposal, or Http404. Two queries; three while a supplement is awaited."""
    try:
        question = question_for(key)
    except ValueError:
        raise Http404 from None
    proposal = proposal_for(user, pk, request=request)
    edits = AnswerEdit.objects.filter(proposal=proposal, field=question.key)
    if proposal.state == State.SUPPLEMENT_ASKED:
        prefetch_related_objects([proposal], "supplements")  # lock and page both ask which questions are open
    return Writing(proposal, question, edits.order_by("-edition").first())


def last_saved(proposal: Proposal) -> AnswerEdit | None:
    """Return the last saving of any answer. One query."""
    return AnswerEdit.objects.filter(proposal=proposal).order_by("-saved_at", "-pk").first()


def is_answered(proposal: Proposal, field: Field) -> bool:
    """Whether something was filled in. No query."""
    if field == Field.BUDGET:
        return proposal.amount_applied_for > 0
    if field == Field.CONTACT:
        return bool(proposal.contact_address)
    return bool(getattr(proposal, field))


def text_of(proposal: Proposal, field: Field) -> str:
    """Return an answer of a proposal in the text in which it is saved. One query for the budget, else none."""
    if field == Field.BUDGET:
        return Budget.of(proposal).as_text()
    if field == Field.CONTACT:
        return Contact.of(proposal).as_text()
    return str(getattr(proposal, field))


def question_after(question: Question) -> Question | None:
    """Return the question that comes next; None after the last."""
    place = QUESTIONS.index(question) + 1
    return QUESTIONS[place] if place < len(QUESTIONS) else None


def question_before(question: Question) -> Question | None:
    """Return the question that comes before; None before the first."""
    place = QUESTIONS.index(question)
    return QUESTIONS[place - 1] if place else None


def first_open_question(proposal: Proposal, step: Step) -> Question:
    """Return the first question of a step that was not answered; the first of all when every one was."""
    questions = questions_of(step)
    return next((one for one in questions if not is_answered(proposal, one.key)), questions[0])


class Gap(NamedTuple):
    """Something that is not there yet, in one kind sentence. `blocks`: without it a proposal cannot be sent."""

    field: Field
    sentence: str
    blocks: bool


def gaps_in(proposal: Proposal, budget: Budget) -> list[Gap]:
    """Return what is still missing, in the order of the questions. No query."""
    return [gap for question in QUESTIONS for gap in _gaps(proposal, question, budget)]


# What is missing when a question was not answered.
UNANSWERED = {
    Field.TITLE: _("Give your idea a name."),
    Field.SUMMARY: _("Tell what you will do."),
    Field.IMPROVEMENT: _("You can still tell what gets better."),
    Field.PARTICIPANTS: _("You can still tell who takes part."),
    Field.WHERE_WHEN: _("You can still tell where and when it will be."),
    Field.BUDGET: _("Write down how much money you need."),
    Field.OWN_PART: _("You can still tell what you do yourself."),
    Field.CONTACT: _("Tell us how we can reach you."),
}


def _gaps(proposal: Proposal, question: Question, budget: Budget) -> Iterator[Gap]:
    if not is_answered(proposal, question.key):
        yield Gap(question.key, str(UNANSWERED[question.key]), question.needed)
    elif question.key == Field.BUDGET:
        yield from _budget_gaps(proposal, budget)


def _budget_gaps(proposal: Proposal, budget: Budget) -> Iterator[Gap]:
    ceiling = proposal.round.ceiling
    if 0 < ceiling < budget.total:
        sentence = gettext(
            "You ask for %(total)s. There is %(ceiling)s in this round for all ideas together. Ask for less."
        )
        yield Gap(Field.BUDGET, sentence % {"total": money(budget.total), "ceiling": money(ceiling)}, blocks=True)
    if any(not row.what for row in budget.rows):
        yield Gap(Field.BUDGET, gettext("One of your amounts does not say what it is for."), blocks=False)
    for row in budget.rows:
        if row.what and not row.amount:
            yield Gap(Field.BUDGET, gettext("“%(what)s” has no amount yet.") % {"what": row.what}, blocks=False)
