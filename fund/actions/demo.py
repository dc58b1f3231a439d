"""The demo: a believable fund with three rounds, each in another stage. Everything in it is made up."""

import hashlib
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from accounts.actions import create_demo_people
from accounts.demo import DEMO_DOMAIN
from accounts.models import Person
from fund.actions.allocations import allocate_round, compare_rules
from fund.actions.demo_ideas import tell_ideas
from proposals.actions import Entry, enter_proposals
from proposals.lifecycle import State
from proposals.models import BudgetLine, Proposal
from rounds.actions import advance, create_fund, create_round, give_seat, record, set_criteria
from rounds.lifecycle import Event, Role, Stage
from rounds.models import AuditEntry, Fund, Round
from voting.actions import enter_ballots
from voting.queries import Choice, EqualBallots, choices_text, recused_text
from web.templatetags.formats import day

DATA = Path(__file__).resolve().parent.parent / "demo" / "voorbeeldstad.json"
# The day on which the story of the demo is told; its dates move along with the day on which it is loaded.
TOLD_ON = date(2026, 11, 22)
# Without letters and digits that look alike.
RECEIPT_SIGNS = "ABCDEFGHJKLMNPQRTUVWXYZ2346789"
# How a round gets to its stage, and who does it.
PATHS: dict[Stage, tuple[tuple[Event, str], ...]] = {
    Stage.OPEN: ((Event.OPEN, "otto"),),
    Stage.ADVICE: (
        (Event.OPEN, "otto"),
        (Event.CLOSE_CALL, "otto"),
        (Event.START_SCORING, "otto"),
        (Event.OPEN_VOTING, "vera"),
        (Event.CLOSE_VOTING, "vera"),
    ),
    Stage.RUNNING: ((Event.DECIDE, "bea"), (Event.START_RUNNING, "otto")),
}


class DemoRefused(Exception):
    """This is production: the demo, with its made-up people, stays out."""


class Loaded(Enum):
    """What loading the demo came to."""

    NOW = "now"
    BEFORE = "before"
    BEFORE_FROM_OTHER_DATA = "before, from other data"


def load_demo() -> Loaded:
    """Load the demo, unless it is there already, which one query tells. Raises DemoRefused in production."""
    if settings.PRODUCTION:
        raise DemoRefused
    content = DATA.read_bytes()
    fingerprint = hashlib.sha256(content).hexdigest()
    loaded = AuditEntry.objects.filter(action="load_demo").last()
    if loaded is not None:
        same = json.loads(loaded.data)["fingerprint"] == fingerprint
        return Loaded.BEFORE if same else Loaded.BEFORE_FROM_OTHER_DATA
    with transaction.atomic():
        _Loading(json.loads(content)).everything(fingerprint)
    return Loaded.NOW


