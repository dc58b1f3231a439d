"""Who may do what with a fund and a round. Each answer is a plain yes or no, from the seats that are active today."""

from typing import Any

from rounds import queries
from rounds.lifecycle import STEERING_ROLES, Door, Event, Role, Stage, TransitionRefused, is_open, row_for
from rounds.models import Fund, Round, RuleVersion, Seat

# Those who see other people's proposals or move money: a second factor before anything else (BIO2).
SECOND_FACTOR_ROLES = frozenset({Role.MEMBER, Role.CHAIR, Role.OFFICIAL, Role.MANDATE_HOLDER})


def needs_second_factor(user: Any) -> bool:
    """Whether this person's seats ask for a second factor at sign-in."""
    return bool(queries.all_roles_of(user) & SECOND_FACTOR_ROLES)


def is_official(user: Any) -> bool:
    """Whether this person is an official of any fund today."""
    return Role.OFFICIAL in queries.all_roles_of(user)


def may_manage_fund(user: Any, fund: Fund) -> bool:
    """Officials manage their own fund: its rounds, its seats."""
    return Role.OFFICIAL in queries.roles_of(user, fund.pk)


def may_create_fund(user: Any) -> bool:
    """Whoever is an official of a fund may start another; the first is started by ``manage.py appoint``."""
    return is_official(user)


def may_steer(user: Any) -> bool:
    """Whether this person moves any round on: the link in the header, and the list behind it."""
    return bool(queries.all_roles_of(user) & STEERING_ROLES)


def may_manage_seat(user: Any, seat: Seat) -> bool:
    """Officials of a fund end and extend its seats."""
    return may_manage_fund(user, seat.fund)


def may_see_round(user: Any, round: Round) -> bool:
    """Everybody sees a round that was ever open; before that only those with a seat in its fund."""
    if queries.roles_of(user, round.fund_id):
        return True
    if round.stage == Stage.CANCELLED:
        return RuleVersion.objects.filter(round=round).exists()
    return round.stage != Stage.PLANNED


def may_see_office(user: Any, round: Round) -> bool:
    """The office page of a round is for those who can move it on: official, chair, mandate holder."""
    return bool(queries.roles_of(user, round.fund_id) & STEERING_ROLES)


def may_take_step(user: Any, step: queries.Step) -> bool:
    """Whether this kind of step is ever up to this person; whether it is possible now is up to the stage."""
    return bool(queries.roles_of(user, step.round.fund_id) & step.who)


def may_manage_round(user: Any, round: Round) -> bool:
    """Officials manage the rounds of their fund, in every stage; what can still be changed is up to the stage."""
    return Role.OFFICIAL in queries.roles_of(user, round.fund_id)


def may_set_up_round(user: Any, round: Round) -> bool:
    """Everything about a round can be changed as long as it is in preparation."""
    return may_manage_round(user, round) and is_open(Door.SET_UP, round.stage)


def may_change_rule(user: Any, round: Round) -> bool:
    """A frozen rule gets a new version, with a reason, until the vote opens (Awb 4:26)."""
    return may_manage_round(user, round) and is_open(Door.CHANGE_RULE, round.stage)


def may_advance(user: Any, round: Round, event: Event) -> bool:
    """Whether the table of stages gives this event to one of this person's roles, in the stage the round is in."""
    try:
        row = row_for(event, round.stage)
    except TransitionRefused:
        return False
    return bool(queries.roles_of(user, round.fund_id) & row.who)
