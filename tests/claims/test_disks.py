"""Claims about disks that fail, at the size that continuous integration can bear, against the real program.

Times are figures here, as in `test_faults.py`: `make fault NAME=` judges them.
"""

import os
from pathlib import Path

import pytest

from tests.claims import eio, measured, readonly, slow


@pytest.mark.timeout(300)
@pytest.mark.skipif(os.geteuid() != 0, reason="R6 mounts a small file system, which needs root")
def test_a_disk_that_fails_costs_its_own_recordings_and_heals_when_it_is_mounted_again(
    tmp_path: Path,
) -> None:
    found = readonly.run(tmp_path, flips=3, streams=2, away_s=3.0)
    measured.write("R6", **found, holds=readonly.holds(found))
    assert readonly.holds(found, timed=False), found


@pytest.mark.timeout(300)
def test_a_disk_that_is_slow_costs_nothing_and_one_that_is_too_slow_a_gap_that_says_so(
    tmp_path: Path,
) -> None:
    found = slow.run(tmp_path, seconds=2.0, most_s=0.8, backlog_s=1.0, streams=2, seed=1)
    measured.write("R7", **found, holds=slow.holds(found))
    assert slow.holds(found, timed=False), found


@pytest.mark.timeout(300)
def test_a_file_whose_sync_failed_is_never_believed_and_another_one_is_begun(tmp_path: Path) -> None:
    found = eio.run(tmp_path, rounds=2, streams=2)
    measured.write("R4", **found, holds=eio.holds(found))
    assert eio.holds(found, timed=False), found
