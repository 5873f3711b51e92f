"""Claim R22, in CI size: from the newest revision a kill at every moment, from the older ones at each twentieth."""

from pathlib import Path

import pytest

from tests.claims import measured, migrate


@pytest.mark.timeout(300)
def test_a_migration_killed_at_any_statement_is_old_or_new_and_starts_again(tmp_path: Path) -> None:
    found = migrate.run(tmp_path, every=20)
    measured.write("R22", **found, holds=migrate.holds(found))
    assert (found["torn"], found["not_started"], found["without_backup"]) == ([], [], [])
    assert migrate.holds(found), found
