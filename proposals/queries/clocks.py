"""The decision clock: until when a decision must be taken, and when that clock stands still (Awb 4:13, 4:15)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proposals.models import Proposal, Supplement

ONE_DAY = timedelta(days=1)


class Light(TextChoices):
    """The traffic light of a term, in words."""

    ON_TIME = "on_time", _("On time")
    SOON = "soon", _("Nearly due")
    LATE = "late", _("Too late")
    STOPPED = "stopped", _("Stands still")
    DONE = "done", _("Done")


# How a light is shown: the kind of badge.
LIGHT_KINDS = {
    Light.ON_TIME: "success",
    Light.SOON: "warning",
    Light.LATE: "danger",
    Light.STOPPED: "info",
    Light.DONE: "neutral",
}


class Pause(NamedTuple):
    """A supplement as the clock sees it: asked on, to be answered by, and over since (None: still awaited)."""

    asked_date: date
    due_date: date
    ended_date: date | None

    @classmethod
    def of(cls, supplement: Supplement) -> "Pause":
        """Return the pause that a supplement makes."""
        ended = supplement.answered_at and timezone.localdate(supplement.answered_at)
        if supplement.expired_at:
            ended = supplement.due_date + ONE_DAY
        return cls(timezone.localdate(supplement.asked_at), supplement.due_date, ended)

    def days(self, today: date) -> int:
        """How many days the clock stood still, today included while it does.

        From the day after asking, up to but not including the day of the answer, or up to and including the last day
        of a term that nobody used (Awb 4:15, first paragraph).
        """
        last = min(self.ended_date - ONE_DAY if self.ended_date else today, self.due_date)
        return max(0, (last - self.asked_date).days)

    def runs_on(self, today: date) -> bool:
        """Whether the clock stands still on this day."""
        return self.ended_date is None and today <= self.due_date


class Clock(NamedTuple):
    """Until when a decision must be taken, as it stands today."""

    due_date: date
    days_left: int
    light: Light

    @property
    def kind(self) -> str:
        """The kind of badge of the light."""
        return LIGHT_KINDS[self.light]


def clock_at(
    sent_date: date,
    pauses: Iterable[Pause],
    *,
    today: date,
    weeks: int,
    soon_days: int,
    promised_date: date | None = None,
    is_done: bool = False,
) -> Clock:
    """Return the clock on a day. `soon_days` is how many days before the end of the term the light changes.

    The term ends on `promised_date` where the call named a day (Awb 4:13, first paragraph), else `weeks` after sending
    (second paragraph); the days that it stood still come on top (Awb 4:15).
    """
    pauses = list(pauses)
    end = sent_date + timedelta(weeks=weeks) if promised_date is None else promised_date
    due = end + sum((ONE_DAY * pause.days(today) for pause in pauses), timedelta())
    days_left = (due - today).days
    if is_done:
        light = Light.DONE
    elif any(pause.runs_on(today) for pause in pauses):
        light = Light.STOPPED
    elif days_left < 0:
        light = Light.LATE
    else:
        light = Light.SOON if days_left <= soon_days else Light.ON_TIME
    return Clock(due, days_left, light)


def clock_of(proposal: Proposal, *, today: date, is_done: bool = False) -> Clock:
    """Return the decision clock of a proposal that was sent in, its round at hand.

    One query, unless its supplements were prefetched.
    """
    return clock_at(
        timezone.localdate(proposal.submitted_at or proposal.created_at),
        [Pause.of(supplement) for supplement in proposal.supplements.all()],
        today=today,
        weeks=settings.DECISION_WEEKS,
        soon_days=settings.DECISION_SOON_DAYS,
        promised_date=proposal.round.decision_date,
        is_done=is_done,
    )


def first_due_date() -> date:
    """Return the earliest day by which an answer can be asked: SUPPLEMENT_DAYS from today."""
    return timezone.localdate() + timedelta(days=settings.SUPPLEMENT_DAYS)
