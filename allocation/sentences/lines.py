"""One sentence or two per candidate: what the rule did with it, why, and what would have been enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import ceil, floor

from allocation.model import Instance, Line, Outcome, Reason
from allocation.sentences.changes import change_sentence
from allocation.sentences.writing import ENGLISH, Translations, Writing
from allocation.what_if import Change

type Values = Mapping[str, object]
"""All that a sentence can name, by placeholder."""


def explain(
    instance: Instance,
    outcome: Outcome,
    position: int,
    change: Change | None = None,
    *,
    translations: Translations = ENGLISH,
    money: Callable[[int], str] | None = None,
    number: Callable[[Fraction], str] | None = None,
) -> str:
    """What happened to one candidate, in plain sentences; with ``change``, also what would have been enough.

    ``money`` writes an amount in units, ``number`` writes a score.
    """
    writing = Writing.of(instance, translations, money, number)
    line = outcome.trace[position]
    values = _values(instance, outcome, line, writing)
    sentences = [_SENTENCE[line.reason](line, outcome.rule, writing.translations) % values]
    if line.beaten_by is not None and line.reason is not Reason.EXCLUDED:
        sentences.append(_tie_lost(writing.translations) % values)
    if line.eligible < instance.voters:
        sentences.append(_who_could_vote(line, writing.translations) % values)
    if change is not None and not line.taken:
        sentences.append(change_sentence(instance, change, writing))
    return " ".join(sentences)


def _values(instance: Instance, outcome: Outcome, line: Line, writing: Writing) -> Values:
    candidate = instance.candidates[line.position]
    most = max((share for _, share in line.payments), default=Fraction(0))
    return {
        "step": line.step,
        "count": line.support,
        "eligible": line.eligible,
        "voters": instance.voters,
        "cost": writing.money(candidate.cost),
        "needed": writing.money(line.needed),
        "available": writing.money(floor(line.available)),
        "amount": writing.money(line.amount),
        "budget": writing.money(instance.budget),
        "most": writing.money(ceil(most)),
        "score": writing.number(line.score),
        "threshold": writing.number(Fraction(instance.threshold or 0)),
        "other": "" if line.beaten_by is None else _name(instance, line.beaten_by),
    }


def _name(instance: Instance, position: int) -> str:
    candidate = instance.candidates[position]
    return candidate.name or candidate.id


# Taken ------------------------------------------------------------------------------------------------------------


def _taken(line: Line, rule: str, translations: Translations) -> str:
    if line.payments and rule != "phragmen":
        return _taken_by_supporters(line, translations)
    if rule.startswith("mes_") and not rule.endswith("_compared"):
        return _taken_free(line, translations)
    if rule.startswith("welfare_"):
        return translations.gettext("Funded: it belongs to the set that gives the voters most for %(budget)s.")
    if rule.startswith("greedy_points"):
        return _taken_for_its_points(line, translations)
    return _TAKEN.get(rule, _taken_in_order)(line, translations)


def _taken_in_order(line: Line, translations: Translations) -> str:
    return translations.ngettext(
        "Funded as number %(step)d: %(count)d supporter, and %(cost)s fitted in the %(available)s that was left.",
        "Funded as number %(step)d: %(count)d supporters, and %(cost)s fitted in the %(available)s that was left.",
        line.support,
    )


def _taken_for_its_cost(line: Line, translations: Translations) -> str:
    return translations.ngettext(
        "Funded as number %(step)d: %(count)d supporter for a cost of %(cost)s, and %(available)s was left.",
        "Funded as number %(step)d: %(count)d supporters for a cost of %(cost)s, and %(available)s was left.",
        line.support,
    )


def _taken_for_its_points(line: Line, translations: Translations) -> str:
    del line
    return translations.gettext(
        "Funded as number %(step)d: its score was %(score)s, and %(cost)s fitted in the %(available)s that was left."
    )


def _taken_by_supporters(line: Line, translations: Translations) -> str:
    return translations.ngettext(
        "Funded as number %(step)d: its %(count)d supporter paid %(cost)s.",
        "Funded as number %(step)d: its %(count)d supporters paid %(cost)s together, at most %(most)s each.",
        line.support,
    )


def _taken_free(line: Line, translations: Translations) -> str:
    return translations.ngettext(
        "Funded as number %(step)d: %(count)d supporter, and it costs nothing.",
        "Funded as number %(step)d: %(count)d supporters, and it costs nothing.",
        line.support,
    )


def _taken_in_time(line: Line, translations: Translations) -> str:
    if not line.support:
        return translations.gettext("Funded as number %(step)d: nobody voted for it, but %(cost)s was still left.")
    return translations.ngettext(
        "Funded as number %(step)d: its %(count)d supporter was the first to have %(cost)s.",
        "Funded as number %(step)d: its %(count)d supporters were the first to have %(cost)s together.",
        line.support,
    )


def _taken_by_majority(line: Line, translations: Translations) -> str:
    return translations.ngettext(
        "Funded as number %(step)d: %(count)d of the %(eligible)d voter who could vote on it said yes.",
        "Funded as number %(step)d: %(count)d of the %(eligible)d voters who could vote on it said yes.",
        line.eligible,
    )


def _taken_from_the_pots(line: Line, translations: Translations) -> str:
    del line
    return translations.gettext("Funded: it gets the %(amount)s that all pots together gave it on average.")


_TAKEN: Mapping[str, Callable[[Line, Translations], str]] = {
    "greedy_votes_per_cost": _taken_for_its_cost,
    "phragmen": _taken_in_time,
    "majority": _taken_by_majority,
    "average_pot": _taken_from_the_pots,
}


def _taken_in_completion(line: Line, rule: str, translations: Translations) -> str:
    del rule
    return translations.ngettext(
        "Funded afterwards, from what was left: %(count)d supporter, and %(cost)s fitted in %(available)s.",
        "Funded afterwards, from what was left: %(count)d supporters, and %(cost)s fitted in %(available)s.",
        line.support,
    )


def _taken_in_part(line: Line, rule: str, translations: Translations) -> str:
    del line
    if rule == "average_pot":
        return translations.gettext("Funded in part: all pots together gave it %(amount)s of %(cost)s on average.")
    return translations.gettext("Funded in part: %(amount)s was left of the %(cost)s that it costs.")


# Left -------------------------------------------------------------------------------------------------------------


def _dearer_than_budget(line: Line, rule: str, translations: Translations) -> str:
    del line, rule
    return translations.gettext("Not funded: it costs %(cost)s, and there was %(budget)s for everything together.")


def _does_not_fit(line: Line, rule: str, translations: Translations) -> str:
    del line, rule
    return translations.gettext("Not funded: %(available)s was left when its turn came; %(needed)s is needed.")


def _stopped(line: Line, rule: str, translations: Translations) -> str:
    del line, rule
    return translations.gettext(
        "Not funded: its turn did not come. The money stopped at something before it that did not fit."
    )


def _no_support(line: Line, rule: str, translations: Translations) -> str:
    del line, rule
    return translations.gettext("Not funded: nobody voted for it.")


def _below_threshold(line: Line, rule: str, translations: Translations) -> str:
    del line, rule
    return translations.gettext("Not funded: its score was %(score)s; at least %(threshold)s is needed to take part.")


def _supporters_short(line: Line, rule: str, translations: Translations) -> str:
    del rule
    return translations.ngettext(
        "Not funded: %(count)d supporter had %(available)s left; %(needed)s is needed.",
        "Not funded: %(count)d supporters had %(available)s left together; %(needed)s is needed.",
        line.support,
    )


def _no_majority(line: Line, rule: str, translations: Translations) -> str:
    del rule
    return translations.ngettext(
        "Not funded: %(count)d voter said yes; that is no majority.",
        "Not funded: %(count)d voters said yes; that is no majority.",
        line.support,
    )


def _no_quorum(line: Line, rule: str, translations: Translations) -> str:
    del line, rule
    return translations.gettext("Not funded: too few people voted on it to decide.")


def _below_minimum(line: Line, rule: str, translations: Translations) -> str:
    del line, rule
    return translations.gettext(
        "Not funded: all pots together gave it %(available)s on average; it cannot go on with less than %(needed)s."
    )


def _not_in_best_set(line: Line, rule: str, translations: Translations) -> str:
    del line, rule
    return translations.gettext("Not funded: no set with this in it gives the voters more than what was funded.")


def _excluded(line: Line, rule: str, translations: Translations) -> str:
    del line, rule
    return translations.gettext("Not funded: only one of the two could be, and “%(other)s” came first.")


_SENTENCE: Mapping[Reason, Callable[[Line, str, Translations], str]] = {
    Reason.TAKEN: _taken,
    Reason.TAKEN_IN_COMPLETION: _taken_in_completion,
    Reason.TAKEN_IN_PART: _taken_in_part,
    Reason.DEARER_THAN_BUDGET: _dearer_than_budget,
    Reason.DOES_NOT_FIT: _does_not_fit,
    Reason.STOPPED: _stopped,
    Reason.NO_SUPPORT: _no_support,
    Reason.BELOW_THRESHOLD: _below_threshold,
    Reason.SUPPORTERS_SHORT: _supporters_short,
    Reason.NO_MAJORITY: _no_majority,
    Reason.NO_QUORUM: _no_quorum,
    Reason.BELOW_MINIMUM: _below_minimum,
    Reason.NOT_IN_BEST_SET: _not_in_best_set,
    Reason.EXCLUDED: _excluded,
}


def _tie_lost(translations: Translations) -> str:
    return translations.gettext("It was exactly equal to “%(other)s”, which goes first in the order for ties.")


def _who_could_vote(line: Line, translations: Translations) -> str:
    return translations.ngettext(
        "%(eligible)d of the %(voters)d voters was allowed to vote on it.",
        "%(eligible)d of the %(voters)d voters were allowed to vote on it.",
        line.eligible,
    )
