"""Systems as they are shown."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from mingjing.law.citing import citations
from mingjing.law.rules.upkeep import BUILDING, USING, maintainers
from mingjing.law.sets import shipped
from mingjing.registry.systems.model import SystemRow
from mingjing.registry.systems.queries import camera_counts
from mingjing.registry.systems.schema import Duty, System


def present(session: Session, rows: Sequence[SystemRow], today: date) -> list[System]:
    """Systems for the wire, each with the unit that has to maintain it today and how many cameras it has."""
    counts = camera_counts(session, [row.id for row in rows])
    return [
        System.model_validate(
            {name: getattr(row, name) for name in _COLUMNS}
            | {"cameras": counts.get(row.id, 0), "duty": duty(row, today)}
        )
        for row in rows
    ]


def duty(row: SystemRow, today: date) -> Duty | None:
    """Who has to maintain a system; None where no set that is in force says so."""
    applied = shipped().in_force(today, row.division_path)
    basis = citations(shipped(), "MAINT-01", [one.set.id for one in applied])
    if not basis:
        return None
    roles, reason = maintainers(row.funding)
    units = {BUILDING: row.building_unit, USING: row.organisation}
    entitled = [unit for unit in (units[role] for role in roles) if unit]
    return Duty(
        units=entitled, reason=reason.zh, reason_en=reason.en, basis=[one.zh for one in basis],
        basis_en=[one.en for one in basis], met=row.maintainer in entitled,
    )  # fmt: skip


_COLUMNS = tuple(name for name in System.model_fields if name not in {"cameras", "duty"})
