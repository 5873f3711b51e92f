"""What was changed on a record: who, when, from what, to what. Every register keeps its history here; none forgets."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from mingjing.audit.service import Actor, Object, record
from mingjing.kernel.bulk import insert_rows
from mingjing.kernel.db import Base, Id, Json, Sequence64, Transaction, Us
from mingjing.kernel.differences import differences

SHOWN_MOST = 500


class RecordChange(Base):
    """One change of one record."""

    __tablename__ = "record_changes"
    __table_args__ = (Index("ix_record_changes_kind_record", "kind", "record"),)

    id: Mapped[Sequence64]
    kind: Mapped[str] = mapped_column(String(24))
    record: Mapped[Id]
    at_us: Mapped[Us]
    who: Mapped[str] = mapped_column(String(64))
    who_name: Mapped[str] = mapped_column(String(200))
    what: Mapped[str] = mapped_column(String(24))
    before: Mapped[Json]
    after: Mapped[Json]


def changed(
    tx: Transaction,
    actor: Actor,
    subject: Object,
    what: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    facts: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Keep what differs between two states of a record, with its journal entry `kind.what`; returns the members that
    are new. A change that changes nothing is not kept."""
    old, new = differences(dict(before), after)
    if not new:
        return {}
    tx.session.add(
        RecordChange(
            kind=subject.kind, record=subject.id, at_us=tx.now_us(), who=actor.id[:64],
            who_name=actor.name[:200], what=what, before=old, after=new,
        )
    )  # fmt: skip
    record(tx, actor, f"{subject.kind}.{what}", subject, {"changed": sorted(new), **(facts or {})})
    return new


def kept_together(
    tx: Transaction,
    actor: Actor,
    kind: str,
    changes: Sequence[tuple[str, str, Mapping[str, Any], Mapping[str, Any]]],
) -> None:
    """Keep changes of many records of a kind, each as (record, what, before, after). The journal has one entry for all of
    them, which who brings them in writes."""
    rows = []
    for identifier, what, before, after in changes:
        old, new = differences(before, after)
        if new:
            rows.append(
                {
                    "kind": kind, "record": identifier, "at_us": tx.now_us(), "who": actor.id[:64],
                    "who_name": actor.name[:200], "what": what, "before": old, "after": new,
                }
            )  # fmt: skip
    insert_rows(tx, RecordChange, rows)


def changes(session: Session, kind: str, identifier: str) -> Sequence[RecordChange]:
    """What was changed on a record, newest first. Whether the caller may see the record is asked before."""
    return session.scalars(
        select(RecordChange)
        .where(RecordChange.kind == kind, RecordChange.record == identifier)
        .order_by(RecordChange.id.desc())
        .limit(SHOWN_MOST)
    ).all()
