"""Where things lie and what a camera sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing.law.space import View, around, distance, inside, metres, outline, sees, sees_point, shared

GATE = (114.322, 30.349)
degrees = st.floats(0, 359.9)
views = st.builds(
    View,
    st.floats(114.3, 114.31),
    st.floats(30.3, 30.31),
    degrees,
    st.floats(5, 360),
    st.floats(5, 300),
)


def square(longitude: float, latitude: float, half_m: float) -> list[list[float]]:
    box = around(longitude, latitude, half_m)
    return [[box.west, box.south], [box.east, box.south], [box.east, box.north], [box.west, box.north]]


def test_a_hundred_metres_are_a_hundred_metres_in_every_direction() -> None:
    box = around(*GATE, 100)
    assert metres(*GATE, box.east, GATE[1]) == pytest.approx(100, abs=0.1)
    assert metres(*GATE, GATE[0], box.north) == pytest.approx(100, abs=0.1)
    assert metres(*GATE, *GATE) == 0


def test_a_point_lies_in_an_area_or_so_far_from_it() -> None:
    yard = square(*GATE, 50)
    assert inside(*GATE, yard)
    beyond = around(*GATE, 80).east
    assert not inside(beyond, GATE[1], yard)
    assert distance(*GATE, yard) == 0
    assert distance(beyond, GATE[1], yard) == pytest.approx(30, abs=0.1)


def test_an_area_that_crosses_itself_is_what_it_encloses() -> None:
    west, south, east, north = 114.0, 30.0, 114.002, 30.002
    bow = [[west, south], [east, north], [east, south], [west, north]]
    assert inside(114.0002, 30.001, bow)
    assert not inside(114.001, 30.0002, bow)


@pytest.mark.parametrize(
    ("azimuth", "seen"), [(90, True), (45, True), (0, False), (270, False), (180, False)]
)
def test_a_camera_sees_where_it_looks(azimuth: float, seen: bool) -> None:
    view = View(*GATE, azimuth, 100, 60)
    window = (around(*GATE, 40).east, GATE[1])
    assert sees(view, square(*window, 3)) is seen
    assert sees_point(view, *window) is seen


def test_a_camera_sees_no_further_than_it_sees() -> None:
    view = View(*GATE, 90, 60, 30)
    window = (around(*GATE, 40).east, GATE[1])
    assert not sees_point(view, *window)
    assert sees_point(view, *window, radius=11)


def test_two_cameras_at_one_pole_share_what_they_share() -> None:
    one = View(*GATE, 90, 90, 50)
    assert shared(one, one) == pytest.approx(1)
    assert shared(one, View(*GATE, 270, 90, 50)) == pytest.approx(0, abs=1e-9)
    assert shared(one, View(*GATE, 135, 90, 50)) == pytest.approx(0.5, abs=0.01)
    assert shared(one, View(*GATE, 90, 30, 20)) == pytest.approx(1, abs=0.02)


@given(views, views)
def test_sharing_is_mutual_and_a_share(one: View, other: View) -> None:
    share = shared(one, other)
    assert 0 <= share <= 1 + 1e-9
    assert shared(other, one) == pytest.approx(share, abs=0.02)


@given(views)
def test_a_field_of_view_is_drawn_as_far_as_it_reaches(view: View) -> None:
    ring = outline(view)
    assert ring[0] == ring[-1]
    furthest = max(metres(view.longitude, view.latitude, *corner) for corner in ring)
    assert furthest == pytest.approx(view.reach, rel=0.01)
