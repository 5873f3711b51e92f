"""Construction plans as they are shown."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from mingjing.governance.decisions.model import DecisionRow
from mingjing.governance.decisions.queries import of_subjects
from mingjing.governance.planning import queries
from mingjing.governance.planning.model import ConstructionPlanRow, PlanItemRow
from mingjing.governance.planning.rules import figures, overlaps
from mingjing.governance.planning.schema import (
    ConstructionPlan,
    ConstructionPlanWhole,
    ItemOverlaps,
    Neighbour,
    OverlapCheck,
    PlanItem,
)
from mingjing.governance.planning.spots import limits, located, neighbours, spot_of, undecided
from mingjing.identity.queries import names
from mingjing.identity.scope import Scope
from mingjing.law.citing import citations
from mingjing.law.sets import shipped
from mingjing.law.space import outline


def present(session: Session, rows: Sequence[ConstructionPlanRow], today: date) -> list[ConstructionPlan]:
    """Plans for the wire, each with how far it has come."""
    items = queries.items(session, [row.id for row in rows])
    people = names(session, [who for row in rows for who in (row.submitted_by, row.decided_by) if who])
    return [ConstructionPlan.model_validate(_line(row, items.get(row.id, []), people, today)) for row in rows]


def whole(session: Session, row: ConstructionPlanRow, today: date) -> ConstructionPlanWhole:
    """One plan with its items."""
    items = queries.items(session, [row.id]).get(row.id, [])
    people = names(session, [who for who in (row.submitted_by, row.decided_by) if who])
    said = of_subjects(session, "plan_item", [one.id for one in items])
    told = [PlanItem.model_validate(_item(one, said.get(one.id), today)) for one in items]
    return ConstructionPlanWhole.model_validate(_line(row, items, people, today) | {"items": told})


def checked(session: Session, sees: Scope, row: ConstructionPlanRow, today: date) -> OverlapCheck:
    """A plan against the cameras that are there now and that the reader may see."""
    limit = limits(row.division_path, today)
    applied = [one.set.id for one in shipped().in_force(today, row.division_path)]
    basis = citations(shipped(), "PLAN-02", applied)
    found: list[ItemOverlaps] = []
    if limit is not None:
        items = {one.id: located(one) for one in queries.items(session, [row.id]).get(row.id, [])}
        planned = {identifier: spot for identifier, spot in items.items() if spot is not None}
        there = neighbours(session, sees, planned.values(), limit)
        spots = {camera: spot_of(one) for camera, one in there.items()}
        for identifier, spot in planned.items():
            cameras = [
                Neighbour(
                    camera=one.camera, name=there[one.camera].name, share=one.share, metres=one.metres,
                    duplicate=one.duplicate, outline=outline(spots[one.camera].view(limit)),
                )
                for one in overlaps(spot, spots, limit)
            ]  # fmt: skip
            found.append(ItemOverlaps(item=identifier, outline=outline(spot.view(limit)), cameras=cameras))
    return OverlapCheck(
        distance_m=limit.distance_m if limit else None, overlap_percent=limit.overlap_percent if limit else None,
        basis=[one.zh for one in basis], basis_en=[one.en for one in basis], items=found,
    )  # fmt: skip


def _line(
    row: ConstructionPlanRow, items: Sequence[PlanItemRow], people: dict[str, tuple[str, str]], today: date
) -> dict[str, Any]:
    members = [{name: getattr(one, name) for name in _SUMMED} for one in items]
    return {name: getattr(row, name) for name in _COLUMNS} | {
        "submitted_by_name": people.get(row.submitted_by, ("", row.submitted_by))[1],
        "decided_by_name": people.get(row.decided_by, ("", row.decided_by))[1],
        "figures": figures(members, today),
    }


def _item(row: PlanItemRow, said: DecisionRow | None, today: date) -> dict[str, Any]:
    late = row.due is not None and row.due < today and row.progress not in {"done", "dropped"}
    derived = {
        "undecided": undecided(row, today), "overdue": late, "decision": said.id if said else None,
        "suspicion": said.state if said else None,
    }  # fmt: skip
    return {name: getattr(row, name) for name in PlanItem.model_fields if name not in derived} | derived


_SUMMED = ("progress", "cameras", "cameras_done", "budget_yuan", "due")
_COLUMNS = tuple(
    name
    for name in ConstructionPlan.model_fields
    if name not in {"submitted_by_name", "decided_by_name", "figures"}
)
