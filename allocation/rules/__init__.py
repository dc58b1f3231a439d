"""The allocation rules by name, and the one way to run them."""

from allocation.rules.registry import RULES, Progress, Rule, allocate, can_repeat, resolve, rule_named

__all__ = ["RULES", "Progress", "Rule", "allocate", "can_repeat", "resolve", "rule_named"]
