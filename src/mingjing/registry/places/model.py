"""Tables of places and their key positions."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, Date, Float, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.kernel.db import Base, IdKey, OptionalUs
from mingjing.law.facts import PositionKind
from mingjing.registry.record import Record


class PlaceRow(Record):
    """A place; `division` is where it lies, `organisation` the unit that answers for it."""

    __tablename__ = "places"

    category: Mapped[str] = mapped_column(String(32), index=True)
    subcategory: Mapped[str] = mapped_column(String(32))
    national_class: Mapped[str] = mapped_column(String(24))
    """SC799: `n7_1_road_square` … `n33_non_public`; empty where nobody has said."""
    address: Mapped[str] = mapped_column(String(300))
    longitude: Mapped[float | None] = mapped_column(Float)
    """WGS-84 degrees, as latitude is."""
    latitude: Mapped[float | None] = mapped_column(Float)
    outline: Mapped[list[Any] | None] = mapped_column(JSON)
    """Ring of [longitude, latitude]."""
    key_protected_unit: Mapped[bool]
    """治安保卫重点单位."""
    counter_terror_target: Mapped[bool]
    """反恐重点目标: recordings are kept for 90 days."""
    citation: Mapped[str] = mapped_column(String(300))
    """For `other_statutory`: the statute that names it; for `crime_prone`: the designation."""
    designated: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(2000))


class KeyPositionRow(Base):
    """An entrance, main passage or vital part of a place."""

    __tablename__ = "key_positions"

    id: Mapped[IdKey]
    place: Mapped[str] = mapped_column(String(32), ForeignKey("places.id"), index=True)
    kind: Mapped[PositionKind] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(100))
    longitude: Mapped[float | None] = mapped_column(Float)
    latitude: Mapped[float | None] = mapped_column(Float)
    ended_us: Mapped[OptionalUs]
