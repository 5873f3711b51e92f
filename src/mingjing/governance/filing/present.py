"""Filings as they are shown: with the checklist, and with how their deadline was counted."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from mingjing.governance.filing import queries
from mingjing.governance.filing.measured import measured
from mingjing.governance.filing.model import FilingRow
from mingjing.governance.filing.rules import OPEN, STEPS, check
from mingjing.governance.filing.schema import ChecklistItem, Clock, Filing, FilingStep, FilingWhole
from mingjing.kernel.errors import Text
from mingjing.law.citing import citations
from mingjing.law.days import counted, days_left, window_before
from mingjing.law.rule import clause_of
from mingjing.law.sets import Applied, shipped
from mingjing.registry.systems.queries import names

_RULE_OF = {"initial": "FILE-01", "legacy": "FILE-02", "change": "FILE-03", "dismantling": "DISM-02"}


def present(session: Session, rows: Sequence[FilingRow], today: date) -> list[Filing]:
    """Filings for the wire."""
    systems = names(session, [row.system for row in rows])
    return [Filing.model_validate(_line(session, row, systems, today)) for row in rows]


def whole(session: Session, row: FilingRow, today: date) -> FilingWhole:
    """One filing with everything that its page shows."""
    checked = check(row.content, measured(session, row))
    systems = names(session, [row.system])
    return FilingWhole.model_validate(
        _line(session, row, systems, today)
        | {
            "content": row.content,
            "checklist": [
                ChecklistItem(
                    name=one.item.name, group=one.item.group, title=one.item.title.zh, title_en=one.item.title.en,
                    article=one.item.article, state=one.state, filed=one.filed, measured=one.measured,
                )
                for one in checked
            ],
            "clock": clock(row, today),
            "next": sorted(STEPS[row.state]),
            "steps": [FilingStep.model_validate(one) for one in queries.steps(session, row.id)],
        }
    )  # fmt: skip


def clock(row: FilingRow, today: date) -> Clock:
    """How the deadline of a filing was counted, and on which articles it rests."""
    rule = _RULE_OF[row.kind]
    applied = [one for one in shipped().in_force(row.trigger, row.division_path) if rule in one.set.clauses]
    days = _days(applied, rule)
    first = None
    if row.kind == "dismantling" and days is not None:
        first = window_before(row.trigger, days).first
        how = Text(
            f"计划 {row.trigger} 拆除，备案窗口为其前 {days} 日内：{first} 至 {row.due}",
            f"To be dismantled on {row.trigger}, filed within the {days} days before: {first} to {row.due}",
        )
    elif row.kind == "initial" and days is not None:
        how = counted(Text("投用", "Entry into use"), row.trigger, days)
    else:
        how = Text(f"{row.trigger} 起应及时办理", f"To be filed promptly from {row.trigger}")
    basis = citations(shipped(), rule, tuple(one.set.id for one in applied))
    return Clock(
        due=row.due, first=first, days_left=days_left(row.due, today), how=how.zh, how_en=how.en,
        basis=[one.zh for one in basis], basis_en=[one.en for one in basis],
        carried=any(one.carried for one in applied),
    )  # fmt: skip


def _days(applied: Sequence[Applied], rule: str) -> int | None:
    found = [clause_of(shipped(), one.set.id, rule) for one in applied]
    figures = [clause.figures["days"] for clause in found if clause is not None and "days" in clause.figures]
    return min(figures, default=None)


def _line(session: Session, row: FilingRow, systems: dict[str, str], today: date) -> dict[str, Any]:
    lacking = [one for one in check(row.content, measured(session, row)) if one.state != "done"]
    members = {name: getattr(row, name) for name in _COLUMNS}
    return members | {
        "system_name": systems.get(row.system, row.system),
        "division": row.division_path.rstrip("/").rpartition("/")[2],
        "days_left": days_left(row.due, today),
        "missing": len(lacking) if row.state in OPEN else 0,
    }


_COLUMNS = tuple(
    name for name in Filing.model_fields if name not in {"system_name", "division", "days_left", "missing"}
)
