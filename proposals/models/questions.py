"""The eight questions as one readable table: what we ask, how we explain it, how long an answer can be."""

from typing import Any, NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Field(TextChoices):
    """What somebody answers. All but BUDGET and CONTACT are one text, kept in the proposal's field of this name."""

    TITLE = "title", _("Name of the idea")
    SUMMARY = "summary", _("What will you do")
    IMPROVEMENT = "improvement", _("What gets better")
    PARTICIPANTS = "participants", _("Who takes part")
    WHERE_WHEN = "where_when", _("Where and when")
    BUDGET = "budget", _("How much money")
    OWN_PART = "own_part", _("What you do yourself")
    CONTACT = "contact", _("How we reach you")


class Step(TextChoices):
    """The steps of the task list, in order."""

    IDEA = "idea", _("Your idea")
    PEOPLE = "people", _("Who and where")
    MONEY = "money", _("Money")
    ABOUT_YOU = "about_you", _("About you")
    CHECK = "check", _("Check and send")


class Question(NamedTuple):
    """One question; `limit` is the number of characters of its text, `rows` the height of its box in lines."""

    key: Field
    step: Step
    label: Any
    help_text: Any
    example: Any
    limit: int
    rows: int
    # Without these nobody can judge the idea, or tell the outcome; the rest is advised.
    needed: bool


QUESTIONS: tuple[Question, ...] = (
    Question(
        Field.TITLE,
        Step.IDEA,
        _("What is the name of your idea?"),
        _("A short name. You can change it later."),
        _("Cooking together on Thursdays"),
        limit=120,
        rows=1,
        needed=True,
    ),
    Question(
        Field.SUMMARY,
        Step.IDEA,
        _("What will you do?"),
        _("Tell it as you would tell a neighbour. A few sentences are enough."),
        _("Every Thursday we cook a meal with ten people. Somebody else chooses the dish each time. We eat together."),
        limit=4000,
        rows=8,
        needed=True,
    ),
    Question(
        Field.IMPROVEMENT,
        Step.IDEA,
        _("What gets better because of your idea?"),
        _("For you, for others, or for the neighbourhood."),
        _("People get out of the house and know each other. Some of them learn to cook healthy food."),
        limit=2000,
        rows=6,
        needed=False,
    ),
    Question(
        Field.PARTICIPANTS,
        Step.PEOPLE,
        _("Who takes part, and who benefits?"),
        _("About how many people, and what kind of people. Please leave out names and illnesses."),
        _("About ten people from the neighbourhood. Two of us organise it. Everybody is welcome."),
        limit=2000,
        rows=6,
        needed=False,
    ),
    Question(
        Field.WHERE_WHEN,
        Step.PEOPLE,
        _("Where and when will it be?"),
        _("You do not have to know it exactly yet."),
        _("In the community centre De Linde, every Thursday evening from September until June."),
        limit=1000,
        rows=4,
        needed=False,
    ),
    Question(
        Field.BUDGET,
        Step.MONEY,
        _("How much money do you need, and for what?"),
        _("Write down what you want to buy or pay. A guess is fine. We add it up."),
        _("Pans: 150. Food for 30 evenings: 900. Rent of the kitchen: 300."),
        limit=120,
        rows=6,
        needed=True,
    ),
    Question(
        Field.OWN_PART,
        Step.ABOUT_YOU,
        _("What do you do yourself, and who helps you?"),
        _("Doing it together counts too. You do not have to be able to do everything."),
        _("I buy the food and I cook. My support worker helps me with the bills."),
        limit=2000,
        rows=6,
        needed=False,
    ),
    Question(
        Field.CONTACT,
        Step.ABOUT_YOU,
        _("How do we reach you?"),
        _("We only use this to talk with you about your idea."),
        "",
        limit=254,
        rows=1,
        needed=True,
    ),
)

BY_KEY = {question.key: question for question in QUESTIONS}
# Those that are one text, in a field of the proposal with the same name.
TEXT_FIELDS = tuple(question.key for question in QUESTIONS if question.key not in {Field.BUDGET, Field.CONTACT})
LARGEST_BUDGET_ROWS = 6


def question_for(key: Field | str) -> Question:
    """Return the question with this key. Raises ValueError when there is none."""
    return BY_KEY[Field(key)]


def questions_of(step: Step) -> tuple[Question, ...]:
    """Return the questions of one step, in order."""
    return tuple(question for question in QUESTIONS if question.step == step)
