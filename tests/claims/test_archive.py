"""Claims about what is kept, at the size that continuous integration can bear: R13, R15 to R18, R21, R22, R24 and S4.

Times are figures, not assertions, here: `make fault NAME=` judges them. What must never happen is asserted.
"""

from pathlib import Path

import pytest

from tests.claims import db, measured, restore, retention, rot, soak, tamper, verify, worker


@pytest.mark.timeout(180)
def test_whatever_is_done_to_a_file_is_found_named_and_shown(tmp_path: Path) -> None:
    found = rot.run(tmp_path, edits=2000, seed=1)
    measured.write("R17", **found, holds=rot.holds(found))
    assert found["n"] >= 2000
    assert (found["unfound"], found["false_alarms"]) == ([], [])
    assert rot.holds(found), found


@pytest.mark.timeout(300)
def test_whatever_is_done_to_the_journal_is_found_and_its_first_entry_named(tmp_path: Path) -> None:
    found = tamper.run(tmp_path, mutations=100_000, database=1000, seed=1)
    measured.write("S4", **found, holds=tamper.holds(found))
    assert found["n"] >= 100_000
    assert (found["unfound"], found["misnamed"], found["false_alarms"]) == ([], [], [])
    assert tamper.holds(found), found


@pytest.mark.timeout(120)
def test_each_depth_of_verifying_tells_what_it_looks_at(tmp_path: Path) -> None:
    found = verify.run(tmp_path, mib=100)
    measured.write("R24", **found, holds=verify.holds(found))
    assert verify.holds(found, timed=False), found


@pytest.mark.timeout(120)
def test_no_history_deletes_what_is_young_or_held_or_keeps_what_is_over(tmp_path: Path) -> None:
    found = retention.run(tmp_path, histories=20_000, database=500, seed=1, budget_s=30.0)
    measured.write("R16", **found, holds=retention.holds(found))
    assert found["failed"] == []
    assert found["n"] == 20_000
    assert retention.holds(found), found


class Careless(retention.Rules):
    """Deletes whatever is past its days, held or not."""

    def expire(self) -> set[str]:
        held = [clip for clip in self.clips if clip.held]
        for clip in held:
            clip.held = False
        gone = super().expire()
        for clip in held:
            clip.held = True
        return gone


def test_a_history_that_breaks_a_promise_is_found_by_chance_and_made_small() -> None:
    found = retention.drawn(Careless, 20_000, seed=1, budget_s=20.0)
    assert len(found.failed) == 1
    assert "was held and went" in found.failed[0]
    assert found.failed[0].count("(") <= 4, "it was not made small"


@pytest.mark.timeout(120)
def test_the_database_comes_back_by_one_command_with_all_that_is_newer(tmp_path: Path) -> None:
    found = restore.run(tmp_path, 50_000, by_itself=False)
    measured.write("R15", **found, holds=restore.holds(found))
    assert restore.holds(found, timed=False), found


@pytest.mark.timeout(180)
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_database_that_is_away_costs_no_segment_and_doubles_none(tmp_path: Path, engine: str) -> None:
    found = db.both(tmp_path, [engine], seconds=8.0, streams=2)
    measured.write("R13", **found, holds=db.holds(found))
    assert (found["lost"], found["twice"]) == ([], [])
    assert db.holds(found), found


@pytest.mark.timeout(120)
def test_a_decoder_that_dies_hangs_or_is_poisoned_costs_its_own_picture(tmp_path: Path) -> None:
    found = worker.run(tmp_path, rounds=1, seed=1)
    measured.write("R21", **found, holds=worker.holds(found))
    assert found["wrong"] == []
    assert worker.holds(found, timed=False), found


@pytest.mark.timeout(180)
def test_viewers_come_and_go_and_are_refused_before_recording_suffers(tmp_path: Path) -> None:
    found = soak.run(tmp_path, seconds=10.0, seed=1)
    measured.write("R18", **found, holds=soak.holds(found))
    assert (found["missing"], found["doubled"], found["unsound"]) == (0, 0, [])
    assert soak.holds(found, timed=False), found
