"""Cells of the map: a number for each place on earth, so that a square of the map is a range of numbers. Pure.

The square world of the Mercator projection is halved `FINEST` times each way, and the bits of column and row are
interleaved (Morton order): what lies in one square of any coarser grid follows one another. An index of plain integers
serves boxes with it, the same on every database.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import asinh, atan, degrees, floor, pi, radians, sinh, tan
from typing import Final

from mingjing.law.space import Box

FINEST: Final = 26
"""Halvings; a cell is 0.6 m wide at the equator, and 52 bits long, which a script can hold too."""
EDGE: Final = 85.05
"""Latitude at which the square world ends; what lies beyond is counted to its edge."""
_MASKS: Final = (
    (16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F), (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tile:
    """A square of a grid of the world."""

    level: int
    column: int
    row: int

    @property
    def first(self) -> int:
        """The least cell in it."""
        return _interleaved(self.column, self.row) << 2 * (FINEST - self.level)

    @property
    def end(self) -> int:
        """The least cell after it."""
        return self.first + (1 << 2 * (FINEST - self.level))

    def box(self) -> Box:
        """What it covers."""
        size = 1 << self.level
        return Box(
            self.column / size * 360 - 180, _latitude((self.row + 1) / size),
            (self.column + 1) / size * 360 - 180, _latitude(self.row / size),
        )  # fmt: skip


def cell(longitude: float, latitude: float) -> int:
    """The cell that a point lies in, WGS-84 degrees."""
    return _interleaved(*_square(longitude, latitude, FINEST))


def tiles(box: Box, level: int) -> list[Tile]:
    """The squares of a grid of `level` halvings that a box touches, in the order of their cells."""
    west, north = _square(box.west, box.north, level)
    east, south = _square(box.east, box.south, level)
    found = [Tile(level, column, row) for row in range(north, south + 1) for column in range(west, east + 1)]
    return sorted(found, key=lambda one: one.first)


def level_of(box: Box, finest: int, most: int) -> int:
    """The finest grid, not beyond `finest`, of which a box touches no more than `most` squares."""
    for level in range(min(finest, FINEST), 0, -1):
        west, north = _square(box.west, box.north, level)
        east, south = _square(box.east, box.south, level)
        if (east - west + 1) * (south - north + 1) <= most:
            return level
    return 0


def ranges(parts: Sequence[Tile]) -> Iterator[tuple[int, int]]:
    """Ranges of cells, first and end, of squares in order; those that follow one another are one."""
    begun = end = -1
    for part in parts:
        if part.first != end:
            if end >= 0:
                yield begun, end
            begun = part.first
        end = part.end
    if end >= 0:
        yield begun, end


def _square(longitude: float, latitude: float, level: int) -> tuple[int, int]:
    size = 1 << level
    held = max(-EDGE, min(EDGE, latitude))
    x = (longitude + 180) / 360
    y = (1 - asinh(tan(radians(held))) / pi) / 2
    return max(0, min(size - 1, floor(x * size))), max(0, min(size - 1, floor(y * size)))


def _latitude(y: float) -> float:
    return degrees(atan(sinh(pi * (1 - 2 * y))))


def _interleaved(column: int, row: int) -> int:
    return _spread(column) | _spread(row) << 1


def _spread(bits: int) -> int:
    for shift, mask in _MASKS:
        bits = (bits | bits << shift) & mask
    return bits
