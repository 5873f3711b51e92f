"""Table of video systems."""

from datetime import date

from sqlalchemy import JSON, Date, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.law.facts import Funding, Regime
from mingjing.registry.record import Record


class SystemRow(Record):
    """A video system; `division` is where it stands, `organisation` the unit that manages and uses it."""

    __tablename__ = "systems"

    regime: Mapped[Regime] = mapped_column(String(16), index=True)
    """SC799: `art7`, `art9`, `non_public`; empty where nobody has said."""
    category: Mapped[str] = mapped_column(String(32), index=True)
    """HB361, article 7; empty for none."""
    purposes: Mapped[list[str]] = mapped_column(JSON)
    necessity: Mapped[str] = mapped_column(String(2000))
    duty_basis: Mapped[str] = mapped_column(String(300))
    """Why the using unit has a security duty there (SC799, article 9)."""
    funding: Mapped[Funding] = mapped_column(String(24))
    place: Mapped[str | None] = mapped_column(String(32), index=True)
    building_unit: Mapped[str | None] = mapped_column(String(32))
    maintainer: Mapped[str | None] = mapped_column(String(32))
    entrusted_operator: Mapped[str | None] = mapped_column(String(32))
    retention_days: Mapped[int] = mapped_column(Integer)
    """As declared; what is measured is recording's."""
    address: Mapped[str] = mapped_column(String(300))
    network: Mapped[str] = mapped_column(String(16))
    """`private` or `internet`; empty where nobody has said."""
    in_use: Mapped[date | None] = mapped_column(Date, index=True)
    dismantle_planned: Mapped[date | None] = mapped_column(Date)
    dismantled: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(2000))
