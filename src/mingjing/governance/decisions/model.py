"""Table of decisions on suspected cameras, plan items and projects."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, Date, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.kernel.db import Id, Json, OptionalUs
from mingjing.law.facts import DecisionState
from mingjing.registry.record import Record


class DecisionRow(Record):
    """What was asked of a person about one subject, and what was said. One row a subject, for ever: a view that changes
    asks again on the same row, and its history keeps what was said before."""

    __tablename__ = "decisions"
    __table_args__ = (UniqueConstraint("subject_kind", "subject"),)

    subject_kind: Mapped[str] = mapped_column(String(16))
    """`camera`, `plan_item` or `project`."""
    subject: Mapped[Id]
    grounds: Mapped[list[Any]] = mapped_column(JSON)
    """Why it is suspected: `ground`, `kind`, `what` of each suspicion."""
    view: Mapped[Json]
    """Where it stands and looks, as it was asked about."""
    asked: Mapped[str] = mapped_column(String(32))
    """Digest of grounds and view: another one asks again."""
    state: Mapped[DecisionState] = mapped_column(String(12), index=True)
    reason: Mapped[str] = mapped_column(String(2000))
    decided_by: Mapped[str | None] = mapped_column(String(32))
    decided_name: Mapped[str] = mapped_column(String(200))
    decided_us: Mapped[OptionalUs]
    mask_confirmed: Mapped[date | None] = mapped_column(Date)
    """The day on which somebody saw in the picture that the mask covers it."""
