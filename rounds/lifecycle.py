"""The life of a round as one readable table: which event leads from which stage to which, and who may do it.

The round is the only clock of the house. A second table says which doors each stage opens: an action in a higher app
asks for its door and never for a stage.
"""

from enum import StrEnum
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What somebody does in a fund, as long as their seat lasts."""

    MEMBER = "member", _("Committee member")
    CHAIR = "chair", _("Chair")
    OFFICIAL = "official", _("Official")
    MANDATE_HOLDER = "mandate_holder", _("Mandate holder")
    COUNCIL = "council", _("Council member")


# Those who can move a round on: see TRANSITIONS.
STEERING_ROLES = frozenset({Role.OFFICIAL, Role.CHAIR, Role.MANDATE_HOLDER})

ROLE_DESCRIPTIONS = {
    Role.MEMBER: _("Reads the proposals, gives scores and votes."),
    Role.CHAIR: _("Does what a member does. Also opens and closes the vote, and signs the advice."),
    Role.OFFICIAL: _("Sets up rounds, checks proposals and gives seats. Does not vote."),
    Role.MANDATE_HOLDER: _("Signs the decision for the municipality. This is the second pair of eyes."),
    Role.COUNCIL: _("Can look at the rounds, also before they open. Changes nothing."),
}


class Stage(TextChoices):
    """Where a round stands, in the words of officials; see STAGE_LABELS for other people's words."""

    PLANNED = "planned", _("In preparation")
    OPEN = "open", _("Open for proposals")
    SCREENING = "screening", _("Screening")
    SCORING = "scoring", _("Scoring")
    VOTING = "voting", _("Voting")
    ADVICE = "advice", _("Advice")
    DECIDED = "decided", _("Decided")
    RUNNING = "running", _("Running")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class Event(TextChoices):
    """What moves a round on; the label is what stands on the button."""

    OPEN = "open", _("Open the round")
    CLOSE_CALL = "close_call", _("Close the call")
    START_SCORING = "start_scoring", _("Let the committee score")
    OPEN_VOTING = "open_voting", _("Open the vote")
    CLOSE_VOTING = "close_voting", _("Close the vote")
    COUNT_SCORES = "count_scores", _("Close the scoring and count the scores")
    DECIDE = "decide", _("Record that everything is decided")
    START_RUNNING = "start_running", _("Start paying and following")
    CLOSE = "close", _("Close the books")
    CANCEL = "cancel", _("Cancel the round")


# What happens when somebody presses the button, in words for officials.
EFFECTS = {
    Event.OPEN: _("People can send in their idea. The rule is frozen and everybody can read it."),
    Event.CLOSE_CALL: _("Nobody can send in an idea any more. You check what came in."),
    Event.START_SCORING: _("The committee can read the proposals and give scores."),
    Event.OPEN_VOTING: _("The committee can vote. From now on the rule cannot change."),
    Event.CLOSE_VOTING: _("Nobody can vote any more. The rule divides the money."),
    Event.COUNT_SCORES: _("Nobody can give scores any more. The rule divides the money."),
    Event.DECIDE: _("The decisions are final. The letters can go out."),
    Event.START_RUNNING: _("The initiatives start. You pay and follow them."),
    Event.CLOSE: _("The round is finished. Nothing can change any more."),
    Event.CANCEL: _("The round stops for good. People can read why."),
}


class Row(NamedTuple):
    """One line of the table."""

    event: Event
    source: Stage
    target: Stage
    who: frozenset[Role]


OFFICIAL = frozenset({Role.OFFICIAL})
CHAIR_OR_OFFICIAL = frozenset({Role.CHAIR, Role.OFFICIAL})

TRANSITIONS: tuple[Row, ...] = (
    Row(Event.OPEN, Stage.PLANNED, Stage.OPEN, OFFICIAL),
    Row(Event.CLOSE_CALL, Stage.OPEN, Stage.SCREENING, OFFICIAL),
    Row(Event.START_SCORING, Stage.SCREENING, Stage.SCORING, OFFICIAL),
    Row(Event.OPEN_VOTING, Stage.SCORING, Stage.VOTING, CHAIR_OR_OFFICIAL),
    Row(Event.CLOSE_VOTING, Stage.VOTING, Stage.ADVICE, CHAIR_OR_OFFICIAL),
    Row(Event.COUNT_SCORES, Stage.SCORING, Stage.ADVICE, CHAIR_OR_OFFICIAL),
    Row(Event.DECIDE, Stage.ADVICE, Stage.DECIDED, frozenset({Role.MANDATE_HOLDER})),
    Row(Event.START_RUNNING, Stage.DECIDED, Stage.RUNNING, OFFICIAL),
    Row(Event.CLOSE, Stage.RUNNING, Stage.CLOSED, OFFICIAL),
    # Until money has been promised, a round can still be called off.
    Row(Event.CANCEL, Stage.PLANNED, Stage.CANCELLED, OFFICIAL),
    Row(Event.CANCEL, Stage.OPEN, Stage.CANCELLED, OFFICIAL),
    Row(Event.CANCEL, Stage.SCREENING, Stage.CANCELLED, OFFICIAL),
    Row(Event.CANCEL, Stage.SCORING, Stage.CANCELLED, OFFICIAL),
    Row(Event.CANCEL, Stage.VOTING, Stage.CANCELLED, OFFICIAL),
    Row(Event.CANCEL, Stage.ADVICE, Stage.CANCELLED, OFFICIAL),
)


