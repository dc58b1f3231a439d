"""The distribution rule: as a document with a digest, in words, and as it changed."""

import hashlib
import json
from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rounds.models import AllocationRule, BallotType, Criterion, Round, RuleVersion, Secrecy, TieBreak
from web.templatetags.formats import money

# Which rules can read which ballots; a test holds this against the engine.
_BY_SUPPORT = frozenset(
    {
        AllocationRule.GREEDY_VOTES,
        AllocationRule.GREEDY_VOTES_PER_COST,
        AllocationRule.MES_COST,
        AllocationRule.MES_CARDINALITY,
        AllocationRule.MES_COST_ADD1,
        AllocationRule.MES_COST_ADD1U,
        AllocationRule.MES_CARDINALITY_ADD1U,
        AllocationRule.PHRAGMEN,
        AllocationRule.WELFARE_VOTES,
        AllocationRule.WELFARE_COST,
    }
)
_BY_POINTS = frozenset({AllocationRule.GREEDY_POINTS, AllocationRule.MES_POINTS})
SUITABLE_RULES: dict[str, frozenset[AllocationRule]] = {
    BallotType.APPROVAL: _BY_SUPPORT,
    BallotType.CHOOSE_ONE: _BY_SUPPORT,
    BallotType.YES_NO: _BY_SUPPORT | {AllocationRule.MAJORITY},
    BallotType.POINTS: _BY_SUPPORT | _BY_POINTS,
    BallotType.POT: _BY_SUPPORT | _BY_POINTS | {AllocationRule.AVERAGE_POT},
    BallotType.SCORES: _BY_SUPPORT | _BY_POINTS,
    BallotType.RANKING: _BY_SUPPORT | _BY_POINTS,
}


