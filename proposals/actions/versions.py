"""Sending again what was changed after sending, as long as the call is open."""

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.actions import notify
from accounts.models import Person
from proposals.actions.answers import write_answer
from proposals.actions.submissions import NotComplete, TooLate
from proposals.lifecycle import State, call_is_open, can_edit
from proposals.models import Budget, Proposal, ProposalVersion
from proposals.queries import digest_of_document, document_of, gaps_in, pending_edits
from rounds.actions import record
from rounds.models import Round


@transaction.atomic
def send_again(*, proposal: Proposal, by: Person, link: str = "") -> ProposalVersion | None:
    """Send the answers that were changed since sending, and return the new version.

    Until then nobody but the writer sees them. With nothing changed (a second press) the last version is returned;
    None for what came in elsewhere and was never sent here. Raises TooLate when the call is closed, and NotComplete.
    The object is up to date afterwards.
    """
    round = Round.objects.select_for_update().get(pk=proposal.round_id)
    proposal.refresh_from_db(from_queryset=Proposal.objects.select_for_update())
    proposal.round = round
    last = ProposalVersion.objects.filter(proposal=proposal).order_by("-number").first()
    pending = pending_edits(proposal)
    now = timezone.now()
    # Nothing to send, or it went to another state since: then nothing is pending either.
    if not pending:
        return last
    if not can_edit(State.SUBMITTED, round.stage) or not call_is_open(round.stage, closes_at=round.closes_at, now=now):
        raise TooLate
    for field, edit in pending.items():
        write_answer(proposal, field, edit.text)
    budget = Budget.of(proposal)
    if blocking := [gap for gap in gaps_in(proposal, budget) if gap.blocks]:
        raise NotComplete(blocking)
    document = document_of(proposal, budget, submitted_at=now)
    version = ProposalVersion.objects.create(
        proposal=proposal,
        number=last.number + 1 if last else 1,
        document=document,
        digest=digest_of_document(document),
        submitted_at=now,
        submitted_by=by,
    )
    record(
        action="send_again",
        subject=proposal,
        by=by,
        reference=proposal.reference,
        number=version.number,
        digest=version.digest,
    )
    if proposal.initiator is not None:
        _confirm(proposal, proposal.initiator, version, link)
    return version


def _confirm(proposal: Proposal, person: Person, version: ProposalVersion, link: str) -> None:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        context = {
            "proposal": proposal,
            "version": version,
            "link": link,
            "municipality": settings.MUNICIPALITY_NAME,
            "phone": settings.HELP_PHONE,
        }
        text = render_to_string("proposals/version_mail.txt", context)
        notify(person=person, subject=_("We received your message"), text=text, about=proposal)