class Door(StrEnum):
    """Something that people may do only in certain stages."""

    SET_UP = "set_up"  # change anything about the round, the rule included
    CHANGE_RULE = "change_rule"  # a new version of the frozen rule, with a reason
    SUBMIT = "submit"
    EDIT = "edit"
    WITHDRAW = "withdraw"
    SCREEN = "screen"
    DECLARE_CONFLICT = "declare_conflict"
    SCORE = "score"
    DISCUSS = "discuss"
    VOTE = "vote"
    ALLOCATE = "allocate"
    ADVISE = "advise"
    DECIDE = "decide"
    PAY = "pay"
    REPORT = "report"


DOORS: dict[Stage, frozenset[Door]] = {
    Stage.PLANNED: frozenset({Door.SET_UP}),
    Stage.OPEN: frozenset({Door.CHANGE_RULE, Door.SUBMIT, Door.EDIT, Door.WITHDRAW, Door.SCREEN}),
    Stage.SCREENING: frozenset({Door.CHANGE_RULE, Door.WITHDRAW, Door.SCREEN, Door.DECLARE_CONFLICT}),
    Stage.SCORING: frozenset(
        {Door.CHANGE_RULE, Door.WITHDRAW, Door.DECLARE_CONFLICT, Door.SCORE, Door.DISCUSS},
    ),
    Stage.VOTING: frozenset({Door.WITHDRAW, Door.DECLARE_CONFLICT, Door.DISCUSS, Door.VOTE}),
    Stage.ADVICE: frozenset({Door.WITHDRAW, Door.ALLOCATE, Door.ADVISE, Door.DECIDE}),
    Stage.DECIDED: frozenset({Door.PAY}),
    Stage.RUNNING: frozenset({Door.PAY, Door.REPORT}),
    Stage.CLOSED: frozenset(),
    Stage.CANCELLED: frozenset(),
}

# The stages whose outcome is public: the vote is closed and the rule has run.
COUNTED = frozenset({Stage.ADVICE, Stage.DECIDED, Stage.RUNNING, Stage.CLOSED})
# The stages in which nobody waits for a decision any more.
SETTLED = frozenset({Stage.DECIDED, Stage.RUNNING, Stage.CLOSED, Stage.CANCELLED})


class Audience(StrEnum):
    """For whom a stage is put into words."""

    OFFICIAL = "official"
    INITIATOR = "initiator"
    PUBLIC = "public"


STAGE_LABELS = {
    Audience.OFFICIAL: {stage: stage.label for stage in Stage},
    Audience.INITIATOR: {
        Stage.PLANNED: _("Not open yet"),
        Stage.OPEN: _("You can send in your idea"),
        Stage.SCREENING: _("We check whether your proposal is complete"),
        Stage.SCORING: _("The committee reads your proposal"),
        Stage.VOTING: _("The committee votes"),
        Stage.ADVICE: _("The committee writes its advice"),
        Stage.DECIDED: _("The municipality has decided"),
        Stage.RUNNING: _("The initiatives are under way"),
        Stage.CLOSED: _("This round is finished"),
        Stage.CANCELLED: _("This round was called off"),
    },
    Audience.PUBLIC: {
        Stage.PLANNED: _("Not open yet"),
        Stage.OPEN: _("Open: send in your idea"),
        Stage.SCREENING: _("The municipality checks the proposals"),
        Stage.SCORING: _("The committee reads and scores"),
        Stage.VOTING: _("The committee votes"),
        Stage.ADVICE: _("The budget has been divided, the decision follows"),
        Stage.DECIDED: _("The municipality has decided"),
        Stage.RUNNING: _("The initiatives are under way"),
        Stage.CLOSED: _("This round is finished"),
        Stage.CANCELLED: _("This round was called off"),
    },
}

# The stages that every round passes, in order, for a timeline.
PATH: tuple[Stage, ...] = (
    Stage.PLANNED,
    Stage.OPEN,
    Stage.SCREENING,
    Stage.SCORING,
    Stage.VOTING,
    Stage.ADVICE,
    Stage.DECIDED,
    Stage.RUNNING,
    Stage.CLOSED,
)


class TransitionRefused(Exception):
    """An event does not fit the stage a round is in (or was in, when somebody else was quicker)."""


class ObstaclesRemain(TransitionRefused):
    """Something must be done before this event; `obstacles` holds one sentence for each thing."""

    def __init__(self, obstacles: list[str]) -> None:
        self.obstacles = obstacles
        super().__init__(" ".join(str(obstacle) for obstacle in obstacles))


class DoorClosed(Exception):
    """What was asked is not possible in the stage the round is in."""


def row_for(event: Event | str, source: Stage | str) -> Row:
    """Return the table's row for an event in a stage. Raises TransitionRefused when there is none."""
    for row in TRANSITIONS:
        if row.event == event and row.source == source:
            return row
    raise TransitionRefused(
        _("This is not possible now: the round is in the stage “%(stage)s”.") % {"stage": Stage(source).label}
    )


def events_from(source: Stage | str) -> tuple[Row, ...]:
    """Return the rows that start in a stage, in the table's order."""
    return tuple(row for row in TRANSITIONS if row.source == source)


def is_open(door: Door, stage: Stage | str) -> bool:
    """Whether a stage opens a door."""
    return door in DOORS[Stage(stage)]
