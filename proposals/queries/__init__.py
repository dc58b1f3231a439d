"""Reading proposals, one file per noun."""

from proposals.queries.proposals import eligible_proposals, number_sent_in

__all__ = ["eligible_proposals", "number_sent_in"]
