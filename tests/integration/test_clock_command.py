"""The clock that deletion rests on, looked at and confirmed at the shell and over the API."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from mingjing.audit.model import JournalRow
from mingjing.cli import application
from mingjing.configuration import read
from mingjing.kernel.clock import DAY_US, SystemClock
from mingjing.kernel.db import Database
from mingjing.recording.model import ClockMark
from tests.program import program


def stores(folder: Path) -> Database:
    found, _ = read(None, {"data.directory": folder}, {})
    return Database(found.database_url(), SystemClock())


def test_a_pause_is_shown_with_its_grounds_and_ends_with_a_word(data: Path) -> None:
    database = stores(data)
    with database.transaction() as tx:
        long_ago = tx.now_us() - 40 * DAY_US
        paused = {"paused_since_us": long_ago, "doubts": {"grounds": ["wall_ahead"]}}
        tx.session.add(ClockMark(id=1, high_water_us=long_ago, confirmed_us=None, **paused))
    run, place = CliRunner(), ["--data", str(data)]
    shown = run.invoke(application, ["clock", "show", *place])
    assert shown.exit_code == 1
    assert "wall_ahead" in shown.output
    assert "mingjing clock confirm" in shown.output
    declined = run.invoke(application, ["clock", "confirm", "--reason", "对时", *place], input="n\n")
    assert declined.exit_code == 1
    said = run.invoke(application, ["clock", "confirm", "--reason", "对时", "--yes", *place])
    assert said.exit_code == 0, said.output
    with database.reading() as session:
        mark = session.get_one(ClockMark, 1)
        assert mark.confirmed_us == mark.high_water_us > long_ago
        (entry,) = session.query(JournalRow).filter(JournalRow.action == "clock.confirm")
        assert "对时" in entry.facts
    database.close()


@pytest.mark.parametrize(("role", "status"), [("system_admin", 200), ("maintainer", 403)])
def test_only_the_system_administrator_confirms_over_the_api(
    empty_database: Database, tmp_path: Path, role: str, status: int
) -> None:
    at = program(empty_database, tmp_path)
    user, _ = at.person("somebody", role)
    client, headers = at.client(), at.signed_in(user)
    body = {"reason": "与北斗校时器核对"}
    answer = client.post("/api/v1/storage/clock/confirm", json=body, headers=headers)
    assert answer.status_code == status, answer.text


def test_a_maintainer_sees_the_clock(empty_database: Database, tmp_path: Path) -> None:
    at = program(empty_database, tmp_path)
    user, _ = at.person("somebody", "maintainer")
    looked = at.client().get("/api/v1/storage/clock", headers=at.signed_in(user))
    assert looked.json()["doubts"] == []
