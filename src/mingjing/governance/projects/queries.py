"""Reads of projects."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from mingjing.governance.projects.model import AcceptanceRow, ProjectFileRow, ProjectRow
from mingjing.identity.scope import Scope
from mingjing.kernel.paging import Page
from mingjing.law.space import Box
from mingjing.registry import record
from mingjing.registry.record import Narrowed


def projects(
    session: Session,
    scope: Scope,
    wanted: Narrowed,
    limit: int,
    after: str | None,
    *,
    kind: str | None = None,
    system: str | None = None,
    plan_item: str | None = None,
    conclusion: str | None = None,
) -> Page[ProjectRow]:
    """Projects by title; `conclusion` is one of acceptance, or `none` where nothing is concluded yet."""
    also: list[ColumnElement[bool]] = [
        column == value
        for column, value in (
            (ProjectRow.kind, kind), (ProjectRow.system, system), (ProjectRow.plan_item, plan_item),
        )
        if value is not None
    ]  # fmt: skip
    if conclusion is not None:
        concluded = select(AcceptanceRow.project).where(AcceptanceRow.conclusion != "")
        if conclusion == "none":
            also.append(ProjectRow.id.not_in(concluded))
        else:
            also.append(ProjectRow.id.in_(concluded.where(AcceptanceRow.conclusion == conclusion)))
    return record.listed(session, scope, ProjectRow, wanted, limit, after, *also)


def project(session: Session, scope: Scope, identifier: str) -> ProjectRow:
    """One project. Raises REQ-404."""
    return record.one(session, scope, ProjectRow, identifier)


def kept_files(session: Session, identifier: str) -> set[str]:
    """Digests of a project's files that are kept here. Whether the caller may see the project is asked before."""
    return set(session.scalars(select(ProjectFileRow.sha256).where(ProjectFileRow.project == identifier)))


def unaccepted(session: Session, scope: Scope, limit: int) -> Sequence[ProjectRow]:
    """Projects that are constructed and whose acceptance is not concluded, the earliest day of the main works first."""
    concluded = select(AcceptanceRow.project).where(AcceptanceRow.conclusion != "")
    query = select(ProjectRow).where(
        record.in_scope(scope, ProjectRow), ProjectRow.ended_us.is_(None), ProjectRow.video_construction.is_not(None),
        ProjectRow.id.not_in(concluded),
    )  # fmt: skip
    day = ProjectRow.main_acceptance
    return session.scalars(query.order_by(day.is_(None), day, ProjectRow.id).limit(limit)).all()


def acceptances(session: Session, projects: Sequence[str]) -> dict[str, AcceptanceRow]:
    """Acceptances by project. Whether the caller may see the projects is asked before."""
    rows = session.scalars(select(AcceptanceRow).where(AcceptanceRow.project.in_(list(projects))))
    return {row.project: row for row in rows}


def known(session: Session, identifiers: Sequence[str]) -> Sequence[ProjectRow]:
    """Projects for the program's own work, never for a person."""
    return session.scalars(select(ProjectRow).where(ProjectRow.id.in_(list(identifiers)))).all()


def standing_in(session: Session, areas: Sequence[Box]) -> list[str]:
    """Projects that are built in one of some boxes, for the program's own work."""
    found: set[str] = set()
    for area in areas:
        query = select(ProjectRow.id).where(
            ProjectRow.ended_us.is_(None), ProjectRow.longitude.between(area.west, area.east),
            ProjectRow.latitude.between(area.south, area.north),
        )  # fmt: skip
        found.update(session.scalars(query))
    return sorted(found)


def delivering(session: Session, systems: Sequence[str]) -> list[str]:
    """Projects that deliver these systems, for the program's own work."""
    return list(
        session.scalars(
            select(ProjectRow.id)
            .where(ProjectRow.system.in_(list(systems)), ProjectRow.ended_us.is_(None))
            .order_by(ProjectRow.id)
        )
    )


def implementing(session: Session, items: Sequence[str]) -> list[str]:
    """Projects that implement these items of plans, for the program's own work."""
    return list(
        session.scalars(
            select(ProjectRow.id)
            .where(ProjectRow.plan_item.in_(list(items)), ProjectRow.ended_us.is_(None))
            .order_by(ProjectRow.id)
        )
    )


def standing(session: Session) -> list[tuple[str, str]]:
    """Every project that is in the register, with its division path, for the program's own work."""
    rows = session.execute(
        select(ProjectRow.id, ProjectRow.division_path).where(ProjectRow.ended_us.is_(None))
    )
    return [(row[0], row[1]) for row in rows]
