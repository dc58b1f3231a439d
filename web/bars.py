"""Where the pieces of a stacked bar go. Plain arithmetic in integers, so that the pieces always fill the bar."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 1000
"""Units of the drawing; the browser scales it to the page."""

PATTERNS = 6
"""How many different fills the style sheet has (``pf-bar-1`` to ``pf-bar-6``)."""


@dataclass(frozen=True, slots=True)
class Part:
    """A named amount in cents."""

    label: str
    cents: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A part with its place in the drawing (``x`` and ``width`` out of 1000) and the number of its fill."""

    label: str
    cents: int
    x: int
    width: int
    fill: int


def lay_out(parts: Sequence[Part], total: int) -> list[Segment]:
    """Place the parts beside each other. Parts of zero or less take no room; more than the total is scaled down."""
    scale = max(total, sum(max(part.cents, 0) for part in parts), 1)
    segments = []
    reached = 0
    for place, part in enumerate(parts):
        start = reached * WIDTH // scale
        reached += max(part.cents, 0)
        end = reached * WIDTH // scale
        segments.append(Segment(part.label, part.cents, start, end - start, place % PATTERNS + 1))
    return segments
