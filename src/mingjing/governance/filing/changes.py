"""What demanded a change filing: each member that differs from what was filed last, with its old and its new value and who
changed it (SC799, 14)."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy.orm import Session

from mingjing.audit.history import RecordChange, changes
from mingjing.governance.filing.measured import Measured
from mingjing.governance.filing.model import FilingRow
from mingjing.governance.filing.rules import OPEN
from mingjing.governance.filing.schema import FiledChange
from mingjing.governance.filing.statement import before_filing, differences
from mingjing.law.rules.filing import FILED_MEMBERS
from mingjing.registry.systems.queries import known

_OF_SYSTEM: Final[Mapping[str, str]] = MappingProxyType(
    {"address": "address", "retention_days": "retention_days"}
)
_OF_UNIT: Final[Mapping[str, str]] = MappingProxyType(
    {"unit_name": "name"}
    | {one: one for one in ("credit_code", "legal_representative", "responsible_person", "responsible_phone")}
)
"""Members of the form by what they are called in the history of the system, and of its unit. What is not here is counted
from dossiers, and nobody changed it as such."""


def changed_members(session: Session, row: FilingRow, facts: Measured) -> list[FiledChange]:
    """What differs, in the order of the form. While the filing is in our hands that is what the register has otherwise;
    afterwards what its form says otherwise than the one before."""
    filed = before_filing(session, row)
    since: dict[str, date | None]
    if row.state in OPEN and row.submitted is None:
        since = {one.member: one.since for one in differences(session, [row.system]).get(row.system, ())}
        now: Mapping[str, Any] = facts
    else:
        now = row.content
        since = dict.fromkeys(
            name for name in FILED_MEMBERS if name in filed and now.get(name) != filed[name]
        )
    history = _history(session, row.system) if since else {}
    return [
        FiledChange(
            name=name, title=title.zh, title_en=title.en, before=filed.get(name), after=now.get(name),
            since=since[name], at_us=last.at_us if last else None, who_name=last.who_name if last else "",
        )
        for name, title in FILED_MEMBERS.items()
        if name in since
        for last in [history.get(name)]
    ]  # fmt: skip


def _history(session: Session, system: str) -> dict[str, RecordChange]:
    """The last change of each member that is kept in a history, where it has one."""
    (row,) = known(session, [system])
    found: dict[str, RecordChange] = {}
    for kind, record, members in (
        ("system", row.id, _OF_SYSTEM), ("organisation", row.organisation, _OF_UNIT),
    ):  # fmt: skip
        kept = changes(session, kind, record)
        for name, member in members.items():
            last = next((one for one in kept if one.what != "enter" and member in one.after), None)
            if last is not None:
                found[name] = last
    return found
