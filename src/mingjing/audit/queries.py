"""Reading the journal: by filter, by number, and the check of the whole chain.

Who may read it is decided by the route: the whole journal needs `journal.read`, one's own views need nobody's leave.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from mingjing.audit.chain import HASHED, Checkpoint, Verdict, check
from mingjing.audit.model import CheckpointRow, JournalRow
from mingjing.kernel.paging import Page, cut, position

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Filter:
    """What is wanted of the journal; None means no condition. Times are [from, until)."""

    who: str | None = None
    """Identifier of an actor, or a part of its name."""
    what: str | None = None
    """An action, or the beginning of one: `session` finds `session.open`."""
    object: str | None = None
    from_us: int | None = None
    until_us: int | None = None
    actions: Sequence[str] = ()


def entries(session: Session, wanted: Filter, limit: int, after: str | None) -> Page[JournalRow]:
    """Entries that fit, newest first."""
    conditions = _conditions(wanted)
    total = session.execute(select(func.count()).select_from(JournalRow).where(*conditions)).scalar_one()
    before = position(after)
    if before is not None and before.isdecimal():
        conditions.append(JournalRow.seq < int(before))
    rows = session.scalars(
        select(JournalRow).where(*conditions).order_by(JournalRow.seq.desc()).limit(limit + 1)
    ).all()
    return cut(rows, limit, total, lambda row: str(row.seq))


def entry(session: Session, seq: int) -> JournalRow | None:
    """The entry numbered `seq`."""
    return session.get(JournalRow, seq)


def told(session: Session, actor: str, action: str) -> list[tuple[str, Mapping[str, Any]]]:
    """The object and the facts of every entry of an actor and an action, oldest first, for the program's own work."""
    query = select(JournalRow.object, JournalRow.facts).where(
        JournalRow.actor == actor, JournalRow.action == action
    )
    rows = session.execute(query.order_by(JournalRow.seq))
    return [(row.object, json.loads(row.facts)) for row in rows]


def checkpoints(session: Session) -> list[Checkpoint]:
    """Every checkpoint in the database, oldest first."""
    rows = session.scalars(select(CheckpointRow).order_by(CheckpointRow.seq))
    return [Checkpoint(row.seq, row.hash, row.at_us, row.key_id, row.signature) for row in rows]


def verify(session: Session, public: bytes, elsewhere: Sequence[Checkpoint] = ()) -> Verdict:
    """Check the whole journal against the checkpoints in the database and those kept `elsewhere`."""
    with _as_it_stands(session):
        return check(_in_order(session), [*checkpoints(session), *elsewhere], public)


@contextmanager
def _as_it_stands(session: Session) -> Iterator[None]:
    """Text is read whatever its bytes: one that is no UTF-8 was altered, and must be named instead of ending the check."""
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = str


def _in_order(session: Session) -> Iterator[Mapping[str, object]]:
    columns = [JournalRow.__table__.c[name] for name in (*HASHED, "previous", "hash")]
    last: int | None = None
    while True:
        query = select(*columns).order_by(JournalRow.seq).limit(_BATCH)
        if last is not None:
            query = query.where(JournalRow.seq > last)
        rows = session.execute(query).mappings().all()
        if not rows:
            return
        for row in rows:
            yield dict(row)
        last = rows[-1]["seq"]


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.who:
        found.append(
            or_(JournalRow.actor == wanted.who, JournalRow.actor_name.contains(wanted.who, autoescape=True))
        )
    if wanted.what:
        found.append(
            or_(
                JournalRow.action == wanted.what,
                JournalRow.action.startswith(wanted.what + ".", autoescape=True),
            )
        )
    if wanted.actions:
        found.append(JournalRow.action.in_(wanted.actions))
    if wanted.object:
        found.append(JournalRow.object == wanted.object)
    if wanted.from_us is not None:
        found.append(JournalRow.at_us >= wanted.from_us)
    if wanted.until_us is not None:
        found.append(JournalRow.at_us < wanted.until_us)
    return found
