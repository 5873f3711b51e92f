"""Rule sets for the wire: how each stands today, and what it says of every rule that rests on it."""

from datetime import date
from typing import Any

from mingjing.governance.compliance.schema import RuleSetOut, RuleSetWhole
from mingjing.law.figures import told
from mingjing.law.rules import rules
from mingjing.law.sets import Clause, RuleSet, shipped
from mingjing.law.words import REGIMES


def standing(one: RuleSet, today: date) -> RuleSetOut:
    """A set and how it stands today."""
    return RuleSetOut.model_validate(_standing(one, today))


def whole(one: RuleSet, today: date) -> RuleSetWhole:
    """A set with its clauses, by rule."""
    clauses = [_clause(rule, clause) for rule, clause in sorted(one.clauses.items())]
    return RuleSetWhole.model_validate(
        _standing(one, today) | {"followed_by": one.followed_by, "clauses": clauses}
    )


def _standing(one: RuleSet, today: date) -> dict[str, Any]:
    path = f"{one.division}/" if one.division else ""
    applied = next((found for found in shipped().in_force(today, path) if found.set.id == one.id), None)
    return {
        "id": one.id, "title": one.title.zh, "title_en": one.title.en, "division": one.division, "since": one.since,
        "until": one.until, "loaded": one.loaded, "judges": applied is not None,
        "carried": applied is not None and applied.carried, "rules": len(one.clauses),
        "note": one.note.zh if one.note else "", "note_en": one.note.en if one.note else "",
    }  # fmt: skip


def _clause(identifier: str, clause: Clause) -> dict[str, Any]:
    one = rules()[identifier]
    message = one.message.filled({})
    figures = [(name, told(identifier, name, value)) for name, value in clause.figures.items()]
    return {
        "rule": identifier, "title": one.title.zh, "title_en": one.title.en, "kind": one.kind,
        "severity": one.severity.value, "article": clause.article.zh, "article_en": clause.article.en,
        "figures": [
            {"text": text.zh, "text_en": text.en, "own": name in clause.own} for name, text in figures
        ],
        "regimes": [code for code in REGIMES if code in clause.regimes],
        "message": message.zh, "message_en": message.en, "remedy": one.remedy.zh, "remedy_en": one.remedy.en,
    }  # fmt: skip
