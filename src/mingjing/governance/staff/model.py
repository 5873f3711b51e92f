"""Tables of staff files and agreements."""

from datetime import date

from sqlalchemy import JSON, Date, String
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.kernel.db import Id
from mingjing.registry.record import Record


class StaffRow(Record):
    """Somebody at a post; `organisation` is the unit that employs them. One who has left keeps the row."""

    __tablename__ = "staff_files"

    post: Mapped[str] = mapped_column(String(12))
    system: Mapped[str | None] = mapped_column(String(32), index=True)
    """The system that the post belongs to."""
    vetted: Mapped[date | None] = mapped_column(Date)
    pledged: Mapped[date | None] = mapped_column(Date)
    trained: Mapped[date | None] = mapped_column(Date)
    left: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(2000))


class AgreementRow(Record):
    """A security and confidentiality agreement with a contractor; `organisation` is the unit that has concluded it."""

    __tablename__ = "agreements"

    contractor: Mapped[Id]
    work: Mapped[str] = mapped_column(String(16))
    contract: Mapped[str] = mapped_column(String(60))
    """Number of the contract that it belongs to."""
    systems: Mapped[list[str]] = mapped_column(JSON)
    content: Mapped[str] = mapped_column(String(2000))
    """What the contractor may see and do, and what it may not."""
    signed: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(2000))
