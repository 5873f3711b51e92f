"""Reads of maintenance. An order is seen by the unit whose system it is about, and by the unit that maintains it."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from mingjing.governance.orders.model import ContractRow, OrderRow, OrderStepRow, OutageRow
from mingjing.governance.orders.rules import OPEN, RUNNING
from mingjing.identity.scope import Scope
from mingjing.kernel.db import within
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.kernel.paging import Page, cut, position
from mingjing.law.facts import OrderFact
from mingjing.registry.record import Narrowed, narrowing
from mingjing.registry.systems.queries import known


def in_scope(scope: Scope, table: type[OrderRow] | type[ContractRow]) -> ColumnElement[bool]:
    """The condition that a row concerns the reader: by the unit whose system it is, or by the one that maintains it."""
    return or_(
        scope.where(table.division_path, table.organisation_path),
        scope.where(table.division_path, table.maintainer_path),
    )


def orders(
    session: Session,
    scope: Scope,
    limit: int,
    after: str | None,
    *,
    under: str = "",
    state: str | None = None,
    system: str | None = None,
    camera: str | None = None,
    late_us: int | None = None,
) -> Page[OrderRow]:
    """Orders, the newest first. `state` may be `open` for all that are not over; `late_us`: over their term at that time."""
    where = [in_scope(scope, OrderRow)]
    if under:
        where.append(within(under, OrderRow.division_path))
    if state == "open":
        where.append(OrderRow.state.in_(sorted(OPEN)))
    elif state:
        where.append(OrderRow.state == state)
    if late_us is not None:
        unanswered = (OrderRow.state == "opened") & (OrderRow.respond_by_us < late_us)
        where.append(or_(unanswered, (OrderRow.state == "responded") & (OrderRow.repair_by_us < late_us)))
    if system:
        where.append(OrderRow.system == system)
    if camera:
        where.append(OrderRow.camera == camera)
    total = session.scalar(select(func.count()).select_from(OrderRow).where(*where)) or 0
    at_us, _, last = (position(after) or "").partition("\x1f")
    if at_us.isdecimal():
        earlier = OrderRow.opened_us < int(at_us)
        where.append(or_(earlier, (OrderRow.opened_us == int(at_us)) & (OrderRow.id > last)))
    rows = session.scalars(
        select(OrderRow).where(*where).order_by(OrderRow.opened_us.desc(), OrderRow.id).limit(limit + 1)
    ).all()
    return cut(rows, limit, total, lambda row: f"{row.opened_us}\x1f{row.id}")


def order(session: Session, scope: Scope, identifier: str) -> OrderRow:
    """One order. Raises REQ-404."""
    row = session.scalars(
        select(OrderRow).where(OrderRow.id == identifier, in_scope(scope, OrderRow))
    ).first()
    if row is None:
        raise MingjingError(NOT_FOUND)
    return row


def steps(session: Session, identifier: str) -> Sequence[OrderStepRow]:
    """What happened to an order, in order. Whether the caller may see it is asked before."""
    return session.scalars(
        select(OrderStepRow).where(OrderStepRow.order == identifier).order_by(OrderStepRow.id)
    ).all()


def contracts(
    session: Session,
    scope: Scope,
    wanted: Narrowed,
    limit: int,
    after: str | None,
    ends_until: date | None = None,
) -> Page[ContractRow]:
    """Contracts by name; with `ends_until` those that end by that day."""
    where = [in_scope(scope, ContractRow), *narrowing(ContractRow, wanted)]
    if ends_until is not None:
        where.append(ContractRow.until <= ends_until)
    total = session.scalar(select(func.count()).select_from(ContractRow).where(*where)) or 0
    name, _, last = (position(after) or "").rpartition("\x1f")
    if last:
        where.append(or_(ContractRow.name > name, (ContractRow.name == name) & (ContractRow.id > last)))
    rows = session.scalars(
        select(ContractRow).where(*where).order_by(ContractRow.name, ContractRow.id).limit(limit + 1)
    ).all()
    return cut(rows, limit, total, lambda row: f"{row.name}\x1f{row.id}")


def contract(session: Session, scope: Scope, identifier: str) -> ContractRow:
    """One contract. Raises REQ-404."""
    row = session.scalars(
        select(ContractRow).where(ContractRow.id == identifier, in_scope(scope, ContractRow))
    ).first()
    if row is None:
        raise MingjingError(NOT_FOUND)
    return row


def contract_for(session: Session, system: str, division_path: str, day: date) -> ContractRow | None:
    """The contract in force for a system, the one that ends last, for the program's own work."""
    rows = session.scalars(
        select(ContractRow)
        .where(
            ContractRow.division_path == division_path,
            ContractRow.ended_us.is_(None),
            ContractRow.since <= day,
            ContractRow.until >= day,
        )
        .order_by(ContractRow.until.desc(), ContractRow.id)
    )
    return next((row for row in rows if system in row.systems), None)


def outages(session: Session, scope: Scope, system: str) -> Sequence[OutageRow]:
    """Planned outages of a system, the newest first."""
    return session.scalars(
        select(OutageRow)
        .where(OutageRow.system == system, scope.where(OutageRow.division_path, OutageRow.organisation_path))
        .order_by(OutageRow.from_us.desc(), OutageRow.id)
        .limit(200)
    ).all()


def planned_now(session: Session, system: str, at_us: int) -> bool:
    """Whether an outage of a system is planned at a moment, for the program's own work."""
    query = select(OutageRow.id).where(
        OutageRow.system == system, OutageRow.from_us <= at_us, OutageRow.until_us > at_us
    )
    return session.scalars(query.limit(1)).first() is not None


def open_of_camera(session: Session, camera: str) -> OrderRow | None:
    """The order of a camera that is not over, for the program's own work."""
    return session.scalars(
        select(OrderRow).where(OrderRow.camera == camera, OrderRow.state.in_(sorted(OPEN)))
    ).first()


def running(session: Session) -> list[tuple[OrderRow, str]]:
    """Orders that are not repaired, each with the name of its system, for the program's own work."""
    rows = session.scalars(
        select(OrderRow).where(OrderRow.state.in_(sorted(RUNNING))).order_by(OrderRow.number)
    ).all()
    systems = {row.id: row.name for row in known(session, [row.system for row in rows])}
    return [(row, systems[row.system]) for row in rows]


def facts(session: Session, systems: Sequence[str], since_us: int) -> Mapping[str, Sequence[OrderFact]]:
    """By system, orders as rules judge them, for the program's own work: all that are open, and those that were opened
    since a moment."""
    rows = session.scalars(
        select(OrderRow)
        .where(
            OrderRow.system.in_(list(systems)),
            or_(OrderRow.state.in_(sorted(OPEN)), OrderRow.opened_us >= since_us),
            OrderRow.state.not_in(["withdrawn", "recovered"]),
        )
        .order_by(OrderRow.number)
    )
    found: dict[str, list[OrderFact]] = {}
    for row in rows:
        found.setdefault(row.system, []).append(
            OrderFact(row.number, row.respond_by_us, row.repair_by_us, row.responded_us, row.repaired_us)
        )
    return found
