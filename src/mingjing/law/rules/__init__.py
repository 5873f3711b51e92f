"""The catalogue of rules; importing it enters every rule."""

from mingjing.law.rule import rules
from mingjing.law.rules import building, cameras, coverage, filing, forbidden, people, scope, upkeep

__all__ = ["building", "cameras", "coverage", "filing", "forbidden", "people", "rules", "scope", "upkeep"]