def rule_document(round: Round) -> str:
    """Return the distribution rule as canonical JSON: what is published, digested and never changed (Awb 4:25-4:26).

    Amounts are integer cents. Keys are sorted and there is no white space, so that anyone can recompute the digest.
    Reads the criteria from the database, whatever was read before: one query.
    """
    rule: dict[str, Any] = {
        "format": "kantelfonds-rule-1",
        "fund": round.fund.name,
        "round": round.name,
        "currency": round.currency,
        "ceiling": round.ceiling,
        "ballot_type": round.ballot_type,
        "points": round.points if round.ballot_type == BallotType.POINTS else None,
        "secrecy": round.secrecy,
        "allocation_rule": round.allocation_rule,
        "declared_rule": round.declared_rule,
        "partial_funding": round.partial_funding,
        "tie_break": round.tie_break,
        "lot_seed": round.lot_seed if round.tie_break == TieBreak.LOT else "",
        "threshold": round.threshold,
        "minimum_scores": round.minimum_scores,
        "quorum_percent": round.quorum_percent,
        "criteria": list(Criterion.objects.filter(round=round).values("name", "question", "weight")),
    }
    return json.dumps(rule, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(document: str) -> str:
    """Return the SHA-256 of a rule document, in hexadecimal: what is published and printed on every decision."""
    return hashlib.sha256(document.encode()).hexdigest()


def current_rule(round: Round) -> RuleVersion | None:
    """Return the version of the rule that is in force, or None before the round opens."""
    return round.rule_versions.order_by("-number").first()


def rule_problems(round: Round) -> dict[str, str]:
    """Return field -> what does not fit in the combination of choices; empty when everything fits."""
    problems = {}
    counts_itself = round.allocation_rule == AllocationRule.DECLARED and round.declared_rule
    if not counts_itself and round.allocation_rule not in SUITABLE_RULES.get(round.ballot_type, frozenset()):
        problems["allocation_rule"] = _(
            "The rule “%(rule)s” cannot count the ballot “%(ballot)s”. Choose another rule, or another ballot."
        ) % {"rule": round.get_allocation_rule_display(), "ballot": round.get_ballot_type_display()}
    if round.tie_break == TieBreak.LOT and not round.lot_seed.strip():
        problems["lot_seed"] = _("Fill in the words of the lot, so that everybody can draw it again.")
    return problems


# --- in words ---------------------------------------------------------------------------------------------------------


class RuleLine(NamedTuple):
    """One line of a rule in words. `key` is the name in the document."""

    key: str
    label: str
    value: str


def _chosen(choices: Any) -> Callable[[Any], str]:
    labels = dict(choices.choices)
    return lambda value: str(labels.get(value, value))


def _threshold(value: int) -> str:
    if not value:
        return _("No least number of votes")
    return ngettext("At least %(count)d vote", "At least %(count)d votes", value) % {"count": value}


def _minimum_scores(value: int) -> str:
    if not value:
        return _("No least number of scores")
    return ngettext("At least %(count)d member gave a score", "At least %(count)d members gave a score", value) % {
        "count": value
    }


def _quorum(value: int) -> str:
    if not value:
        return _("The vote always counts")
    return _("At least %(percent)d%% of the members vote") % {"percent": value}


def _partial(value: bool) -> str:  # noqa: FBT001 - one value of the document, in a table of such functions
    return _("Yes, a part of the amount is possible") if value else _("No, all or nothing")


def _points(value: int | None) -> str:
    return "" if value is None else ngettext("%(count)d point", "%(count)d points", value) % {"count": value}


def _criteria(value: list[dict[str, Any]]) -> str:
    return "\n".join(
        ngettext(
            "%(name)s (counts once): %(question)s", "%(name)s (counts %(count)d times): %(question)s", row["weight"]
        )
        % {"name": row["name"], "question": row["question"], "count": row["weight"]}
        for row in value
    )


def lines_of_rule(document: str) -> list[RuleLine]:
    """Return a rule document in words, line by line; choices that are not in use are left out."""
    words: list[tuple[str, str, Callable[[Any], str]]] = [
        ("ceiling", _("How much money there is"), money),
        ("ballot_type", _("How members vote"), _chosen(BallotType)),
        ("points", _("Points per member"), _points),
        ("secrecy", _("Who sees the votes"), _chosen(Secrecy)),
        ("allocation_rule", _("How the money is divided"), _chosen(AllocationRule)),
        ("declared_rule", _("Declared rule"), str),
        ("partial_funding", _("A part of the amount"), _partial),
        ("tie_break", _("When two are equal"), _chosen(TieBreak)),
        ("lot_seed", _("Words of the lot"), str),
        ("threshold", _("Least number of votes"), _threshold),
        ("minimum_scores", _("Least number of scores"), _minimum_scores),
        ("quorum_percent", _("How many must take part"), _quorum),
        ("criteria", _("What the committee looks at"), _criteria),
    ]
    rule = json.loads(document)
    if rule.get("currency", "EUR") != "EUR":
        # An election held elsewhere: its own currency, in the same notation.
        words[0] = (*words[0][:2], lambda cents: money(cents).replace("€", rule["currency"]))
    lines = [RuleLine(key, label, in_words(rule[key])) for key, label, in_words in words if key in rule]
    return [line for line in lines if line.value]


def counting_in_words(round: Round) -> list[str]:
    """From when a vote counts: one line for each limit that there is."""
    limits = ((_threshold, round.threshold), (_minimum_scores, round.minimum_scores), (_quorum, round.quorum_percent))
    return [in_words(limit) for in_words, limit in limits if limit] or [_quorum(0)]


class Difference(NamedTuple):
    """What became of one line of the rule: empty text where it was not there."""

    label: str
    old: str
    new: str


def rule_differences(old: str, new: str) -> list[Difference]:
    """Compare two rule documents in words: the lines that are not the same, in the order of the rule."""
    before = {line.key: line for line in lines_of_rule(old)}
    after = {line.key: line for line in lines_of_rule(new)}
    found = []
    for key in dict.fromkeys([*before, *after]):
        gone, come = before.get(key), after.get(key)
        if gone != come:
            label = (come or gone or RuleLine(key, key, "")).label
            found.append(Difference(label, gone.value if gone else "", come.value if come else ""))
    return found


class VersionInWords(NamedTuple):
    """A published version of the rule, with what changed since the one before it."""

    version: RuleVersion
    differences: list[Difference]


def rule_history(round: Round) -> list[VersionInWords]:
    """Return the versions of a round's rule with their differences, the newest first. One query."""
    history: list[VersionInWords] = []
    previous: RuleVersion | None = None
    for version in round.rule_versions.select_related("frozen_by").order_by("number"):
        differences = [] if previous is None else rule_differences(previous.document, version.document)
        history.append(VersionInWords(version, differences))
        previous = version
    return history[::-1]
