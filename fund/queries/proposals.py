"""One proposal after the count: what became of it, and what other rules would have made of it."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404

from fund.models import AllocationLine, RunKind
from fund.queries.engine import RuleInWords, rule_in_words
from fund.queries.outcomes import Explained, Outcome, counted_round_for
from proposals.lifecycle import State
from proposals.models import Proposal
from rounds.models import Round


@dataclass(frozen=True)
class ProposalOutcome:
    """Everything the public may know of one proposal after the count."""

    round: Round
    proposal: Proposal
    outcome: Outcome
    explained: Explained
    rules: list[tuple[RuleInWords, bool]]


def proposal_outcome_for(user: Any, slug: str, reference: str) -> ProposalOutcome:
    """Loader of a proposal's public page: a proposal that took part in a counted round, or Http404.

    Who withdrew after the vote is gone from here, though the published run keeps the line.
    """
    round = counted_round_for(user, slug)
    lines = AllocationLine.objects.filter(
        run__round=round,
        run__kind=RunKind.PUBLISHED,
        proposal__reference=reference,
        proposal__state=State.ELIGIBLE,
    )
    line = lines.select_related("run", "proposal", "beaten_by").first()
    if line is None:
        raise Http404
    outcome = Outcome(round, line.run, [line])
    what_ifs = AllocationLine.objects.filter(proposal=line.proposal, run__kind=RunKind.WHAT_IF, run__failure="")
    taken = what_ifs.order_by("run").values_list("run__rule", "step")
    rules = [(rule_in_words(rule), step is not None) for rule, step in taken]
    return ProposalOutcome(round, line.proposal, outcome, outcome.explain(line), rules)
