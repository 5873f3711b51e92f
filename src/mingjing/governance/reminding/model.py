"""Tables of reminders and of whom they were told."""

from datetime import date

from sqlalchemy import Boolean, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.kernel.db import Base, Id, IdKey, OptionalUs, PathText, Us


class ReminderRow(Base):
    """That a deadline was recalled: once for a duty, its day and the stage."""

    __tablename__ = "reminders"
    __table_args__ = (
        UniqueConstraint("kind", "record", "due", "stage"),
        Index("ix_reminders_division_path", "division_path"),
    )

    id: Mapped[IdKey]
    kind: Mapped[str] = mapped_column(String(16))
    """`filing`, `finding`, `order`."""
    record: Mapped[Id]
    subject: Mapped[str] = mapped_column(String(80))
    """Where it is dealt with, as kind and identifier: `system:sy_k2x9p4q7m1aa`."""
    name: Mapped[str] = mapped_column(String(200))
    what: Mapped[str] = mapped_column(String(40))
    """What is owed: the kind of a filing, a rule, the number of an order."""
    due: Mapped[date] = mapped_column(Date)
    stage: Mapped[str] = mapped_column(String(12))
    """Days before the deadline as `15`, `7`, `3`, `1`; `overdue`; `escalated`."""
    day: Mapped[date] = mapped_column(Date)
    """On which it was told."""
    holidays_known: Mapped[bool] = mapped_column(Boolean)
    """Whether the day was chosen by the holidays of its year, or by weekends alone."""
    division_path: Mapped[str] = mapped_column(PathText)
    organisation_path: Mapped[str] = mapped_column(PathText)
    at_us: Mapped[Us]


class ReminderReceiver(Base):
    """Somebody whom a reminder was told, and when they took note of it."""

    __tablename__ = "reminder_receivers"

    reminder: Mapped[str] = mapped_column(String(32), ForeignKey("reminders.id"), primary_key=True)
    user: Mapped[str] = mapped_column(String(32), ForeignKey("users.id"), primary_key=True, index=True)
    seen_us: Mapped[OptionalUs]
