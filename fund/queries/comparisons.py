"""The rules beside each other: what each would have made of the same ballots."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fund.models import AllocationLine, AllocationRun, Failure, RunKind
from fund.queries.amounts import amounts_of
from fund.queries.engine import RuleInWords, rule_in_words
from proposals.models import Proposal
from proposals.queries import eligible_proposals
from rounds.models import Round

AT_A_STRETCH = 24


@dataclass(frozen=True)
class RuleOutcome:
    """What one rule would have given: amounts by proposal, in cents, only where there is one."""

    run: AllocationRun
    amounts: dict[int, int]
    published: bool
    written: dict[str, str]
    also: list[Proposal]
    not_these: list[Proposal]

    @cached_property
    def rule(self) -> RuleInWords:
        """The rule in plain words."""
        return rule_in_words(self.run.rule)

    @property
    def failure(self) -> str:
        """Why there is no outcome; empty when there is one."""
        return str(Failure(self.run.failure).label) if self.run.failure else ""

    @property
    def reached(self) -> int:
        """Voters who see at least one of their choices funded."""
        return sum(self.run.choices_funded[1:])

    @property
    def reached_written(self) -> str:
        """The number of voters reached, as the reader writes numbers."""
        return number_format(self.reached, force_grouping=True)

    @property
    def spread(self) -> str:
        """How the luck is spread: of the voters with fewest and with most choices funded."""
        numbers = [number for number, voters in enumerate(self.run.choices_funded) if voters]
        if not numbers:
            return ""
        return _("from %(fewest)d to %(most)d") % {"fewest": numbers[0], "most": numbers[-1]}


@dataclass(frozen=True)
class Contested:
    """A proposal that some rules fund and others do not."""

    proposal: Proposal
    asked: str
    rules: list[RuleOutcome]
    others: list[RuleOutcome]

    @property
    def by_ours(self) -> bool:
        """Whether the rule of the round itself funds it."""
        return any(one.published for one in self.rules)

    @property
    def how_many(self) -> str:
        """How many of the rules give it money."""
        return _("%(some)d of %(all)d") % {"some": len(self.rules), "all": len(self.rules) + len(self.others)}

    @property
    def which(self) -> str:
        """Which rules give it money, or which do not: the shorter of the two."""
        if len(self.rules) <= len(self.others):
            return _("By: %(rules)s") % {"rules": _titles(self.rules)}
        return _("By all but: %(rules)s") % {"rules": _titles(self.others)}


def _titles(rules: Iterable[RuleOutcome]) -> str:
    return "; ".join(one.rule.title for one in rules)


@dataclass(frozen=True)
class Comparison:
    """All rules on one round's ballots."""

    rules: list[RuleOutcome]
    contested: list[Contested]
    always: list[Proposal]
    never: list[Proposal]

    @property
    def contested_first(self) -> list[Contested]:
        """The proposals that nearly all rules agree on first; as many as one reads at a stretch."""
        return self.contested[:AT_A_STRETCH]

    @property
    def contested_more(self) -> list[Contested]:
        """The rest of them."""
        return self.contested[AT_A_STRETCH:]

    @property
    def more_title(self) -> str:
        """How many the rest are."""
        number = len(self.contested_more)
        return ngettext("%(count)d more proposal", "%(count)d more proposals", number) % {"count": number}

    @property
    def always_title(self) -> str:
        """How many every rule funds."""
        number = len(self.always)
        return ngettext(
            "%(count)d proposal gets money by every rule", "%(count)d proposals get money by every rule", number
        ) % {"count": number}

    @property
    def never_title(self) -> str:
        """How many no rule funds."""
        number = len(self.never)
        return ngettext(
            "%(count)d proposal gets money by no rule", "%(count)d proposals get money by no rule", number
        ) % {"count": number}


def comparison_of(round: Round) -> Comparison:
    """Lay the rules beside each other. Three queries, however many rules and proposals."""
    runs = list(AllocationRun.objects.filter(round=round, kind=RunKind.WHAT_IF).order_by("pk"))
    proposals = {proposal.pk: proposal for proposal in eligible_proposals(round).order_by("pk")}
    amounts: dict[int, dict[int, int]] = {run.pk: {} for run in runs}
    taken = AllocationLine.objects.filter(run__in=runs, step__isnull=False)
    for run_id, proposal_id, amount in taken.values_list("run_id", "proposal_id", "amount"):
        if proposal_id in proposals:
            amounts[run_id][proposal_id] = amount
    own = next((run.pk for run in runs if run.rule == round.allocation_rule), None)
    chosen = amounts.get(own, {}) if own else {}
    money = amounts_of(round)
    rules = [
        RuleOutcome(
            run=run,
            amounts=amounts[run.pk],
            published=run.pk == own,
            written={"spent": money(run.spent), "left": money(run.budget - run.spent)},
            also=[proposals[pk] for pk in sorted(amounts[run.pk].keys() - chosen.keys())],
            not_these=[proposals[pk] for pk in sorted(chosen.keys() - amounts[run.pk].keys())],
        )
        for run in runs
    ]
    counted = [rule for rule in rules if not rule.run.failure]
    contested, always, never = [], [], []
    for pk, proposal in proposals.items():
        funding = [rule for rule in counted if pk in rule.amounts]
        if not funding:
            never.append(proposal)
        elif len(funding) == len(counted):
            always.append(proposal)
        else:
            others = [rule for rule in counted if pk not in rule.amounts]
            contested.append(Contested(proposal, money(proposal.amount_applied_for), funding, others))
    contested.sort(key=lambda one: -len(one.rules))
    return Comparison(rules, contested, always, never)
