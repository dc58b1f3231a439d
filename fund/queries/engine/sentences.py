"""What a stored run did, in plain sentences in the reader's language."""

from collections.abc import Callable
from fractions import Fraction

from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from allocation import BallotGroup, Candidate, Instance, Line, Outcome, Reason
from allocation.sentences import RuleSummary as RuleInWords
from allocation.sentences import explain, rule_summary
from allocation.what_if import Change, Counted
from fund.models import AllocationLine, AllocationRun
from fund.queries.engine.counts import OwnReason
from fund.queries.engine.elections import CENTS, KINDS
from proposals.models import Proposal
from rounds.models import Round

__all__ = ["RuleInWords", "Wording", "rule_in_words"]


def rule_in_words(name: str) -> RuleInWords:
    """Return a rule's title and its two sentences, in the reader's language."""
    return rule_summary(name, translation)


class Wording:
    """Explains the lines of one run. `money` writes an amount in cents."""

    def __init__(self, round: Round, run: AllocationRun, money: Callable[[int], str]) -> None:
        self._round = round
        self._run = run
        self._money = money

    def explanation(self, line: AllocationLine) -> str:
        """Return what happened to one proposal and why: one sentence or two."""
        return self._written(line, None)

    def change(self, line: AllocationLine) -> str:
        """Return what would have been enough for a proposal that was left; empty where nobody looked."""
        if not line.counted:
            return ""
        return self._written(line, self._change(line)).removeprefix(self._written(line, None)).strip()

    def _written(self, line: AllocationLine, change: Change | None) -> str:
        if line.reason == OwnReason.TIED:
            return _("Exactly equal to another proposal. The committee votes again about these.")
        candidates = [_candidate(line.proposal)]
        if line.beaten_by is not None:
            candidates.append(_candidate(line.beaten_by))
        # Everything in cents here: what the engine reckoned in whole euros is shown to the cent.
        instance = Instance(
            budget=self._run.budget,
            candidates=tuple(candidates),
            groups=(BallotGroup((), weight=self._run.voters),) if self._run.voters else (),
            kind=KINDS[self._round.ballot_type],
            scale=CENTS,
            threshold=self._round.threshold or None,
        )
        fact = Line(
            position=0,
            reason=Reason(line.reason),
            amount=line.amount,
            step=line.step,
            support=line.support,
            eligible=line.eligible,
            score=Fraction(line.score),
            needed=line.needed,
            available=Fraction(line.available),
            payments=() if line.most_paid is None else ((0, Fraction(line.most_paid)),),
            beaten_by=None if line.beaten_by is None else 1,
        )
        outcome = Outcome(self._run.counted_by, (), (), (fact,))
        return explain(instance, outcome, 0, change, translations=translation, money=self._money, number=_number)

    @staticmethod
    def _change(line: AllocationLine) -> Change:
        return Change(0, line.extra_support, Counted(line.counted), line.largest_cost)


def _candidate(proposal: Proposal) -> Candidate:
    return Candidate(proposal.reference, proposal.amount_applied_for, proposal.title)


def _number(number: Fraction) -> str:
    """A score with at most two decimals, rounded down, as the reader writes numbers."""
    hundredths = number.numerator * 100 // number.denominator
    whole, part = divmod(hundredths, 100)
    if not part:
        return number_format(whole, force_grouping=True)
    return number_format(f"{whole}.{part:02d}".rstrip("0"), force_grouping=True)
