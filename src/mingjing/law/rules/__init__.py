"""The catalogue of rules; importing it enters every rule."""

from mingjing.law.rule import rules
from mingjing.law.rules import building, cameras, coverage, filing, forbidden, scope, upkeep

__all__ = ["building", "cameras", "coverage", "filing", "forbidden", "rules", "scope", "upkeep"]
