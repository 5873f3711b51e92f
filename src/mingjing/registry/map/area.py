"""An area that somebody drew on the map, as it stands in an address: `114.32,30.34;114.33,30.34;114.33,30.35`."""

from collections.abc import Sequence
from math import isfinite
from typing import Annotated, Final

from fastapi import Query
from sqlalchemy import Select

from mingjing.kernel.errors import MingjingError
from mingjing.registry.errors import AREA_BAD
from mingjing.registry.map.queries import inside

CORNERS_MOST: Final = 200
Area = Annotated[
    str | None,
    Query(
        max_length=6000,
        examples=["114.2,30.2;114.5,30.2;114.5,30.5"],
        description="Only those that stand in it: corners as longitude,latitude in WGS-84 degrees, parted by ;",
    ),
]


def standing_in(text: str | None) -> Select[str] | None:
    """The cameras that stand in a drawn area, for a filter; None for no area. Raises CAM-013."""
    return inside("camera", ring_of(text)) if text else None


def ring_of(text: str) -> Sequence[tuple[float, float]]:
    """The corners of an area, three to `CORNERS_MOST`. Raises CAM-013."""
    corners: list[tuple[float, float]] = []
    try:
        for corner in text.split(";"):
            longitude, latitude = (float(part) for part in corner.split(","))
            corners.append((longitude, latitude))
    except ValueError:
        raise MingjingError(AREA_BAD, most=CORNERS_MOST) from None
    sound = all(isfinite(x) and isfinite(y) and abs(x) <= 180 and abs(y) <= 90 for x, y in corners)
    if not sound or not 3 <= len(corners) <= CORNERS_MOST:
        raise MingjingError(AREA_BAD, most=CORNERS_MOST)
    return corners
