"""Reads of saved walls: one's own and those shared with one's unit, without what one may not see."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.operations.walls.model import SavedWall
from mingjing.operations.walls.schema import Layout, Tour, TourShown, WallContent
from mingjing.registry.queries import visible_channels

Kind = Literal["layout", "tour"]

SHOWN_MOST = 1000


def saved(session: Session, caller: Caller, kind: Kind) -> Sequence[SavedWall]:
    """One's own and the unit's, by name."""
    theirs = and_(SavedWall.shared.is_(True), SavedWall.organisation == caller.organisation)
    return session.scalars(
        select(SavedWall)
        .where(SavedWall.kind == kind, or_(SavedWall.owner == caller.user, theirs))
        .order_by(SavedWall.name, SavedWall.id)
        .limit(SHOWN_MOST)
    ).all()


def layouts(session: Session, caller: Caller, rows: Iterable[SavedWall]) -> list[Layout]:
    """Walls as this caller may see them."""
    found = list(rows)
    seen = _seen(session, caller, (one for row in found for one in row.content["cells"].values()))
    return [
        Layout(
            **_head(row, caller),
            content=WallContent(
                grid=row.content["grid"],
                cells={cell: one for cell, one in row.content["cells"].items() if one in seen},
                alarm_cells=row.content.get("alarm_cells", []),
            ),
        )
        for row in found
    ]


def tours(session: Session, caller: Caller, rows: Iterable[SavedWall]) -> list[Tour]:
    """Rounds as this caller may see them."""
    found = list(rows)
    seen = _seen(session, caller, (one for row in found for one in row.content["channels"]))
    return [
        Tour(
            **_head(row, caller),
            content=TourShown(
                grid=row.content["grid"],
                channels=[one for one in row.content["channels"] if one in seen],
                dwell_s=row.content["dwell_s"],
            ),
        )
        for row in found
    ]


def _seen(session: Session, caller: Caller, channels: Iterable[str]) -> set[str]:
    # Somebody else's wall must not tell that a camera exists which does not exist for its reader.
    return visible_channels(session, caller.scope(Action.CAMERA_READ), set(channels))


def _head(row: SavedWall, caller: Caller) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "shared": row.shared,
        "mine": row.owner == caller.user,
        "owner_name": row.owner_name,
        "changed_us": row.changed_us,
    }
