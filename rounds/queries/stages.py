"""Where a round stands, what comes next, and what still stands in the way."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from rounds.lifecycle import (
    EFFECTS,
    PATH,
    STAGE_LABELS,
    TRANSITIONS,
    Audience,
    Event,
    Role,
    Row,
    Stage,
    events_from,
)
from rounds.models import BallotType, Round, TieBreak
from rounds.queries.rounds import round_for
from rounds.queries.rules import counting_in_words, rule_problems
from rounds.queries.seats import active_seats
from web.templatetags.formats import day, moment, money


class Obstacle(str):
    """A sentence that says what must be done first, with the address where it can be done (empty: nowhere here)."""

    __slots__ = ("url",)
    url: str

    def __new__(cls, sentence: str, url: str = "") -> "Obstacle":
        """Make the sentence; a plain ``str`` is an obstacle too, one without an address."""
        made = super().__new__(cls, sentence)
        made.url = url
        return made


type Obstacles = Callable[[Round], Iterator[str]]
_obstacles: dict[Event, list[Obstacles]] = {}


def add_obstacles(event: Event, obstacles: Obstacles) -> None:
    """Let a higher app say what must be done before an event; called once, in its AppConfig.ready."""
    known = _obstacles.setdefault(event, [])
    if obstacles not in known:
        known.append(obstacles)


def obstacles_to(round: Round, event: Event) -> list[str]:
    """Return one sentence for each thing that must be done before this event can happen; empty when nothing is.

    A sentence may be an :class:`Obstacle`, which also knows where to do it.
    """
    own = {
        Event.OPEN: _before_opening,
        Event.OPEN_VOTING: _before_voting,
        Event.COUNT_SCORES: _before_counting_scores,
    }
    checks = [own[event]] if event in own else []
    return [sentence for check in [*checks, *_obstacles.get(event, [])] for sentence in check(round)]


def _before_opening(round: Round) -> Iterator[str]:
    for task in set_up_tasks(round):
        for problem in task.problems:
            yield Obstacle(problem, task.url)


def _before_voting(round: Round) -> Iterator[str]:
    if round.ballot_type == BallotType.SCORES:
        yield _("In this round the scores are the vote. Count the scores instead.")
    if not active_seats().filter(fund_id=round.fund_id, role__in=[Role.MEMBER, Role.CHAIR]).exists():
        yield Obstacle(
            _("The committee has no members. Add them under “Seats”."), reverse("rounds:seats", args=[round.fund.slug])
        )


def _before_counting_scores(round: Round) -> Iterator[str]:
    if round.ballot_type != BallotType.SCORES:
        yield _("This round has ballots. Open the vote first.")


# --- setting up -------------------------------------------------------------------------------------------------------


class SetUpTask(NamedTuple):
    """A part of setting up a round: where it is done, what it says now, and what does not fit yet."""

    key: str
    label: str
    url: str
    hint: str
    problems: list[str]


def set_up_tasks(round: Round) -> list[SetUpTask]:
    """Return the six parts of setting up a round, in order. One query, for the criteria."""
    problems = rule_problems(round)
    division = [problems[name] for name in ("allocation_rule", "lot_seed") if name in problems]
    criteria = [criterion.name for criterion in round.criteria.all()]
    parts: list[tuple[str, str, str, list[str]]] = [
        ("money", _("Money and dates"), _money_hint(round), list(_money_problems(round))),
        ("call", _("Call"), "", [] if round.call.strip() else [_("Write the call: what can people ask money for?")]),
        (
            "criteria",
            _("What the committee looks at"),
            " · ".join(criteria),
            [] if criteria else [_("Add at least one point: what does the committee look at?")],
        ),
        ("ballot", _("The vote"), f"{round.get_ballot_type_display()} · {round.get_secrecy_display()}", []),
        ("division", _("The division"), _division_hint(round), division),
        ("counting", _("Rules for the count"), " · ".join(counting_in_words(round)), []),
    ]
    return [
        SetUpTask(key, label, reverse(f"rounds:{key}", args=[round.slug]), hint, missing)
        for key, label, hint, missing in parts
    ]


def _money_hint(round: Round) -> str:
    dates = [day(timezone.localtime(value)) for value in (round.opens_at, round.closes_at) if value]
    return " · ".join([money(round.ceiling) if round.ceiling else "", " – ".join(dates)]).strip(" ·")


def _money_problems(round: Round) -> Iterator[str]:
    if round.ceiling <= 0:
        yield _("Fill in how much money there is.")
    if round.opens_at is None or round.closes_at is None:
        yield _("Fill in when the call opens and when it closes.")
    elif round.closes_at <= timezone.now():
        yield _("The closing date has passed. Choose a later one.")


def _division_hint(round: Round) -> str:
    hint = f"{round.get_allocation_rule_display()} · {round.get_tie_break_display()}"
    return f"{hint}: {round.lot_seed}" if round.tie_break == TieBreak.LOT and round.lot_seed else hint


# --- the next step ----------------------------------------------------------------------------------------------------


class NextStep(NamedTuple):
    """A button for the round: its row of the table, and what still stands in the way."""

    row: Row
    obstacles: list[str]

    @property
    def effect(self) -> Any:
        """What will happen, in one or two sentences."""
        return EFFECTS[self.row.event]

    @property
    def who(self) -> list[str]:
        """The roles that may do it, in words."""
        return [str(role.label) for role in Role if role in self.row.who]


def next_steps(round: Round) -> list[NextStep]:
    """Return the events the table offers from the round's stage; of voting and counting scores only the fitting one."""
    unfit = Event.OPEN_VOTING if round.ballot_type == BallotType.SCORES else Event.COUNT_SCORES
    return [NextStep(row, obstacles_to(round, row.event)) for row in events_from(round.stage) if row.event != unfit]


