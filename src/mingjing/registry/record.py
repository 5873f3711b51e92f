"""What every register's record has in common: a name that is found, a place that scopes it, dates, and a life that ends
without the row going away. Lists and look-ups of any register, always within a scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, String, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from mingjing.audit.history import changed
from mingjing.audit.service import Actor, Object
from mingjing.identity.queries import organisation_path
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Base, Id, IdKey, OptionalUs, PathText, Transaction, Us, within
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.kernel.paging import Page, cut, position
from mingjing.registry.rules import like, spoken
from mingjing.territory.queries import path_of


class Record(Base):
    """The columns of a record that stands somewhere and belongs to a unit."""

    __abstract__ = True

    id: Mapped[IdKey]
    name: Mapped[str] = mapped_column(String(100), index=True)
    pinyin: Mapped[str] = mapped_column(String(700))
    initials: Mapped[str] = mapped_column(String(100))
    division: Mapped[str] = mapped_column(String(12))
    division_path: Mapped[str] = mapped_column(PathText, index=True)
    organisation: Mapped[Id]
    organisation_path: Mapped[str] = mapped_column(PathText)
    created_us: Mapped[Us]
    changed_us: Mapped[Us]
    ended_us: Mapped[OptionalUs]
    """When it left the register; the row stays."""


R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list of records is narrowed to: a division path, a unit, words; `ended`: those that have left the register
    and no others, those that stand in it, or (None) both."""

    under: str = ""
    organisation: str | None = None
    text: str | None = None
    ended: bool | None = False


def named(row: Record, name: str) -> None:
    """Give a record a name by which it is found, also in pinyin."""
    row.name = name
    row.pinyin, row.initials = spoken(name)


def placed(tx: Transaction, scope: Scope, row: Record, division: str, organisation: str) -> None:
    """Put a record into a division and a unit. Raises DIV-004, AUTH-025; REQ-404 where that lies outside the scope."""
    division_path, unit_path = path_of(tx.session, division), organisation_path(tx.session, organisation)
    if not scope.covers(division_path, unit_path):
        raise MingjingError(NOT_FOUND)
    row.division, row.division_path = division, division_path
    row.organisation, row.organisation_path = organisation, unit_path


def in_scope(scope: Scope, table: type[Record]) -> ColumnElement[bool]:
    """The condition that a row lies in a scope."""
    return scope.where(table.division_path, table.organisation_path)


def one(session: Session, scope: Scope, table: type[R], identifier: str) -> R:
    """A record. Raises REQ-404 for one that is not there, and alike for one outside the scope."""
    row = session.scalars(select(table).where(table.id == identifier, in_scope(scope, table))).first()
    if row is None:
        raise MingjingError(NOT_FOUND)
    return row


def listed(
    session: Session,
    scope: Scope,
    table: type[R],
    wanted: Narrowed,
    limit: int,
    after: str | None,
    *conditions: ColumnElement[bool],
) -> Page[R]:
    """Records by name."""
    where = [in_scope(scope, table), *narrowing(table, wanted), *conditions]
    total = session.scalar(select(func.count()).select_from(table).where(*where)) or 0
    last = position(after)
    if last is not None:
        name, _, identifier = last.rpartition("\x1f")
        where.append(or_(table.name > name, (table.name == name) & (table.id > identifier)))
    rows = session.scalars(select(table).where(*where).order_by(table.name, table.id).limit(limit + 1)).all()
    return cut(rows, limit, total, lambda row: f"{row.name}\x1f{row.id}")


def narrowing(table: type[Record], wanted: Narrowed) -> list[ColumnElement[bool]]:
    """The conditions of a filter."""
    found: list[ColumnElement[bool]] = []
    if wanted.ended is not None:
        found.append(table.ended_us.is_not(None) if wanted.ended else table.ended_us.is_(None))
    if wanted.under:
        found.append(within(wanted.under, table.division_path))
    if wanted.organisation:
        found.append(table.organisation == wanted.organisation)
    for word in (wanted.text or "").split():
        text, latin = like(word), like(word.lower())
        found.append(
            or_(
                table.name.ilike(text, escape="\\"),
                table.pinyin.like(latin, escape="\\"),
                table.initials.like(latin, escape="\\"),
                table.id == word,
            )
        )
    return found


def end(tx: Transaction, actor: Actor, row: Record, kind: str, reason: str) -> None:
    """Take a record out of its register, with the reason in its history; the row stays."""
    row.ended_us = row.changed_us = tx.now_us()
    tx.session.flush()
    before, after = {"ended": False}, {"ended": True, "reason": reason}
    changed(tx, actor, Object(kind, row.id), "end", before, after, {"name": row.name})


def members(row: Record, fields: Sequence[str]) -> dict[str, Any]:
    """Columns of a record as history keeps them: plain JSON."""
    return {field: _plain(getattr(row, field)) for field in fields}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
