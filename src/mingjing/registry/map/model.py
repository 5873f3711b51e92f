"""Table of what stands on the map."""

from sqlalchemy import BigInteger, Float, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.kernel.db import Base, IdKey, PathText


class MapPointRow(Base):
    """A camera or place of the register that has a position: written when its record is, and gone with it.

    One narrow row with all that a map counts by, so that a hundred thousand are counted out of the index alone.
    """

    __tablename__ = "map_points"
    __table_args__ = (
        Index(
            "ix_map_points_kind_cell",
            "kind",
            "cell",
            "division_path",
            "organisation_path",
            "marked",
            "record",
        ),
        Index(
            "ix_map_points_territory",
            "division_path",
            "organisation_path",
            "kind",
            "longitude",
            "latitude",
            "record",
        ),
    )

    record: Mapped[IdKey]
    kind: Mapped[str] = mapped_column(String(8))
    """`camera`, `place`."""
    cell: Mapped[int] = mapped_column(BigInteger)
    """`cells.cell` of its position."""
    longitude: Mapped[float] = mapped_column(Float)
    """WGS-84 degrees, as latitude is."""
    latitude: Mapped[float] = mapped_column(Float)
    division_path: Mapped[str] = mapped_column(PathText)
    organisation_path: Mapped[str] = mapped_column(PathText)
    marked: Mapped[int] = mapped_column(Integer)
    """1 for a camera in operation, and for a place with a key position that no camera covers; else 0."""
