"""Claims about disks that fail, at the size that continuous integration can bear, against the real program.

Times are figures here, as in `test_faults.py`: `make fault NAME=` judges them.
"""

import os
from pathlib import Path

import pytest

from tests.claims import measured, readonly


@pytest.mark.timeout(300)
@pytest.mark.skipif(os.geteuid() != 0, reason="R6 mounts a small file system, which needs root")
def test_a_disk_that_fails_costs_its_own_recordings_and_heals_when_it_is_mounted_again(
    tmp_path: Path,
) -> None:
    found = readonly.run(tmp_path, flips=2, streams=2, away_s=0.5)
    measured.write("R6", **found, holds=readonly.holds(found))
    assert readonly.holds(found, timed=False), found
