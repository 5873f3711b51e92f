"""Orders as they are shown."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from mingjing.governance.orders import queries
from mingjing.governance.orders.model import OrderRow
from mingjing.governance.orders.rules import STEPS
from mingjing.governance.orders.schema import Order, OrderStep, OrderWhole
from mingjing.governance.reminding.queries import of_record
from mingjing.governance.reminding.schema import Recall
from mingjing.registry.queries import standing
from mingjing.registry.systems.queries import known


def present(session: Session, rows: Sequence[OrderRow], now_us: int) -> list[Order]:
    """Orders for the wire."""
    return [Order.model_validate(one) for one in _lines(session, rows, now_us)]


def whole(session: Session, row: OrderRow, now_us: int) -> OrderWhole:
    """One order with everything that its page shows."""
    (line,) = _lines(session, [row], now_us)
    return OrderWhole.model_validate(
        line
        | {
            "steps": [OrderStep.model_validate(one) for one in queries.steps(session, row.id)],
            "reminders": [Recall.model_validate(one) for one in of_record(session, row.id)],
        }
    )


def _lines(session: Session, rows: Sequence[OrderRow], now_us: int) -> list[dict[str, Any]]:
    systems = {one.id: one.name for one in known(session, [row.system for row in rows])}
    cameras = {row.camera: standing(session, row.camera) for row in rows if row.camera}
    found = []
    for row in rows:
        camera = cameras.get(row.camera) if row.camera else None
        found.append(
            {name: getattr(row, name) for name in _COLUMNS}
            | {
                "system_name": systems[row.system],
                "camera_name": camera.name if camera else None,
                "division": row.division_path.rstrip("/").rpartition("/")[2],
                "overdue": _overdue(row, now_us),
                "next": sorted(STEPS[row.state]),
            }
        )
    return found


def _overdue(row: OrderRow, now_us: int) -> bool:
    term_us = {"opened": row.respond_by_us, "responded": row.repair_by_us}.get(row.state)
    return term_us is not None and now_us > term_us


_COLUMNS = (
    "id", "number", "system", "camera", "maintainer", "contract", "cause", "description", "state", "opened_us",
    "respond_by_us", "repair_by_us", "responded_us", "repaired_us", "over_us", "changed_us",
)  # fmt: skip
