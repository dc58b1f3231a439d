"""The verbs of the fund: dividing the budget, bringing in an election that was held elsewhere."""

from fund.actions.allocations import allocate_round, close_and_divide, compare_rules
from fund.actions.demo import DemoRefused, Loaded, load_demo
from fund.actions.elections import RoundExists, import_election

__all__ = [
    "DemoRefused",
    "Loaded",
    "RoundExists",
    "allocate_round",
    "close_and_divide",
    "compare_rules",
    "import_election",
    "load_demo",
]
