"""Systems as they are shown."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from mingjing.law.rules.upkeep import BUILDING, USING, maintainers
from mingjing.law.sets import shipped
from mingjing.registry.systems.model import SystemRow
from mingjing.registry.systems.queries import camera_counts
from mingjing.registry.systems.schema import Duty, System


def present(session: Session, rows: Sequence[SystemRow]) -> list[System]:
    """Systems for the wire, each with the unit that has to maintain it and how many cameras it has."""
    counts = camera_counts(session, [row.id for row in rows])
    return [
        System.model_validate(
            {name: getattr(row, name) for name in _COLUMNS}
            | {"cameras": counts.get(row.id, 0), "duty": duty(row)}
        )
        for row in rows
    ]


def duty(row: SystemRow) -> Duty:
    """Who has to maintain a system."""
    roles, reason = maintainers(row.funding)
    units = {BUILDING: row.building_unit, USING: row.organisation}
    entitled = [unit for unit in (units[role] for role in roles) if unit]
    book = shipped().get("hubei-2013")
    clause = book.clauses.get("MAINT-01") if book else None
    return Duty(
        units=entitled, reason=reason.zh, reason_en=reason.en, article=clause.article.zh if clause else "",
        met=row.maintainer in entitled,
    )  # fmt: skip


_COLUMNS = tuple(name for name in System.model_fields if name not in {"cameras", "duty"})
