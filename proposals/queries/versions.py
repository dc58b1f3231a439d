"""What was sent, time after time, and what changed in between, in words."""

import json
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from django.http import Http404
from django.utils.translation import gettext as _

from proposals.lifecycle import State
from proposals.models import (
    TEXT_FIELDS,
    AnswerEdit,
    Budget,
    Field,
    Proposal,
    ProposalVersion,
    canonical,
    question_for,
)
from proposals.queries.answers import Writing, text_of
from proposals.queries.mine import proposal_for_official, proposal_of
from web.templatetags.formats import money


class Passage(NamedTuple):
    """A piece of a text: ``same``, ``removed`` or ``added``."""

    kind: str
    text: str


class Change(NamedTuple):
    """What changed in one answer: sentences, and for a text its passages."""

    label: str
    sentences: list[str]
    passages: list[Passage]


class SentVersion(NamedTuple):
    """One sending, with what it changed in the one before; the first changed nothing."""

    version: ProposalVersion
    content: dict[str, Any]
    changes: list[Change]

    @property
    def budget(self) -> Budget:
        """The budget as it was sent."""
        return budget_in(self.content)

    @property
    def texts(self) -> list[tuple[Any, str]]:
        """The answers that are one text, as they were sent."""
        return [(key.label, self.content[key]) for key in TEXT_FIELDS]


class Versions(NamedTuple):
    """A proposal with everything that was sent, newest first."""

    proposal: Proposal
    sent: list[SentVersion]


def budget_in(content: dict[str, Any]) -> Budget:
    """Return the budget of a document."""
    return Budget.from_text(canonical(content["budget"]))


def versions_of(proposal: Proposal) -> Versions:
    """Return everything that was sent, newest first, each with its changes. One query."""
    sent: list[SentVersion] = []
    before: dict[str, Any] | None = None
    for version in ProposalVersion.objects.filter(proposal=proposal).order_by("number"):
        content = json.loads(version.document)
        sent.append(SentVersion(version, content, list(changes_between(before, content)) if before else []))
        before = content
    return Versions(proposal, sent[::-1])


def my_versions(user: Any, pk: int) -> Versions:
    """Loader for the initiator: what was sent; Http404 for what is not theirs or was never sent. Two queries."""
    return _sent_or_404(versions_of(proposal_of(user, pk)))


def versions_for_official(user: Any, pk: int) -> Versions:
    """Loader for officials: what was sent in to a fund of theirs; Http404 otherwise."""
    return _sent_or_404(versions_of(proposal_for_official(user, pk)))


def _sent_or_404(found: Versions) -> Versions:
    if not found.sent:
        raise Http404
    return found


def changes_between(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    """Yield what changed from one document to the next, in the order of the questions."""
    for field in Field:
        if field == Field.BUDGET:
            sentences = list(_budget_sentences(budget_in(before), budget_in(after)))
            if sentences:
                yield Change(str(field.label), sentences, [])
        elif field == Field.CONTACT:
            sentences = list(_contact_sentences(before["contact"], after["contact"]))
            if sentences:
                yield Change(str(field.label), sentences, [])
        elif before[field] != after[field]:
            yield _text_change(str(field.label), before[field], after[field])


def _text_change(label: str, before: str, after: str) -> Change:
    if not before:
        return Change(label, [_("This was filled in.")], [Passage("added", after)])
    if not after:
        return Change(label, [_("This was left out.")], [Passage("removed", before)])
    return Change(label, [_("This text was changed.")], passages_of(before, after))


def passages_of(before: str, after: str) -> list[Passage]:
    """Return two texts as one: what stayed, what went, what came; by whole words."""
    old, new = re.findall(r"\s+|[^\s]+", before), re.findall(r"\s+|[^\s]+", after)
    passages = []
    for kind, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            passages.append(Passage("same", "".join(old[start:end])))
            continue
        if end > start:
            passages.append(Passage("removed", "".join(old[start:end])))
        if new_end > new_start:
            passages.append(Passage("added", "".join(new[new_start:new_end])))
    return passages


def _per_row(budget: Budget) -> dict[str, int]:
    amounts: dict[str, int] = {}
    for row in budget.rows:
        amounts[row.what] = amounts.get(row.what, 0) + row.amount
    return amounts


def _budget_sentences(before: Budget, after: Budget) -> Iterator[str]:
    old, new = _per_row(before), _per_row(after)
    for what in [*old, *(what for what in new if what not in old)]:
        name = what or _("an amount without a name")
        if what not in new:
            yield _("“%(what)s” (%(amount)s) was taken out.") % {"what": name, "amount": money(old[what])}
        elif what not in old:
            yield _("“%(what)s” (%(amount)s) was added.") % {"what": name, "amount": money(new[what])}
        elif old[what] != new[what]:
            facts = {"what": name, "before": money(old[what]), "after": money(new[what])}
            yield _("“%(what)s” went from %(before)s to %(after)s.") % facts
    if before.total != after.total:
        facts = {"before": money(before.total), "after": money(after.total)}
        yield _("Together it went from %(before)s to %(after)s.") % facts
    yield from _share_sentences(before, after)


def _share_sentences(before: Budget, after: Budget) -> Iterator[str]:
    shares = {
        "minimum_amount": _("The least amount went from %(before)s to %(after)s."),
        "own_contribution": _("What they pay themselves went from %(before)s to %(after)s."),
        "other_contribution": _("What others pay went from %(before)s to %(after)s."),
    }
    for name, sentence in shares.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            empty = _("nothing filled in")
            facts = {"before": empty if old is None else money(old), "after": empty if new is None else money(new)}
            yield sentence % facts
    if before.other_funders != after.other_funders:
        yield _("Who else pays was “%(before)s” and is now “%(after)s”.") % {
            "before": before.other_funders or "–",
            "after": after.other_funders or "–",
        }


def _contact_sentences(before: dict[str, str], after: dict[str, str]) -> Iterator[str]:
    sentences = {
        "name": _("The name was “%(before)s” and is now “%(after)s”."),
        "address": _("The address was “%(before)s” and is now “%(after)s”."),
    }
    for name, sentence in sentences.items():
        if before[name] != after[name]:
            yield sentence % {"before": before[name] or "–", "after": after[name] or "–"}


# --- what somebody is changing after sending, and did not send again yet ----------------------------------------------


def pending_edits(proposal: Proposal) -> dict[Field, AnswerEdit]:
    """Return the answers that were changed since sending and not sent again, by question. At most two queries."""
    if proposal.state != State.SUBMITTED or proposal.submitted_at is None:
        return {}
    since = AnswerEdit.objects.filter(proposal=proposal, saved_at__gt=proposal.submitted_at)
    latest = {Field(edit.field): edit for edit in since.order_by("edition")}
    return {field: edit for field, edit in latest.items() if edit.text != text_of(proposal, field)}


def changing_for(user: Any, pk: int, key: str) -> Writing:
    """Loader of one question of what was sent in, to change it; the initiator's own, or Http404. Two queries."""
    try:
        question = question_for(key)
    except ValueError:
        raise Http404 from None
    proposal = proposal_of(user, pk)
    edits = AnswerEdit.objects.filter(proposal=proposal, field=question.key)
    return Writing(proposal, question, edits.order_by("-edition").first())


def text_being_changed(writing: Writing) -> str:
    """Return an answer as its writer left it last: changed since sending, or else as it was sent."""
    sent_at = writing.proposal.submitted_at
    if writing.edit is not None and (sent_at is None or writing.edit.saved_at > sent_at):
        return writing.edit.text
    return text_of(writing.proposal, writing.question.key)
