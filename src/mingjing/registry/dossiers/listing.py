"""Devices of a system as a table, by the members of the dossier."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mingjing.kernel.errors import Text
from mingjing.registry.dossiers.members import MEMBERS, Member
from mingjing.registry.dossiers.model import DossierRow
from mingjing.registry.dossiers.printing import value_of
from mingjing.registry.model import CameraRow

Cell = str | int | float | None
_FIRST: Final = (Text("名称", "Name"), Text("行政区划", "Division"))


def device_table(session: Session, system: str, language: str) -> tuple[list[str], list[Sequence[Cell]]]:
    """Headings, and a row for each camera of a system, for the program's own work."""
    members = [one for one in MEMBERS if one.field != "system"]
    found = session.execute(
        select(CameraRow, DossierRow)
        .join(DossierRow, DossierRow.camera == CameraRow.id)
        .where(DossierRow.system == system, CameraRow.removed_us.is_(None))
        .order_by(CameraRow.name, CameraRow.id)
    )
    titles = [*_FIRST, *(Text(one.zh, one.en) for one in members)]
    headings = [title.zh if language == "zh" else title.en for title in titles]
    rows: list[Sequence[Cell]] = [
        [
            camera.name,
            camera.division,
            *(_cell(session, one, getattr(row, one.field), language) for one in members),
        ]
        for camera, row in found
    ]
    return headings, rows


def _cell(session: Session, member: Member, value: Any, language: str) -> Cell:
    """Numbers stay numbers."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return value_of(session, member, value, language) or None
