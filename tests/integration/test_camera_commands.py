"""Cameras and recordings from the shell: add, list, look at what is kept, check the files."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mingjing.cli import application
from mingjing.configuration import read
from mingjing.kernel.clock import SystemClock
from mingjing.kernel.db import Base, Database
from tests.places import JIANGXIA


def test_the_first_schema_has_every_table_and_column(data: Path) -> None:
    found, _ = read(None, {"data.directory": data}, {})
    database = Database(found.database_url(), SystemClock())
    with database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            connection.execute(table.select().limit(1))
    database.close()


def test_a_camera_is_added_listed_and_looked_after_from_the_shell(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAMERA_PASSWORD", "hush-hush")
    run = CliRunner()
    place = ["--data", str(data)]
    url = "rtsp://10.3.7.21:554/Streaming/Channels/101"
    added = run.invoke(
        application, ["camera", "add", "大门东", url, "--division", JIANGXIA, "--user", "admin", *place]
    )
    assert added.exit_code == 0, added.output
    channel = added.output.strip().splitlines()[-1]
    assert re.fullmatch(r"ch_[a-z2-7]{12}", channel)
    listed = run.invoke(application, ["camera", "list", "dmd", *place])
    assert channel in listed.output
    assert "hush-hush" not in listed.output
    assert channel in run.invoke(application, ["record", "list", *place]).output
    checked = run.invoke(application, ["verify", "recordings", *place])
    assert checked.exit_code == 0
    assert "faults: 0" in checked.output
