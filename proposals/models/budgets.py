"""The two answers that are more than one text, as values, and as the canonical text in which they are kept."""

import json
from typing import Any, NamedTuple

from accounts.models import ContactChannel
from proposals.models.proposals import Proposal


def canonical(value: Any) -> str:
    """Return JSON in its one canonical writing: sorted keys, no spaces, letters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Row(NamedTuple):
    """One row of a budget: what, and whole cents. Either can be missing in a draft ("" or 0)."""

    what: str
    amount: int


class Budget(NamedTuple):
    """How much money, and for what. Amounts in cents; None where nothing was filled in."""

    rows: tuple[Row, ...] = ()
    minimum_amount: int | None = None
    own_contribution: int | None = None
    other_contribution: int | None = None
    other_funders: str = ""

    @property
    def total(self) -> int:
        """What the rows come to."""
        return sum(row.amount for row in self.rows)

    def as_text(self) -> str:
        """Return the canonical text; empty when nothing was filled in."""
        return canonical(self._asdict()) if self != Budget() else ""

    @classmethod
    def from_text(cls, text: str) -> "Budget":
        """Read what as_text wrote."""
        if not text:
            return cls()
        fields = json.loads(text)
        return cls(**{**fields, "rows": tuple(Row(*row) for row in fields["rows"])})

    @classmethod
    def of(cls, proposal: Proposal) -> "Budget":
        """Return the budget of a proposal. One query, for its lines, unless they were prefetched."""
        rows = tuple(Row(line.what, line.amount) for line in proposal.budget_lines.all())
        return cls(
            rows,
            proposal.minimum_amount,
            proposal.own_contribution,
            proposal.other_contribution,
            proposal.other_funders,
        )


class Contact(NamedTuple):
    """How to reach somebody: a name, and a mail address or a phone number (E.164)."""

    name: str = ""
    address: str = ""

    @property
    def channel(self) -> ContactChannel:
        """How that address is written to."""
        return ContactChannel.SMS if self.address.startswith("+") else ContactChannel.MAIL

    def as_text(self) -> str:
        """Return the canonical text; empty when nothing was filled in."""
        return canonical(self._asdict()) if self != Contact() else ""

    @classmethod
    def from_text(cls, text: str) -> "Contact":
        """Read what as_text wrote."""
        return cls(**json.loads(text)) if text else cls()

    @classmethod
    def of(cls, proposal: Proposal) -> "Contact":
        """Return what stands on the proposal."""
        return cls(proposal.contact_name, proposal.contact_address)
