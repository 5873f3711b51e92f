"""The province of the benches is made of the tables as they are, and can be judged."""

from pathlib import Path

from bench import province

from mingjing.governance.compliance.service import judge_everything
from mingjing.kernel.clock import SetClock
from mingjing.kernel.db import Database


def test_a_province_is_filled_and_judged(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite3'}", SetClock())
    province.fill(database, 200)
    assert judge_everything(database) == 200 + 11 + 4
    assert judge_everything(database) == 200 + 11 + 4
    database.close()
