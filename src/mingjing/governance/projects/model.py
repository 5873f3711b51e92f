"""Tables of projects and their acceptance."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, Date, Float, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.kernel.db import Base, Us
from mingjing.law.facts import Conclusion, Funding, ProjectKind
from mingjing.registry.record import Record


class ProjectRow(Record):
    """A project; `organisation` is the building unit (建设单位)."""

    __tablename__ = "projects"

    kind: Mapped[ProjectKind] = mapped_column(String(12), index=True)
    system: Mapped[str | None] = mapped_column(String(32), ForeignKey("systems.id"), index=True)
    """The video system that it delivers."""
    plan_item: Mapped[str | None] = mapped_column(String(32), ForeignKey("plan_items.id"), index=True)
    funding: Mapped[Funding] = mapped_column(String(24))
    places: Mapped[list[str]] = mapped_column(JSON)
    longitude: Mapped[float | None] = mapped_column(Float)
    """WGS-84 degrees, as latitude is."""
    latitude: Mapped[float | None] = mapped_column(Float)
    main_works: Mapped[str] = mapped_column(String(300))
    """What it is built together with; empty for a video system built on its own."""
    designer: Mapped[str | None] = mapped_column(String(32))
    contractor: Mapped[str | None] = mapped_column(String(32))
    inspector: Mapped[str | None] = mapped_column(String(32))
    contract: Mapped[str] = mapped_column(String(300))
    main_design: Mapped[date | None] = mapped_column(Date)
    main_construction: Mapped[date | None] = mapped_column(Date)
    main_acceptance: Mapped[date | None] = mapped_column(Date)
    main_use: Mapped[date | None] = mapped_column(Date)
    video_design: Mapped[date | None] = mapped_column(Date)
    video_construction: Mapped[date | None] = mapped_column(Date)
    video_use: Mapped[date | None] = mapped_column(Date)
    """When it was really put to use. That of acceptance follows from the acceptance."""
    note: Mapped[str] = mapped_column(String(2000))


class AcceptanceRow(Base):
    """The acceptance of one project, as it stands now; what it was stands in the history."""

    __tablename__ = "acceptances"

    project: Mapped[str] = mapped_column(String(32), ForeignKey("projects.id"), primary_key=True)
    standards: Mapped[list[str]] = mapped_column(JSON)
    trial_from: Mapped[date | None] = mapped_column(Date)
    trial_until: Mapped[date | None] = mapped_column(Date)
    report_lab: Mapped[str] = mapped_column(String(300))
    report_number: Mapped[str] = mapped_column(String(300))
    report_date: Mapped[date | None] = mapped_column(Date)
    checks: Mapped[list[Any]] = mapped_column(JSON)
    """By item of the technical checklist: result and what was measured."""
    members: Mapped[list[Any]] = mapped_column(JSON)
    opinions: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Sub-conclusions on construction, technology and documents."""
    conclusion: Mapped[Conclusion] = mapped_column(String(20))
    concluded: Mapped[date | None] = mapped_column(Date)
    defects: Mapped[list[Any]] = mapped_column(JSON)
    documents: Mapped[list[Any]] = mapped_column(JSON)
    """What lies in the archive, with the digest of each file: kept here (`ProjectFileRow`) or by the unit."""
    handed_over: Mapped[date | None] = mapped_column(Date)
    changed_us: Mapped[Us]


class ProjectFileRow(Base):
    """A file of a project's archive that is kept here."""

    __tablename__ = "project_files"

    project: Mapped[str] = mapped_column(String(32), ForeignKey("projects.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    media_type: Mapped[str] = mapped_column(String(40))
    bytes: Mapped[int] = mapped_column(Integer)
    at_us: Mapped[Us]
    who: Mapped[str] = mapped_column(String(64))
    who_name: Mapped[str] = mapped_column(String(200))
