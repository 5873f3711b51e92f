"""The catalogue of rules; importing it enters every rule."""

from mingjing.law.rule import rules
from mingjing.law.rules import building, cameras, coverage, filing, people, scope, upkeep

__all__ = ["building", "cameras", "coverage", "filing", "people", "rules", "scope", "upkeep"]
