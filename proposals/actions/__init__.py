"""The verbs of proposals, one file per noun."""

from proposals.actions.entering import Entry, enter_proposals

__all__ = ["Entry", "enter_proposals"]
