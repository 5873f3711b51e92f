"""What the register knows of the members of a filing's form: the form begins with it, and is compared with it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from mingjing.governance.filing.model import FilingRow
from mingjing.identity.queries import organisations
from mingjing.registry.systems.queries import camera_counts, known

Measured = dict[str, Any]
"""Members of the form by their names (`rules.ITEMS`), as the register has them; None where it does not know."""


def measured(session: Session, filings: Sequence[FilingRow]) -> dict[str, Measured]:
    """What the register has of each filing, by the filing's identifier."""
    systems = {row.id: row for row in known(session, [filing.system for filing in filings])}
    units = {unit.id: unit for unit in organisations(session)}
    counts = camera_counts(session, list(systems))
    found = {}
    for filing in filings:
        row = systems[filing.system]
        unit = units[row.organisation]
        found[filing.id] = {
            "unit_name": unit.name,
            "credit_code": unit.credit_code or None,
            "legal_representative": unit.legal_representative or None,
            "responsible_person": unit.responsible_person or None,
            "responsible_phone": unit.responsible_phone or None,
            "system_name": row.name,
            "in_use": row.in_use.isoformat() if row.in_use else None,
            "address": row.address or None,
            "cameras": counts.get(row.id, 0),
            "retention_days": row.retention_days,
        }
    return found
