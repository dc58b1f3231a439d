"""Asking for what is missing, and what comes of it (Awb 4:5): answered, given more time, or not treated."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from proposals.actions.answers import write_answer
from proposals.actions.notices import tell_initiator
from proposals.actions.screening import hold, move, refuse_other_version
from proposals.actions.submissions import NotComplete
from proposals.lifecycle import Event, State, row_for
from proposals.models import QUESTIONS, AnswerEdit, Budget, Field, Proposal, ProposalVersion, Supplement
from proposals.queries import digest_of_document, document_of, first_due_date, gaps_in, open_supplement_of, sent_last
from rounds.actions import StalePage, record
from rounds.lifecycle import Door, is_open
from web.templatetags.formats import day


def ask_supplement(
    *, proposal: Proposal, fields: Sequence[str], why: str, due_date: date, by: Person, seen: int, link: str = ""
) -> Supplement:
    """Ask for more: exactly these questions open again, until `due_date`. `seen` is the version that was read.

    Raises ValidationError per field, StalePage, DoorClosed and TransitionRefused.
    """
    asked = [question.key for question in QUESTIONS if question.key in fields]
    if not asked:
        raise ValidationError({"fields": _("Choose at least one question.")})
    if not why.strip():
        raise ValidationError({"why": _("Write down what is missing. The initiator reads it.")})
    if due_date < first_due_date():
        raise ValidationError({"due_date": _("Give at least until %(day)s.") % {"day": day(first_due_date())}})
    now = timezone.now()
    with transaction.atomic():
        hold(proposal, Event.ASK_SUPPLEMENT)
        refuse_other_version(proposal, seen)
        move(proposal, Event.ASK_SUPPLEMENT)
        supplement = Supplement.objects.create(
            proposal=proposal, fields=asked, why=why.strip(), asked_by=by, asked_at=now, due_date=due_date
        )
        record(
            action="ask_supplement",
            subject=proposal,
            by=by,
            reference=proposal.reference,
            questions=len(asked),
            due_date=due_date,
        )
        tell_initiator(proposal, subject=_subject, text=lambda: _words_of_asking(due_date, link))
    return supplement


def extend_supplement(*, proposal: Proposal, due_date: date, by: Person, seen_due_date: date, link: str = "") -> None:
    """Give more time for a supplement. `seen_due_date` is the day that the page showed.

    Raises ValidationError for a day that is no later, and StalePage when it was changed, answered or closed since.
    """
    if due_date <= max(seen_due_date, timezone.localdate()):
        raise ValidationError({"due_date": _("This is no later than the last day now. Choose a later day.")})
    with transaction.atomic():
        awaited = Supplement.objects.filter(proposal=proposal, answered_at__isnull=True, expired_at__isnull=True)
        supplement = awaited.filter(due_date=seen_due_date).first()
        # Compare and set: of two officials one is refused. The reminder goes out again, before the new day.
        if supplement is None or not awaited.filter(pk=supplement.pk, due_date=seen_due_date).update(
            due_date=due_date,
            first_due_date=supplement.first_due_date or seen_due_date,
            extended_at=timezone.now(),
            reminded_at=None,
        ):
            raise StalePage
        record(
            action="extend_supplement",
            subject=proposal,
            by=by,
            reference=proposal.reference,
            due_date=due_date,
        )
        tell_initiator(proposal, subject=_subject, text=lambda: _words_of_extending(due_date, link))


def answer_supplement(*, proposal: Proposal, by: Person, on_behalf_of: Person | None = None) -> ProposalVersion:
    """Send the supplement: a new version of the proposal, and the clock runs on. A late answer is an answer too.

    Raises NotComplete, DoorClosed, and TransitionRefused when it was sent already, or is no longer treated.
    """
    now = timezone.now()
    with transaction.atomic():
        hold(proposal, Event.ANSWER_SUPPLEMENT)
        # What another page saved meanwhile is sent along, and nothing more is saved after this.
        proposal.refresh_from_db(from_queryset=Proposal.objects.select_for_update())
        awaited = open_supplement_of(proposal)
        for field in awaited.fields if awaited else ():
            _write_what_was_typed(proposal, Field(field))
        budget = Budget.of(proposal)
        if blocking := [gap for gap in gaps_in(proposal, budget) if gap.blocks]:
            raise NotComplete(blocking)
        move(proposal, Event.ANSWER_SUPPLEMENT)
        Supplement.objects.filter(proposal=proposal, answered_at__isnull=True, expired_at__isnull=True).update(
            answered_at=now
        )
        document = document_of(proposal, budget, submitted_at=now)
        version = ProposalVersion.objects.create(
            proposal=proposal,
            number=sent_last(proposal).number + 1,
            document=document,
            digest=digest_of_document(document),
            submitted_at=now,
            submitted_by=by,
        )
        record(
            action="answer_supplement",
            subject=proposal,
            by=by,
            on_behalf_of=on_behalf_of,
            reference=proposal.reference,
            digest=version.digest,
        )
    return version


def _write_what_was_typed(proposal: Proposal, field: Field) -> None:
    """Let the last saving of an answer count, also one from before we asked, that was never sent."""
    edit = AnswerEdit.objects.filter(proposal=proposal, field=field).order_by("-edition").first()
    if edit and proposal.submitted_at and edit.saved_at > proposal.submitted_at:
        write_answer(proposal, field, edit.text)


def not_treat_proposal(*, proposal: Proposal, reasons: str, by: Person, seen_due_date: date) -> None:
    """Leave a proposal untreated, with reasons: only after a supplement was asked and its term has passed (Awb 4:5).

    Raises ValidationError without reasons or before that day is over, StalePage when more time was given since,
    DoorClosed and TransitionRefused.
    """
    if not reasons.strip():
        raise ValidationError({"reasons": _("Write down why. The initiator reads it.")})
    now = timezone.now()
    with transaction.atomic():
        hold(proposal, Event.NOT_TREAT)
        row_for(Event.NOT_TREAT, proposal.state)
        awaited = open_supplement_of(proposal)
        if awaited is None or awaited.due_date != seen_due_date:
            raise StalePage
        if awaited.due_date >= timezone.localdate():
            raise ValidationError(_("The initiator can still answer until %(day)s.") % {"day": day(awaited.due_date)})
        move(proposal, Event.NOT_TREAT, screened_at=now, not_treated_reason=reasons.strip())
        Supplement.objects.filter(pk=awaited.pk).update(expired_at=now)
        record(action="not_treat_proposal", subject=proposal, by=by, reference=proposal.reference)
        tell_initiator(proposal, subject=_news, text=_words_of_not_treating)


def remind_of_supplements() -> int:
    """Remind those who were asked something and have a few days left; once. Returns how many. For a daily job."""
    today = timezone.localdate()
    until = today + timedelta(days=settings.SUPPLEMENT_REMINDER_DAYS)
    due = Supplement.objects.filter(
        answered_at__isnull=True,
        expired_at__isnull=True,
        reminded_at__isnull=True,
        due_date__range=(today, until),
        proposal__state=State.SUPPLEMENT_ASKED,
    )
    reminded = 0
    for supplement in due.select_related("proposal__initiator", "proposal__round"):
        # The term of a round that went on cannot be met any more.
        if is_open(Door.SCREEN, supplement.proposal.round.stage):
            reminded += _remind(supplement)
    return reminded


@transaction.atomic
def _remind(supplement: Supplement) -> int:
    due_date = supplement.due_date
    mine = Supplement.objects.filter(pk=supplement.pk, reminded_at__isnull=True, answered_at__isnull=True)
    if not mine.update(reminded_at=timezone.now()):  # another job was just before this one
        return 0
    proposal = supplement.proposal
    record(action="remind_supplement", subject=proposal, by=None, reference=proposal.reference)
    tell_initiator(proposal, subject=_subject, text=lambda: _words_of_reminding(due_date))
    return 1


# --- the words. Neither subject nor text names the fund or the idea: somebody may look over a shoulder ----------------


def _subject() -> str:
    return _("We have a question for you")


def _news() -> str:
    return _("There is news for you")


def _text(*sentences: str) -> str:
    help_line = _("Do you want help? Call us: %(phone)s.") % {"phone": settings.HELP_PHONE}
    return "\n\n".join([*(sentence for sentence in sentences if sentence), help_line, settings.MUNICIPALITY_NAME])


def _words_of_asking(due_date: date, link: str) -> str:
    words = _("We read what you sent us. Something is still missing. You can add it until %(day)s.")
    return _text(words % {"day": day(due_date)}, link)


def _words_of_extending(due_date: date, link: str) -> str:
    return _text(_("You have more time to answer our question: until %(day)s.") % {"day": day(due_date)}, link)


def _words_of_reminding(due_date: date) -> str:
    words = _("We asked you something. You can still answer until %(day)s. Sign in on our website to do that.")
    return _text(words % {"day": day(due_date)})


def _words_of_not_treating() -> str:
    return _text(_("There is news about what you sent us. Sign in on our website to read it."))
