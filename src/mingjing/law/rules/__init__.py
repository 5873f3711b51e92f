"""The catalogue of rules; importing it enters every rule."""

from mingjing.law.rule import rules
from mingjing.law.rules import coverage, filing, scope, upkeep

__all__ = ["coverage", "filing", "rules", "scope", "upkeep"]
