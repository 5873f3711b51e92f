"""What the register knows of the members of a filing's form: the form begins with it, and is compared with it."""

from typing import Any

from sqlalchemy.orm import Session

from mingjing.governance.filing.model import FilingRow
from mingjing.identity.queries import organisation
from mingjing.registry.systems.queries import camera_counts, known


def measured(session: Session, filing: FilingRow) -> dict[str, Any]:
    """Members of the form by their names (`rules.ITEMS`), as the register has them; absent where it does not know."""
    row = known(session, [filing.system])[0]
    unit = organisation(session, row.organisation)
    return {
        "unit_name": unit.name,
        "credit_code": unit.credit_code or None,
        "legal_representative": unit.legal_representative or None,
        "responsible_person": unit.responsible_person or None,
        "responsible_phone": unit.responsible_phone or None,
        "system_name": row.name,
        "in_use": row.in_use.isoformat() if row.in_use else None,
        "address": row.address or None,
        "cameras": camera_counts(session, [row.id]).get(row.id, 0),
        "retention_days": row.retention_days,
    }
