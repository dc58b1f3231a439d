"""The adapter between the database and the allocation engine: the only place of the site that imports `allocation`.

What goes in is read from the database (:mod:`~fund.queries.engine.elections`) or from a file
(:mod:`~fund.queries.engine.files`); what comes out is money in cents and facts that can be stored
(:mod:`~fund.queries.engine.counts`), and sentences made of those facts (:mod:`~fund.queries.engine.sentences`).
"""

from fund.queries.engine.counts import Result, count, rules_for, voters_by_funded
from fund.queries.engine.elections import Election, election_of
from fund.queries.engine.files import ElectionFile, UnreadableElection, read_election, write_election
from fund.queries.engine.sentences import RuleInWords, Wording, rule_in_words

__all__ = [
    "Election",
    "ElectionFile",
    "Result",
    "RuleInWords",
    "UnreadableElection",
    "Wording",
    "count",
    "election_of",
    "read_election",
    "rule_in_words",
    "rules_for",
    "voters_by_funded",
    "write_election",
]
