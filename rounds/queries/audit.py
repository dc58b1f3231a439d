"""Reading the audit trail: what happened in words, and does the chain hold."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from rounds.lifecycle import Event, Role
from rounds.models import AuditEntry, AuditHead, Fund, Round, Seat
from web.templatetags.formats import day


def audit_trail_of(subject_type: str, subject_id: int) -> QuerySet[AuditEntry]:
    """Return the lines about one thing, oldest first, with their people."""
    lines = AuditEntry.objects.filter(subject_type=subject_type, subject_id=subject_id)
    return lines.select_related("actor", "on_behalf_of")


type IdsOfRounds = Callable[[QuerySet[Round]], QuerySet[Any]]
_belongings: dict[str, IdsOfRounds] = {}


def add_trail(subject_type: str, ids: IdsOfRounds) -> None:
    """Let a higher app's lines show in the trail of their round; called once, in its AppConfig.ready.

    `ids` gets the rounds and returns the primary keys of the things that belong to them, as a ``values("pk")``.
    """
    _belongings[subject_type] = ids


def _about(rounds: QuerySet[Round]) -> Q:
    about = Q(subject_type="round", subject_id__in=rounds.values("pk"))
    for subject_type, ids in _belongings.items():
        about |= Q(subject_type=subject_type, subject_id__in=ids(rounds))
    return about


def audit_trail_of_round(round: Round) -> QuerySet[AuditEntry]:
    """Return the lines about a round and what belongs to it, newest first, with their people."""
    lines = AuditEntry.objects.filter(_about(Round.objects.filter(pk=round.pk)))
    return lines.select_related("actor", "on_behalf_of").order_by("-sequence")


def audit_trail_of_fund(fund: Fund) -> QuerySet[AuditEntry]:
    """Return the lines about a fund, its seats, its rounds and what belongs to them, newest first."""
    about = Q(subject_type="fund", subject_id=fund.pk)
    about |= Q(subject_type="seat", subject_id__in=Seat.objects.filter(fund=fund).values("pk"))
    lines = AuditEntry.objects.filter(about | _about(Round.objects.filter(fund=fund)))
    return lines.select_related("actor", "on_behalf_of").order_by("-sequence")


def reason_for_cancelling(round: Round) -> str:
    """Return why a round was called off, as it was written down then; empty when it was not."""
    line = audit_trail_of("round", round.pk).filter(action=f"round_{Event.CANCEL}").last()
    return line.reason if line else ""


# --- in words ---------------------------------------------------------------------------------------------------------

_words: dict[str, Any] = {
    "create_fund": _("Made the fund %(subject)s"),
    "change_fund": _("Changed the fund %(subject)s: %(fields)s"),
    "give_seat": _("Gave %(subject)s a seat as %(role)s, from %(from_date)s"),
    "end_seat": _("Ended the seat of %(subject)s on %(until_date)s"),
    "extend_seat": _("Extended the seat of %(subject)s until %(until_date)s"),
    "create_round": _("Made the round %(subject)s"),
    "copy_round": _("Copied the round %(subject)s from an earlier one"),
    "change_round": _("Changed the round %(subject)s: %(fields)s"),
    "set_criteria": _("Changed what the committee looks at in %(subject)s"),
    "change_rule": _("Published version %(number)s of the rule of %(subject)s, with digest %(digest)s"),
    "round_open": _("Opened the round %(subject)s and froze its rule, with digest %(digest)s"),
    "round_close_call": _("Closed the call of %(subject)s"),
    "round_start_scoring": _("Let the committee score in %(subject)s"),
    "round_open_voting": _("Opened the vote of %(subject)s"),
    "round_close_voting": _("Closed the vote of %(subject)s"),
    "round_count_scores": _("Closed the scoring of %(subject)s and counted the scores"),
    "round_decide": _("Recorded the decisions of %(subject)s"),
    "round_start_running": _("Started paying and following in %(subject)s"),
    "round_close": _("Closed the books of %(subject)s"),
    "round_cancel": _("Called off the round %(subject)s"),
}


def add_action_words(words: Mapping[str, Any]) -> None:
    """Let a higher app put its actions into words: action -> lazy sentence, with ``%(name)s`` for any of the data."""
    _words.update(words)


class Facts(dict[str, str]):
    """What a sentence can name; what a line does not know reads as an ellipsis."""

    def __missing__(self, key: str) -> str:
        """Never let one old line break the page."""
        return "…"


class TrailLine(NamedTuple):
    """A line of the trail, with what happened in words."""

    entry: AuditEntry
    what: str


def trail_in_words(entries: Iterable[AuditEntry]) -> list[TrailLine]:
    """Put lines into words. Three queries for the names of funds, rounds and seats, however many lines there are."""
    entries = list(entries)
    names = _names_of(entries)
    return [
        TrailLine(entry, _in_words(entry, names.get((entry.subject_type, entry.subject_id), ""))) for entry in entries
    ]


def _names_of(entries: list[AuditEntry]) -> dict[tuple[str, int], str]:
    ids: dict[str, list[int]] = {"fund": [], "round": [], "seat": []}
    for entry in entries:
        ids.setdefault(entry.subject_type, []).append(entry.subject_id)
    things: list[Fund | Round] = [*Fund.objects.filter(pk__in=ids["fund"]), *Round.objects.filter(pk__in=ids["round"])]
    names = {(type(thing).__name__.lower(), thing.pk): thing.name for thing in things}
    seats = Seat.objects.filter(pk__in=ids["seat"]).select_related("person")
    return names | {("seat", seat.pk): str(seat.person) for seat in seats}


def _in_words(entry: AuditEntry, subject: str) -> str:
    sentence = str(_words.get(entry.action, entry.action.replace("_", " ").replace("%", "%%")))
    facts = Facts({name: _fact(name, value) for name, value in json.loads(entry.data).items()})
    facts["subject"] = subject or "…"
    return sentence % facts


def _fact(name: str, value: Any) -> str:
    if value is None:
        return str(_("further notice")) if name.endswith("_date") else "…"
    if name.endswith("_date"):
        return day(date.fromisoformat(value))
    if name == "digest":
        return f"{value[:12]}…"  # the whole of it stands on the page of the rule
    if name == "role":
        return str(dict(Role.choices).get(value, value)).lower()
    if name == "fields":
        return ", ".join(_label_of(field) for field in value)
    return str(value)


def _label_of(field: str) -> str:
    for model in (Round, Fund):
        known = getattr(model, field, None)
        if known is not None:
            return str(known.field.verbose_name)
    return field


# --- does the chain hold ----------------------------------------------------------------------------------------------


class BrokenLink(NamedTuple):
    """A place where the trail does not hold."""

    sequence: int
    problem: str


def broken_links() -> Iterator[BrokenLink]:
    """Walk the whole trail and yield every altered, missing or unattached line; nothing when it holds."""
    previous_hash, expected = "0" * 64, 1
    for entry in AuditEntry.objects.order_by("sequence").iterator(chunk_size=2000):
        if entry.sequence > expected:
            yield BrokenLink(expected, f"lines {expected} to {entry.sequence - 1} are missing")
        elif entry.sequence < expected or entry.previous_hash != previous_hash:
            yield BrokenLink(entry.sequence, "the line does not hang on the one before it")
        if entry.computed_hash() != entry.hash:
            yield BrokenLink(entry.sequence, "the line was altered")
        previous_hash, expected = entry.hash, entry.sequence + 1
    head = AuditHead.objects.filter(pk=1).first()
    if head is None:
        if expected > 1:
            yield BrokenLink(expected, "the end of the chain is gone")
    elif head.sequence != expected - 1 or head.hash != previous_hash:
        yield BrokenLink(expected, f"the trail should end at line {head.sequence}")


def last_link() -> tuple[int, str]:
    """Return the number and the hash of the newest line: worth writing down elsewhere, for instance in minutes."""
    head = AuditHead.objects.filter(pk=1).first()
    return (head.sequence, head.hash) if head else (0, "0" * 64)
