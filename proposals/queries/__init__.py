"""Reading proposals, one file per noun."""

from proposals.queries.answers import (
    Gap,
    Writing,
    first_open_question,
    gaps_in,
    is_answered,
    last_saved,
    question_after,
    question_before,
    text_of,
    writing_for,
)
from proposals.queries.documents import (
    Receipt,
    digest_of_document,
    document_of,
    receipt_for,
    receipt_of,
    year_of,
)
from proposals.queries.drafts import (
    KEYS_AGE,
    KEYS_COOKIE,
    KEYS_SALT,
    MOST_KEYS,
    digest_of,
    keys_in,
    own_proposals,
    proposal_for,
    unfinished_drafts,
    visitor,
)
from proposals.queries.proposals import eligible_proposals, number_sent_in, sent_in_from
from proposals.queries.timelines import steps_after_sending

__all__ = [
    "KEYS_AGE",
    "KEYS_COOKIE",
    "KEYS_SALT",
    "MOST_KEYS",
    "Gap",
    "Receipt",
    "Writing",
    "digest_of",
    "digest_of_document",
    "document_of",
    "eligible_proposals",
    "first_open_question",
    "gaps_in",
    "is_answered",
    "keys_in",
    "last_saved",
    "number_sent_in",
    "own_proposals",
    "proposal_for",
    "question_after",
    "question_before",
    "receipt_for",
    "receipt_of",
    "sent_in_from",
    "steps_after_sending",
    "text_of",
    "unfinished_drafts",
    "visitor",
    "writing_for",
    "year_of",
]
