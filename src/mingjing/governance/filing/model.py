"""Tables of filings and their steps."""

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.kernel.db import Base, Id, IdKey, Json, PathText, Sequence64, Us
from mingjing.law.facts import FilingKind


class FilingRow(Base):
    """One filing of one system."""

    __tablename__ = "filings"
    __table_args__ = (
        Index("ix_filings_division_path_organisation_path", "division_path", "organisation_path"),
        Index("ix_filings_state_due", "state", "due"),
    )

    id: Mapped[IdKey]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    """Our own, `BA-2026-0117`; the organ's is `official_number`."""
    kind: Mapped[FilingKind] = mapped_column(String(16))
    system: Mapped[str] = mapped_column(String(32), ForeignKey("systems.id"), index=True)
    division_path: Mapped[str] = mapped_column(PathText)
    """Of the system, as it stands now."""
    organisation_path: Mapped[str] = mapped_column(PathText)
    trigger: Mapped[date] = mapped_column(Date)
    """What the clock counts from: entry into use, the change, or the day of dismantling."""
    due: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(16))
    content: Mapped[Json]
    """What stands in the form."""
    organ: Mapped[str] = mapped_column(String(100))
    organ_division: Mapped[str] = mapped_column(String(12))
    submitted: Mapped[date | None] = mapped_column(Date)
    decided: Mapped[date | None] = mapped_column(Date)
    official_number: Mapped[str] = mapped_column(String(60))
    prepared_by: Mapped[Id]
    """Who sent it to be checked last; empty until then."""
    created_us: Mapped[Us]
    changed_us: Mapped[Us]


class FilingStepRow(Base):
    """A step of a filing: who brought it into which state, and what was said."""

    __tablename__ = "filing_steps"

    id: Mapped[Sequence64]
    filing: Mapped[str] = mapped_column(String(32), ForeignKey("filings.id"), index=True)
    at_us: Mapped[Us]
    who: Mapped[str] = mapped_column(String(64))
    who_name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(String(2000))
