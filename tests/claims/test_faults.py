"""Claims R1, R5, R8, R14 and R23 at the size that continuous integration can bear, against the real program.

Times are figures, not assertions, here: `make fault NAME=` judges them. What must never happen is asserted.
"""

import os
from pathlib import Path

import pytest

from tests.claims import clock, full, kill, measured, rebuild, restart

KILLS = 20
BUDGET_S = 240.0
"""Two and a half minutes on a calm machine; a busy one gets through fewer, and `n` in `R1.json` says how many."""


@pytest.mark.timeout(480)
def test_twenty_kills_or_what_fits_in_four_minutes_cost_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    found = kill.run(tmp_path, kills=KILLS, streams=2, seed=1, budget_s=BUDGET_S)
    measured.write("R1", **found, holds=kill.holds(found))
    assert found["n"] >= kill.FEWEST
    assert (found["lost_acked"], found["unknown_files"], found["twice"]) == ([], [], [])
    assert (found["doubled"], found["missing"], found["contradicted_by_ffprobe"]) == (0, 0, [])
    assert found["tail_ms_max"] < 60_000, "a stream did not record before a kill"


@pytest.mark.timeout(300)
@pytest.mark.skipif(os.geteuid() != 0, reason="R5 mounts a small file system, which needs root")
def test_a_full_disk_costs_only_recording(tmp_path: Path) -> None:
    found = full.run(tmp_path, mib=48, streams=2)
    measured.write("R5", **found, holds=full.holds(found))
    assert full.holds(found, timed=False), found


@pytest.mark.timeout(300)
def test_no_clock_deletes_or_doubles(tmp_path: Path) -> None:
    found = clock.run(tmp_path, seconds=3.0, streams=2)
    measured.write("R8", **found, holds=clock.holds(found))
    assert clock.holds(found), found


@pytest.mark.timeout(300)
def test_the_index_comes_back_from_the_files(tmp_path: Path) -> None:
    found = rebuild.run(tmp_path, segments=2000)
    fast = found["segments_per_s"] >= rebuild.SEGMENTS_A_SECOND
    measured.write("R14", **found, holds=rebuild.holds(found) and fast)
    assert rebuild.holds(found), found


@pytest.mark.timeout(300)
def test_a_killed_program_records_again_and_a_stopped_one_comes_back(tmp_path: Path) -> None:
    found = restart.run(tmp_path, runs=2, streams=2, seed=1)
    measured.write("R23", **found, holds=restart.holds(found))
    assert found["n"] == 2
    assert restart.happened(found), found
