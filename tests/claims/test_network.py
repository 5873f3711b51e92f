"""Claims about networks and about who is frozen, at the size that continuous integration can bear.

Times are figures here, as in `test_faults.py`: `make fault NAME=` judges them.
"""

from pathlib import Path

import pytest

from tests.claims import measured, net, slowviewer, stop, storm


@pytest.mark.timeout(300)
def test_all_cameras_that_drop_at_once_come_back_and_none_is_hammered(tmp_path: Path) -> None:
    found = storm.run(tmp_path, cameras=40, outage_s=5.0, calm_s=3.0, seed=1)
    measured.write("R9", **found, holds=storm.holds(found))
    assert storm.holds(found, timed=False), found


@pytest.mark.timeout(300)
def test_a_bad_network_crashes_nothing_and_is_told(tmp_path: Path) -> None:
    found = net.run(tmp_path, seconds=1.0, seed=1)
    measured.write("R10", **found, holds=net.holds(found))
    assert net.holds(found, timed=False), found


@pytest.mark.timeout(300)
def test_whoever_is_frozen_goes_on_and_no_time_is_there_twice(tmp_path: Path) -> None:
    found = stop.run(tmp_path, seconds=6.0)
    measured.write("R12", **found, holds=stop.holds(found))
    assert stop.holds(found, timed=False), found


@pytest.mark.timeout(180)
def test_a_viewer_that_stops_reading_costs_little_and_is_ended(tmp_path: Path) -> None:
    found = slowviewer.run(tmp_path, stretch_s=3.0)
    measured.write("R11", **found, holds=slowviewer.holds(found))
    assert slowviewer.holds(found, timed=False), found