class _Loading:
    """One loading of the demo."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        # In whole weeks, so that no vote closes on a Sunday.
        self._shift = timedelta(weeks=round((timezone.localdate() - TOLD_ON).days / 7))
        # The same codes every time: they are no secret, and a demo should not change under people's hands.
        self._lot = random.Random("kantelfonds demo")  # noqa: S311

    def everything(self, fingerprint: str) -> None:
        """The people, the fund, the rounds."""
        self._people = create_demo_people()
        fund = create_fund(by=None, **self._data["fund"])
        for person in self._data["people"]:
            self._seat(fund, person)
        for content in self._data["rounds"]:
            self._round(fund, content)
        record(action="load_demo", subject=fund, by=None, fingerprint=fingerprint)

    def _seat(self, fund: Fund, content: Mapping[str, Any]) -> None:
        key = content["key"]
        if key not in self._people:
            self._people[key] = Person.objects.create_user(f"{key}@{DEMO_DOMAIN}", name=content["name"])
        if content["role"]:
            give_seat(
                fund=fund,
                person=self._people[key],
                role=Role(content["role"]),
                from_date=date.fromisoformat(content["from"]),
                until_date=date.fromisoformat(content["until"]) if content["until"] else None,
                by=None,
            )

    def _round(self, fund: Fund, content: Mapping[str, Any]) -> None:
        stage, otto, now = Stage(content["stage"]), self._people["otto"], timezone.now()
        dates = self._dates(content["dates"])
        # A call that has closed cannot be opened. So each call is opened as if it were this week's, and gets the dates
        # of the story afterwards; dates are no part of the frozen rule.
        round = create_round(
            fund=fund,
            by=otto,
            name=content["name"],
            slug=content["slug"],
            call=self._call(content),
            opens_at=now - timedelta(days=1),
            closes_at=now + timedelta(days=30),
            ceiling=content["ceiling"] * 100,
            ballot_type=content["ballot_type"],
            secrecy=content["secrecy"],
            allocation_rule=content["allocation_rule"],
            tie_break=content["tie_break"],
            threshold=content["threshold"],
            minimum_scores=content["minimum_scores"],
            quorum_percent=content["quorum_percent"],
        )
        set_criteria(round=round, edition=round.edition, by=otto, criteria=self._data["criteria"])
        self._follow(round, PATHS[Stage.OPEN if stage == Stage.OPEN else Stage.ADVICE][:1])
        if stage != Stage.OPEN:
            entries = self._entries(content["proposals"], dates)
            proposals = enter_proposals(round=round, entries=entries, by=otto)
            self._follow(round, PATHS[Stage.ADVICE][1:-1])
            self._vote(round, content["ballots"], {proposal.reference: proposal.pk for proposal in proposals})
            self._follow(round, PATHS[Stage.ADVICE][-1:])
            allocate_round(round=round, by=otto)
            compare_rules(round=round, by=otto)
        if stage == Stage.RUNNING:
            self._follow(round, PATHS[Stage.RUNNING])
        if ideas := content.get("ideas", []):
            self._initiators(ideas)
            # The day on which the call closes gives references their year.
            closes_at = dates["closes_at"]
            if isinstance(closes_at, datetime) and closes_at > now:
                round.closes_at = closes_at
                Round.objects.filter(pk=round.pk).update(closes_at=closes_at)
            tell_ideas(round=round, ideas=ideas, people=self._people, official=otto)
        Round.objects.filter(pk=round.pk).update(**dates)

    def _initiators(self, ideas: Sequence[Mapping[str, Any]]) -> None:
        """Let everybody exist who tells an idea."""
        for idea in ideas:
            key = idea["person"]
            if key not in self._people:
                self._people[key] = Person.objects.create_user(f"{key}@{DEMO_DOMAIN}", name=idea["name"])

    def _follow(self, round: Round, path: Sequence[tuple[Event, str]]) -> None:
        for event, key in path:
            advance(round, event, self._people[key])

    def _dates(self, content: Mapping[str, str]) -> dict[str, date | datetime]:
        dates: dict[str, date | datetime] = {}
        for name, text in content.items():
            moved = date.fromisoformat(text) + self._shift
            hour = time(9, 0) if name == "opens_at" else time(17, 0)
            dates[name] = timezone.make_aware(datetime.combine(moved, hour)) if name.endswith("_at") else moved
        return dates

    def _call(self, content: Mapping[str, Any]) -> str:
        """The text of the call, in which the days of the story have moved along."""
        text: str = content["call"]
        with translation.override("nl"):
            for written in content["dates"].values():
                told = date.fromisoformat(written)
                text = text.replace(day(told), day(told + self._shift))
        return text

    def _entries(self, content: Sequence[Mapping[str, Any]], dates: Mapping[str, Any]) -> Iterator[Entry]:
        """Proposals come in all through the call, the last ones on its last day."""
        opened, closed = dates["opens_at"], dates["closes_at"]
        for place, one in enumerate(content, start=1):
            initiator = one["initiator"]
            proposal = Proposal(
                reference=one["reference"],
                state=State.ELIGIBLE,
                initiator=self._people[initiator] if initiator else None,
                organisation=one["organisation"],
                title=one["title"],
                summary=one["summary"],
                summary_is_public=True,
                neighbourhood=one["neighbourhood"],
                theme=one["theme"],
                amount_applied_for=one["amount"] * 100,
                minimum_amount=None if one["minimum"] is None else one["minimum"] * 100,
                submitted_at=opened + (closed - opened) * place / len(content),
            )
            yield Entry(
                proposal, [BudgetLine(what=line["what"], amount=line["amount"] * 100) for line in one["budget"]]
            )

    def _vote(self, round: Round, content: Sequence[Mapping[str, Any]], keys: Mapping[str, int]) -> None:
        """Who voted what is in the story only: what is kept is a ballot with a code, in an order that says nothing."""
        ballots = [
            EqualBallots(
                choices_text(Choice(keys[reference]) for reference in one["approve"]),
                recused_text(keys[reference] for reference in one["recused"]),
                1,
            )
            for one in content
        ]
        self._lot.shuffle(ballots)
        enter_ballots(round=round, ballots=ballots, by=None, receipts=self._receipts())

    def _receipts(self) -> Iterator[str]:
        while True:
            yield "-".join("".join(self._lot.choices(RECEIPT_SIGNS, k=4)) for _part in range(3))
