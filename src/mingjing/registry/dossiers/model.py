"""Table of dossiers."""

from datetime import date

from sqlalchemy import Date, Float, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.kernel.db import Base, Us


class DossierRow(Base):
    """The dossier of one camera of the register."""

    __tablename__ = "dossiers"

    camera: Mapped[str] = mapped_column(String(32), ForeignKey("cameras.id"), primary_key=True)
    system: Mapped[str | None] = mapped_column(String(32), ForeignKey("systems.id"), index=True)
    position: Mapped[str | None] = mapped_column(String(32), ForeignKey("key_positions.id"), index=True)
    """The key position that it covers."""
    code: Mapped[str | None] = mapped_column(String(20), unique=True)
    """Device code of 20 digits (GB/T 28181)."""
    longitude: Mapped[float | None] = mapped_column(Float)
    """WGS-84 degrees, as latitude is."""
    latitude: Mapped[float | None] = mapped_column(Float)
    height_m: Mapped[float | None] = mapped_column(Float)
    azimuth: Mapped[float | None] = mapped_column(Float)
    """Degrees clockwise from north."""
    view_angle: Mapped[float | None] = mapped_column(Float)
    """Horizontal, degrees."""
    view_m: Mapped[float | None] = mapped_column(Float)
    """How far it sees, metres."""
    in_use: Mapped[date | None] = mapped_column(Date)
    sign_checked: Mapped[date | None] = mapped_column(Date)
    complete: Mapped[int] = mapped_column(Integer)
    """Of the mandatory members, per cent."""
    changed_us: Mapped[Us]
