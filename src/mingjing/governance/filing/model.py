"""Tables of filings, their steps, what differs from what was filed, and what was measured."""

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, Integer, String, UniqueConstraint
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
    register: Mapped[Json]
    """What the register had of the form's members when it was submitted last; empty until then."""
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


class DifferenceRow(Base):
    """A member of what was filed last that the register has otherwise, since when. It goes once they agree again."""

    __tablename__ = "filing_differences"
    __table_args__ = (UniqueConstraint("system", "member"),)

    id: Mapped[Sequence64]
    system: Mapped[str] = mapped_column(String(32), ForeignKey("systems.id"))
    member: Mapped[str] = mapped_column(String(32))
    since: Mapped[date] = mapped_column(Date)


class MeasurementRow(Base):
    """What the last night has measured of a system's recordings (`law.facts.Measurement`)."""

    __tablename__ = "system_measurements"

    system: Mapped[IdKey]
    measured: Mapped[date] = mapped_column(Date)
    recorded: Mapped[int] = mapped_column(Integer)
    kept_days: Mapped[int | None] = mapped_column(Integer)
    grown_days: Mapped[int | None] = mapped_column(Integer)
