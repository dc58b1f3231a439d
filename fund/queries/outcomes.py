"""What became of a round's money, as the public pages show it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F
from django.http import Http404
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fund.models import AllocationLine, AllocationRun, Failure, RunKind
from fund.queries.amounts import EURO, amounts_of
from fund.queries.engine import RuleInWords, Wording, rule_in_words
from proposals.models import Proposal
from rounds.lifecycle import COUNTED
from rounds.models import Round
from rounds.queries import round_for

# Above this number of proposals a list shows names and amounts; the explanation is one tap away.
EXPLAINED_AT_ONCE = 40
# Themes are a picture of the pot while there are few enough of them to tell apart.
THEMES_IN_PICTURE = 5


@dataclass(frozen=True)
class Explained:
    """One proposal's line of the outcome, in words and ready to be shown."""

    line: AllocationLine
    url: str
    amount: str
    asked: str
    explanation: str
    change: str

    @property
    def proposal(self) -> Proposal:
        """The proposal that the line is about."""
        return self.line.proposal

    @property
    def funded(self) -> bool:
        """Whether any money goes to it."""
        return self.line.step is not None

    @property
    def support(self) -> str:
        """How many voters are in favour, written."""
        return number_format(self.line.support, force_grouping=True)

    @property
    def in_part(self) -> bool:
        """Whether it gets less than was asked for."""
        return self.funded and self.line.amount < self.line.proposal.amount_applied_for

    @property
    def reserve_in_words(self) -> str:
        """The place on the reserve list."""
        return _("Place %(place)d on the reserve list") % {"place": self.line.reserve_place or 0}

    @property
    def who_voted(self) -> str:
        """How many were allowed to vote on it."""
        return ngettext(
            "%(count)d person could vote on it", "%(count)d people could vote on it", self.line.eligible
        ) % {"count": self.line.eligible}


@dataclass(frozen=True)
class Group:
    """A heading on the page of the outcome with its proposals."""

    id: str
    title: str
    note: str
    amount_title: str
    rows: list[Explained]
    numbered: bool = False
    folded: bool = True

    @property
    def heading(self) -> str:
        """The title with the number of proposals under it."""
        return f"{self.title} ({len(self.rows)})"


