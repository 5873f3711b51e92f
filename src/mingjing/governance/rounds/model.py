"""Tables of rounds and their results."""

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.kernel.db import Base, Id, IdKey, Us
from mingjing.law.facts import RoundKind
from mingjing.registry.record import Record


class RoundRow(Record):
    """A round of one subject, called after it; `organisation` is the unit that makes it."""

    __tablename__ = "rounds"
    __table_args__ = (
        Index("ix_rounds_subject", "subject"),
        # Serves the list, by day.
        Index("ix_rounds_next_due", "next_due"),
    )

    kind: Mapped[RoundKind] = mapped_column(String(16))
    subject_kind: Mapped[str] = mapped_column(String(16))
    """`forbidden_place`, `camera` or `place`."""
    subject: Mapped[Id]
    cycle_days: Mapped[int] = mapped_column(Integer)
    since: Mapped[date] = mapped_column(Date)
    """The day that the first cycle counts from."""
    until: Mapped[date | None] = mapped_column(Date)
    """The last day on which it is owed; open where it has no end."""
    last_done: Mapped[date | None] = mapped_column(Date)
    next_due: Mapped[date] = mapped_column(Date)


class RoundResultRow(Base):
    """What one round found."""

    __tablename__ = "round_results"

    id: Mapped[IdKey]
    round: Mapped[str] = mapped_column(String(32), ForeignKey("rounds.id"), index=True)
    day: Mapped[date] = mapped_column(Date)
    at_us: Mapped[Us]
    who: Mapped[str] = mapped_column(String(64))
    who_name: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[str] = mapped_column(String(8))
    """`nothing` or `found`; of a sign check `found` is a sign that is missing or cannot be read."""
    note: Mapped[str] = mapped_column(String(2000))
    """What was found."""
    reported: Mapped[date | None] = mapped_column(Date)
    """When it was reported to the police; None: not yet."""
    reported_to: Mapped[str] = mapped_column(String(100))
