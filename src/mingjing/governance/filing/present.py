"""Filings as they are shown: with the checklist, and with how their deadline was counted."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from mingjing.governance.filing import queries
from mingjing.governance.filing.changes import changed_members
from mingjing.governance.filing.measured import Measured, measured
from mingjing.governance.filing.model import FilingRow
from mingjing.governance.filing.rules import OPEN, RULE_OF, STEPS, Checked, check
from mingjing.governance.filing.schema import ChecklistItem, Clock, Filing, FilingStep, FilingWhole
from mingjing.governance.reminding.queries import of_record
from mingjing.governance.reminding.schema import Recall
from mingjing.kernel.errors import Text
from mingjing.law.citing import citations
from mingjing.law.days import counted, days_left, window_before
from mingjing.law.sets import shipped
from mingjing.registry.systems.queries import known


def present(session: Session, rows: Sequence[FilingRow], today: date) -> list[Filing]:
    """Filings for the wire."""
    facts = measured(session, [row.system for row in rows])
    return [
        Filing.model_validate(_line(row, facts[row.system], check(row.content, facts[row.system]), today))
        for row in rows
    ]


def whole(session: Session, row: FilingRow, today: date) -> FilingWhole:
    """One filing with everything that its page shows."""
    facts = measured(session, [row.system])[row.system]
    checked = check(row.content, facts)
    return FilingWhole.model_validate(
        _line(row, facts, checked, today)
        | {
            "content": row.content,
            "checklist": [
                ChecklistItem(
                    name=one.item.name, group=one.item.group, title=one.item.title.zh, title_en=one.item.title.en,
                    article=one.item.article, mandatory=one.item.mandatory, state=one.state,
                    filed=one.filed, measured=one.measured,
                )
                for one in checked
            ],
            "changes": changed_members(session, row, facts) if row.kind == "change" else [],
            "clock": clock(row, known(session, [row.system])[0].regime, today),
            "next": sorted(STEPS[row.state]),
            "reminders": [Recall.model_validate(one) for one in of_record(session, row.id)],
            "steps": [FilingStep.model_validate(one) for one in queries.steps(session, row.id)],
        }
    )  # fmt: skip


def clock(row: FilingRow, regime: str, today: date) -> Clock:
    """How the deadline of a filing was counted, and on which articles it rests."""
    rule = RULE_OF.get(row.kind, "")
    # What is owed since the order came into force is judged by the order, not by the sets of the day of use.
    day = today if row.kind == "legacy" else row.trigger
    bound = [
        (one, one.set.clauses[rule])
        for one in shipped().in_force(day, row.division_path)
        if rule in one.set.clauses and one.set.clauses[rule].binds(regime)
    ]
    days = min((clause.figures["days"] for _, clause in bound if "days" in clause.figures), default=None)
    how, first = _how(row, days)
    basis = citations(shipped(), rule, [one.set.id for one, _ in bound])
    return Clock(
        due=row.due, first=first, days_left=days_left(row.due, today), how=how.zh, how_en=how.en,
        basis=[one.zh for one in basis], basis_en=[one.en for one in basis],
        carried=any(one.carried for one, _ in bound),
    )  # fmt: skip


def _how(row: FilingRow, days: int | None) -> tuple[Text, date | None]:
    """The count in words, and for dismantling the first day of the window."""
    if days is not None and row.kind == "dismantling":
        first = window_before(row.trigger, days).first
        return Text(
            f"计划 {row.trigger} 拆除，备案窗口为其前 {days} 日内：{first} 至 {row.due}",
            f"To be dismantled on {row.trigger}, filed within the {days} days before: {first} to {row.due}",
        ), first
    if days is not None and row.kind == "legacy":
        came = row.due - timedelta(days=days)
        return counted(Text("条例施行", "The order came into force"), came, days), None
    if days is not None and row.kind == "initial":
        return counted(Text("投用", "Entry into use"), row.trigger, days), None
    if days is not None and row.kind == "change":
        return counted(Text("变更", "The change"), row.trigger, days), None
    return Text(f"{row.trigger} 起应及时办理", f"To be filed promptly from {row.trigger}"), None


def _line(row: FilingRow, facts: Measured, checked: Sequence[Checked], today: date) -> dict[str, Any]:
    lacking = [one for one in checked if one.state in {"missing", "mismatch"}]
    members = {name: getattr(row, name) for name in _COLUMNS}
    return members | {
        "system_name": facts["system_name"],
        "division": row.division_path.rstrip("/").rpartition("/")[2],
        "days_left": days_left(row.due, today),
        "missing": len(lacking) if row.state in OPEN else 0,
    }


_COLUMNS = tuple(
    name for name in Filing.model_fields if name not in {"system_name", "division", "days_left", "missing"}
)