class Step(NamedTuple):
    """An event that somebody wants to happen to a round, possible now or not."""

    round: Round
    event: Event

    @property
    def who(self) -> frozenset[Role]:
        """Everybody to whom the table gives this event, in whatever stage."""
        return frozenset().union(*(row.who for row in TRANSITIONS if row.event == self.event))


def step_for(user: Any, slug: str, event: str) -> Step:
    """Loader of the page that asks whether somebody is sure. Http404 for a round or an event that is not known."""
    if event not in Event.values:
        raise Http404
    return Step(round_for(user, slug), Event(event))


def timeline_of(round: Round, audience: Audience = Audience.OFFICIAL) -> list[dict[str, Any]]:
    """Return the stages for the timeline component: {label, state, when}. Empty for a round that was called off."""
    if round.stage == Stage.CANCELLED:
        return []
    path = [stage for stage in PATH if stage != Stage.VOTING or round.ballot_type != BallotType.SCORES]
    reached = path.index(Stage(round.stage)) if round.stage in path else path.index(Stage.SCORING)
    when = {
        Stage.OPEN: _until(round.closes_at),
        Stage.SCORING: _until(round.scoring_ends_at),
        Stage.VOTING: _until(round.voting_ends_at),
        Stage.DECIDED: _("by %(day)s") % {"day": day(round.decision_date)} if round.decision_date else "",
    }
    return [
        {
            "label": STAGE_LABELS[audience][stage],
            "state": "done" if place < reached else "current" if place == reached else "todo",
            "when": when.get(stage, ""),
        }
        for place, stage in enumerate(path)
    ]


def _until(end: datetime | None) -> str:
    return _("until %(moment)s") % {"moment": moment(timezone.localtime(end))} if end else ""


# --- what higher apps show on a round's office page -------------------------------------------------------------------


class RoundLink(NamedTuple):
    """A link on a round's office page to a page of a higher app. `url_name` takes the round's slug."""

    label: Any
    url_name: str
    shown: Callable[[Any, Round], bool]


_links: list[RoundLink] = []


def add_round_link(link: RoundLink) -> None:
    """Hand in a link for the office page; called once, in an AppConfig.ready."""
    if link not in _links:
        _links.append(link)


def round_links(user: Any, round: Round) -> list[dict[str, Any]]:
    """Return the links of higher apps that this person may follow: {label, url}."""
    return [
        {"label": link.label, "url": reverse(link.url_name, args=[round.slug])}
        for link in _links
        if link.shown(user, round)
    ]
