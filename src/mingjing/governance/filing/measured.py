"""What the register knows of the members of a filing's form: the form begins with it, and is compared with it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from mingjing.identity.queries import units
from mingjing.law.device_words import CAMERA_TYPES
from mingjing.registry.systems.queries import camera_counts, camera_types, known

Measured = dict[str, Any]
"""Members of the form by their names (`rules.ITEMS`), as the register has them; None where it does not know."""


def measured(session: Session, systems: Sequence[str]) -> dict[str, Measured]:
    """What the register has of each system, by its identifier."""
    rows = known(session, systems)
    of = units(session, {row.organisation for row in rows})
    counts, types = camera_counts(session, systems), camera_types(session, systems)
    found = {}
    for row in rows:
        unit = of[row.organisation]
        found[row.id] = {
            "unit_name": unit.name,
            "credit_code": unit.credit_code or None,
            "legal_representative": unit.legal_representative or None,
            "responsible_person": unit.responsible_person or None,
            "responsible_phone": unit.responsible_phone or None,
            "system_name": row.name,
            "in_use": row.in_use.isoformat() if row.in_use else None,
            "address": row.address or None,
            "cameras": counts.get(row.id, 0),
            "device_types": _types(types.get(row.id, {})),
            "retention_days": row.retention_days,
        }
    return found


def _types(counts: dict[str, int]) -> str | None:
    """`半球 12、枪机 4`; None where nobody has entered a kind."""
    return "、".join(f"{CAMERA_TYPES[kind].zh} {count}" for kind, count in counts.items()) or None
