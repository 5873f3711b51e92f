"""Claims about what is kept, at the size that continuous integration can bear: R16, R17, R22 and R24.

Times are figures, not assertions, here: `make fault NAME=` judges them. What must never happen is asserted.
"""

from pathlib import Path

import pytest

from tests.claims import measured, migrate, retention, rot, verify


@pytest.mark.timeout(180)
def test_whatever_is_done_to_a_file_is_found_named_and_shown(tmp_path: Path) -> None:
    found = rot.run(tmp_path, edits=2000, seed=1)
    measured.write("R17", **found, holds=rot.holds(found))
    assert found["n"] >= 2000
    assert (found["unfound"], found["false_alarms"]) == ([], [])
    assert rot.holds(found), found


@pytest.mark.timeout(120)
def test_each_depth_of_verifying_tells_what_it_looks_at(tmp_path: Path) -> None:
    found = verify.run(tmp_path, mib=100)
    measured.write("R24", **found, holds=verify.holds(found))
    assert verify.holds(found, timed=False), found


@pytest.mark.timeout(120)
def test_no_history_deletes_what_is_young_or_held_or_keeps_what_is_over(tmp_path: Path) -> None:
    found = retention.run(tmp_path, histories=20_000, database=500, seed=1, budget_s=18.0)
    measured.write("R16", **found, holds=retention.holds(found))
    assert found["failed"] == []
    assert retention.holds(found), found


@pytest.mark.timeout(120)
def test_a_migration_killed_at_any_statement_is_old_or_new_and_starts_again(tmp_path: Path) -> None:
    found = migrate.run(tmp_path)
    measured.write("R22", **found, holds=migrate.holds(found))
    assert (found["torn"], found["not_started"], found["without_backup"]) == ([], [], [])
    assert migrate.holds(found), found
