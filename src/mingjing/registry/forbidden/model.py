"""Tables of forbidden places and of secret units' consents."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, Date, Float, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.law.facts import ForbiddenKind
from mingjing.registry.record import Record


class ForbiddenPlaceRow(Record):
    """A place in which no camera may be, or only under a condition; `organisation` is the unit that answers for it.

    Its area is a ring, or a point with a radius.
    """

    __tablename__ = "forbidden_places"
    __table_args__ = (
        # Serves the map's viewport and the zones around cameras: places are small, so one side narrows enough.
        Index("ix_forbidden_places_west", "west"),
    )

    kind: Mapped[ForbiddenKind] = mapped_column(String(24), index=True)
    place: Mapped[str | None] = mapped_column(String(32), ForeignKey("places.id"))
    """The place of the register to which it belongs."""
    longitude: Mapped[float | None] = mapped_column(Float)
    """WGS-84 degrees, as latitude is."""
    latitude: Mapped[float | None] = mapped_column(Float)
    radius_m: Mapped[float | None] = mapped_column(Float)
    outline: Mapped[list[Any] | None] = mapped_column(JSON)
    """Ring of [longitude, latitude]."""
    west: Mapped[float] = mapped_column(Float)
    """Of the box around the area, as the next three."""
    south: Mapped[float] = mapped_column(Float)
    east: Mapped[float] = mapped_column(Float)
    north: Mapped[float] = mapped_column(Float)
    since: Mapped[date | None] = mapped_column(Date)
    """The first and the last day on which it is one; open where it has always been one, or has no end."""
    until: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(2000))


class ConsentRow(Record):
    """A secret unit's consent to cameras in its neighbourhood; `name` is the document, `organisation` that unit."""

    __tablename__ = "secret_consents"

    zone: Mapped[str] = mapped_column(String(32), ForeignKey("forbidden_places.id"), index=True)
    number: Mapped[str] = mapped_column(String(100))
    given: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    """Its last day; open where the document names none."""
    cameras: Mapped[list[str]] = mapped_column(JSON)
    """The cameras that it covers; empty for every one in the neighbourhood."""
    points: Mapped[str] = mapped_column(String(2000))
    """Points and scope as the document has them."""
