"""Reads of construction plans."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from mingjing.governance.planning.model import ConstructionPlanRow, PlanItemRow
from mingjing.governance.planning.rules import PlanState
from mingjing.identity.scope import Scope
from mingjing.kernel.db import within
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.kernel.paging import Page
from mingjing.law.space import Box
from mingjing.registry import record
from mingjing.registry.map.queries import Wanted
from mingjing.registry.record import Narrowed


def plans(
    session: Session, scope: Scope, wanted: Narrowed, limit: int, after: str | None, state: str | None = None
) -> Page[ConstructionPlanRow]:
    """Plans by title."""
    also: list[ColumnElement[bool]] = [] if state is None else [ConstructionPlanRow.state == state]
    return record.listed(session, scope, ConstructionPlanRow, wanted, limit, after, *also)


def plan(session: Session, scope: Scope, identifier: str) -> ConstructionPlanRow:
    """One plan. Raises REQ-404."""
    return record.one(session, scope, ConstructionPlanRow, identifier)


def items(session: Session, plans: Sequence[str]) -> dict[str, list[PlanItemRow]]:
    """Items by plan, by when they are due. Whether the caller may see the plans is asked before."""
    found: dict[str, list[PlanItemRow]] = {}
    query = (
        select(PlanItemRow)
        .where(PlanItemRow.plan.in_(list(plans)), PlanItemRow.ended_us.is_(None))
        .order_by(PlanItemRow.due.is_(None), PlanItemRow.due, PlanItemRow.name, PlanItemRow.id)
    )
    for row in session.scalars(query):
        found.setdefault(row.plan, []).append(row)
    return found


def every_item(session: Session, plans: Sequence[str]) -> Sequence[PlanItemRow]:
    """Items of plans, those that left them too, for the program's own work."""
    return session.scalars(select(PlanItemRow).where(PlanItemRow.plan.in_(list(plans)))).all()


def plans_of(session: Session, items: Sequence[str]) -> dict[str, str]:
    """The plan that each of these items stands in. Whether the caller may see the items is asked before."""
    rows = session.execute(select(PlanItemRow.id, PlanItemRow.plan).where(PlanItemRow.id.in_(list(items))))
    return {row[0]: row[1] for row in rows}


def with_items_in(session: Session, areas: Sequence[Box]) -> list[str]:
    """Plans with an item in one of some boxes, for the program's own work."""
    found: set[str] = set()
    for area in areas:
        query = select(PlanItemRow.plan).where(
            PlanItemRow.ended_us.is_(None), PlanItemRow.longitude.between(area.west, area.east),
            PlanItemRow.latitude.between(area.south, area.north),
        )  # fmt: skip
        found.update(session.scalars(query))
    return sorted(found)


def submitted(session: Session, scope: Scope, under: str, limit: int) -> Sequence[ConstructionPlanRow]:
    """Plans that wait to be approved by a unit whose territory is `under`, the oldest first."""
    query = select(ConstructionPlanRow).where(
        record.in_scope(scope, ConstructionPlanRow),
        within(under, ConstructionPlanRow.division_path),
        ConstructionPlanRow.state == "submitted",
        ConstructionPlanRow.ended_us.is_(None),
    )
    by_age = query.order_by(ConstructionPlanRow.submitted_us, ConstructionPlanRow.id)
    return session.scalars(by_age.limit(limit)).all()


def item(session: Session, scope: Scope, plan: str, identifier: str) -> PlanItemRow:
    """One item of a plan. Raises REQ-404."""
    row = record.one(session, scope, PlanItemRow, identifier)
    if row.plan != plan or row.ended_us is not None:
        raise MingjingError(NOT_FOUND)
    return row


def known(session: Session, identifiers: Sequence[str]) -> Sequence[ConstructionPlanRow]:
    """Plans for the program's own work, never for a person."""
    return session.scalars(
        select(ConstructionPlanRow).where(ConstructionPlanRow.id.in_(list(identifiers)))
    ).all()


def approved(session: Session, items: Sequence[str]) -> set[str]:
    """Those of these items that stand in an approved plan and were not dropped, for the program's own work."""
    query = (
        select(PlanItemRow.id)
        .join(ConstructionPlanRow, ConstructionPlanRow.id == PlanItemRow.plan)
        .where(
            PlanItemRow.id.in_(list(items)), PlanItemRow.ended_us.is_(None), PlanItemRow.progress != "dropped",
            ConstructionPlanRow.state == "approved",
        )
    )  # fmt: skip
    return set(session.scalars(query))


def standing(session: Session) -> list[tuple[str, str]]:
    """Every plan that is in the register, with its division path, for the program's own work."""
    rows = session.execute(
        select(ConstructionPlanRow.id, ConstructionPlanRow.division_path).where(
            ConstructionPlanRow.ended_us.is_(None)
        )
    )
    return [(row[0], row[1]) for row in rows]


def visible_item(session: Session, scope: Scope, identifier: str) -> PlanItemRow:
    """One item of any plan that somebody may see. Raises REQ-404."""
    row = record.one(session, scope, PlanItemRow, identifier)
    if row.ended_us is not None:
        raise MingjingError(NOT_FOUND)
    return row


def named(session: Session, scope: Scope, identifiers: Sequence[str]) -> list[tuple[str, tuple[str, str]]]:
    """Those of these items that somebody may see, each with its name and its plan."""
    rows = session.execute(
        select(PlanItemRow.id, PlanItemRow.name, PlanItemRow.plan).where(
            PlanItemRow.id.in_(list(identifiers)), record.in_scope(scope, PlanItemRow)
        )
    )
    return [(row[0], (row[1], row[2])) for row in rows]


@dataclass(frozen=True, slots=True)
class Planned:
    """An item with its plan, for the map."""

    item: PlanItemRow
    plan_name: str
    plan_state: PlanState


def located(session: Session, scope: Scope, wanted: Wanted) -> list[Planned]:
    """Items within a box that were not dropped, by name; what is wanted `among` records is so among plans."""
    box = wanted.box
    where = [
        PlanItemRow.longitude.between(box.west, box.east), PlanItemRow.latitude.between(box.south, box.north),
        PlanItemRow.ended_us.is_(None), PlanItemRow.progress != "dropped", ConstructionPlanRow.ended_us.is_(None),
        record.in_scope(scope, PlanItemRow), record.in_scope(scope, ConstructionPlanRow),
    ]  # fmt: skip
    if wanted.under:
        where.append(within(wanted.under, PlanItemRow.division_path))
    if wanted.organisation_path:
        where.append(within(wanted.organisation_path, PlanItemRow.organisation_path))
    if wanted.among is not None:
        where.append(PlanItemRow.plan.in_(wanted.among))
    query = (
        select(PlanItemRow, ConstructionPlanRow.name, ConstructionPlanRow.state)
        .join(ConstructionPlanRow, ConstructionPlanRow.id == PlanItemRow.plan)
        .where(*where)
        .order_by(PlanItemRow.name, PlanItemRow.id)
    )
    return [Planned(*row) for row in session.execute(query)]
