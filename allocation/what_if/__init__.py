"""What would have changed the outcome for a candidate that was left: see :mod:`allocation.what_if.change`."""

from allocation.what_if.change import Change, what_if, what_ifs
from allocation.what_if.support import Counted

__all__ = ["Change", "Counted", "what_if", "what_ifs"]
