"""Cells of the map: a square of the map is a range of numbers."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mingjing.law.space import Box
from mingjing.registry.map.cells import FINEST, Tile, cell, level_of, ranges, tiles

LONGITUDES = st.floats(-180, 180)
LATITUDES = st.floats(-85, 85)
LEVELS = st.integers(1, 12)


@given(LONGITUDES, LATITUDES, LEVELS)
def test_a_point_lies_in_the_square_that_holds_its_cell(
    longitude: float, latitude: float, level: int
) -> None:
    (tile,) = tiles(Box(longitude, latitude, longitude, latitude), level)
    assert tile.first <= cell(longitude, latitude) < tile.end
    box = tile.box()
    assert box.west <= longitude + 1e-9 and longitude <= box.east + 1e-9
    assert box.south <= latitude + 1e-9 and latitude <= box.north + 1e-9


@given(st.floats(110, 115), st.floats(29, 32), st.floats(0, 2), st.floats(0, 2), st.data())
def test_every_point_of_a_box_lies_in_its_ranges(
    west: float, south: float, width: float, height: float, data: st.DataObject
) -> None:
    box = Box(west, south, west + width, south + height)
    longitude = data.draw(st.floats(box.west, box.east))
    latitude = data.draw(st.floats(box.south, box.north))
    parts = tiles(box, level_of(box, FINEST, 12))
    assert len(parts) <= 12
    found = [(first, end) for first, end in ranges(parts)]
    assert sum(first <= cell(longitude, latitude) < end for first, end in found) == 1
    assert all(one[1] < other[0] for one, other in pairwise(found))


def test_squares_that_follow_one_another_are_one_range() -> None:
    four = [Tile(1, column, row) for row in (0, 1) for column in (0, 1)]
    assert list(ranges(sorted(four, key=lambda one: one.first))) == [(0, 1 << 2 * FINEST)]
    assert list(ranges([])) == []


def test_the_world_ends_where_the_projection_does() -> None:
    assert cell(0, 90) == cell(0, 85.06)
    assert cell(180, 0) == cell(179.999999, 0)
    assert cell(-180, 90) >= 0 and cell(180, -90) < 1 << 2 * FINEST


def test_the_finest_grid_is_taken_that_a_view_can_hold() -> None:
    view = Box(114.2, 30.2, 114.5, 30.4)
    assert level_of(view, 9, 700) == 9
    level = level_of(view, FINEST, 700)
    assert len(tiles(view, level)) <= 700 < len(tiles(view, level + 1))