class Outcome:
    """The published run of a round with its lines, sorted into what is funded, in reserve, and neither.

    `wanted` keeps only the proposals with these words in their title; the totals are of all of them.
    """

    def __init__(self, round: Round, run: AllocationRun, lines: Sequence[AllocationLine], wanted: str = "") -> None:
        self.round = round
        self.run = run
        self.wanted = wanted.strip()
        self.money = amounts_of(round)
        self._lines = lines
        self._wording = Wording(round, run, self.money)

    @cached_property
    def rule(self) -> RuleInWords:
        """The rule in plain words: the one that was run, where an election declares it by a name of its own."""
        return rule_in_words(self.run.counted_by or self.run.rule)

    @property
    def failed(self) -> bool:
        """Whether the rule gave no outcome."""
        return bool(self.run.failure)

    @property
    def number(self) -> int:
        """How many proposals took part."""
        return len(self._lines)

    @property
    def is_long(self) -> bool:
        """Whether there are too many proposals to explain all of them on one page."""
        return self.number > EXPLAINED_AT_ONCE

    @cached_property
    def funded(self) -> list[Explained]:
        """What gets money, in the order in which the rule took it."""
        return self._explained(line for line in self._shown if line.step is not None)

    @cached_property
    def reserve(self) -> list[Explained]:
        """What comes next when money comes free."""
        return self._explained(line for line in self._shown if line.reserve_place is not None)

    @cached_property
    def left(self) -> list[Explained]:
        """What gets no money and does not wait for it either."""
        others = [line for line in self._shown if line.step is None and line.reserve_place is None]
        return self._explained(sorted(others, key=lambda line: (-line.support, line.proposal.title)))

    @cached_property
    def groups(self) -> list[Group]:
        """The three lists under their headings; empty when nothing took part."""
        if not self._lines:
            return []
        asked = _("Asked")
        return [
            Group("funded", _("These get money"), "", _("Amount"), self.funded, folded=False),
            Group(
                "reserve",
                _("On the reserve list"),
                _("Is there money left over later? Then these come first, in this order."),
                asked,
                self.reserve,
                numbered=True,
            ),
            Group("not-funded", _("These get no money"), "", asked, self.left),
        ]

    @property
    def tied(self) -> list[Explained]:
        """The proposals about which the committee votes again."""
        return self._explained(self._lines) if self.run.failure == Failure.TIE else []

    @property
    def number_found(self) -> int:
        """How many proposals the search found."""
        return len(self._shown)

    @property
    def spent_in_words(self) -> str:
        """What was given away, and of how much."""
        return _("%(spent)s of %(budget)s") % self.amounts

    @property
    def number_funded(self) -> int:
        """How many proposals get money."""
        return sum(line.step is not None for line in self._lines)

    @property
    def left_over(self) -> int:
        """Cents that the rule did not give away."""
        return self.run.budget - self.run.spent

    @property
    def reached(self) -> int:
        """Voters who see at least one of their choices funded."""
        return sum(self.run.choices_funded[1:])

    @property
    def voters(self) -> str:
        """How many people voted, written."""
        return number_format(self.run.voters, force_grouping=True)

    @property
    def reached_in_words(self) -> str:
        """How many voters see at least one of their choices funded; empty when nobody voted."""
        if not self.run.voters:
            return ""
        reached = number_format(self.reached, force_grouping=True)
        return _("%(reached)s of them see an idea of their choice get money.") % {"reached": reached}

    @cached_property
    def amounts(self) -> dict[str, str]:
        """The totals, written."""
        return {
            "budget": self.money(self.run.budget),
            "spent": self.money(self.run.spent),
            "left": self.money(self.left_over),
            "share": "" if self.run.endowment is None else self.money(self.run.endowment),
        }

    @cached_property
    def picture(self) -> list[dict[str, Any]]:
        """The pot in parts, for the money bar: by theme where there are a few, and what is left. Euros only."""
        if self.round.currency != EURO:
            return []
        by_theme: dict[str, int] = {}
        for line in self._lines:
            if line.amount:
                by_theme[line.proposal.theme] = by_theme.get(line.proposal.theme, 0) + line.amount
        left = [{"label": _("Not given away"), "cents": self.left_over}] if self.left_over else []
        if "" in by_theme or len(by_theme) < 2:
            return [{"label": _("Given to initiatives"), "cents": self.run.spent}, *left]
        largest_first = sorted(by_theme.items(), key=lambda part: -part[1])
        if len(largest_first) > THEMES_IN_PICTURE:
            rest = sum(cents for _theme, cents in largest_first[THEMES_IN_PICTURE - 1 :])
            largest_first = [*largest_first[: THEMES_IN_PICTURE - 1], (_("Other themes"), rest)]
        return [{"label": theme, "cents": cents} for theme, cents in largest_first] + left

    @cached_property
    def _shown(self) -> list[AllocationLine]:
        words = self.wanted.casefold()
        return [line for line in self._lines if words in line.proposal.title.casefold()]

    def _explained(self, lines: Iterable[AllocationLine]) -> list[Explained]:
        return [self.explain(line, briefly=self.is_long) for line in lines]

    def explain(self, line: AllocationLine, *, briefly: bool = False) -> Explained:
        """Put one line into words; `briefly` leaves out the explanation."""
        return Explained(
            line=line,
            url=reverse("fund:proposal", args=[self.round.slug, line.proposal.reference]),
            amount=self.money(line.amount),
            asked=self.money(line.proposal.amount_applied_for),
            explanation="" if briefly else self._wording.explanation(line),
            change="" if briefly else self._wording.change(line),
        )


def was_held_elsewhere(round: Round) -> bool:
    """Whether a round is an election that was brought in to be counted: it never had a call here."""
    return round.opens_at is None


def counted_round_for(user: Any, slug: str) -> Round:
    """Loader of the pages about an outcome: the round, once it is counted, or Http404."""
    round = round_for(user, slug)
    if round.stage not in COUNTED:
        raise Http404
    return round


def outcome_of(round: Round, wanted: str = "") -> Outcome | None:
    """Return a round's published outcome, or None before it is counted. Two queries, however many proposals."""
    if round.stage not in COUNTED:
        return None
    run = AllocationRun.objects.filter(round=round, kind=RunKind.PUBLISHED).first()
    if run is None:
        return None
    return Outcome(round, run, list(lines_of(run)), wanted)


def lines_of(run: AllocationRun) -> Any:
    """Return a run's lines with their proposals, those that were taken first in the order taken."""
    lines = AllocationLine.objects.filter(run=run).select_related("proposal", "beaten_by")
    return lines.order_by(F("step").asc(nulls_last=True), F("reserve_place").asc(nulls_last=True), "pk")
