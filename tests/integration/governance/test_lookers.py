"""Children look at a province: one that fails is stood in for, and none outlives the night or the program."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench import province

from mingjing.governance.compliance.lookers import Lookers
from mingjing.governance.compliance.looking import Looked, Part
from mingjing.governance.compliance.service import judge_everything
from mingjing.kernel.clock import SetClock
from mingjing.kernel.db import Database
from mingjing.law.days import start_us
from mingjing.registry.dossiers.queries import standing

SUBJECTS = 60 + 3 + 1


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'a.sqlite3'}", SetClock(start_us(province.TODAY)))
    province.fill(made, 60)
    yield made
    made.close()


def _children() -> set[str]:
    found = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {child for one in found for child in one.read_text().split()}


def test_the_parent_looks_at_what_children_leave(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _children()
    with monkeypatch.context() as broken:
        broken.setattr(sys, "executable", "/bin/false")
        assert judge_everything(database, lookers=Lookers(database, 2, shared_from=0)) == SUBJECTS
        broken.setattr(sys, "executable", "/nowhere/python")
        assert judge_everything(database, lookers=Lookers(database, 2, shared_from=0)) == SUBJECTS
    looked: list[str] = []
    plain = Lookers._by_parent

    def by_parent(lookers: Lookers, part: Part) -> Looked:
        looked.append(part.kind)
        return plain(lookers, part)

    monkeypatch.setattr(Lookers, "_by_parent", by_parent)
    assert judge_everything(database, lookers=Lookers(database, 2, shared_from=0)) == SUBJECTS
    assert looked == []
    assert judge_everything(database, lookers=Lookers(database, 2)) == SUBJECTS
    assert looked == ["system", "place", "camera"]
    assert _children() == before


def test_no_child_outlives_a_night_that_is_stopped(database: Database) -> None:
    before, asked = _children(), []

    def stopping() -> bool:
        asked.append(_children() - before)
        return len(asked) > 1

    assert judge_everything(database, stopping, Lookers(database, 2, shared_from=0)) < SUBJECTS
    assert [len(running) for running in asked] == [2, 2]
    assert _children() == before


def test_a_child_ends_with_the_program_that_started_it(database: Database) -> None:
    with database.reading() as session:
        cameras = [camera for camera, _ in standing(session)]
    child = subprocess.Popen(
        [sys.executable, "-m", "mingjing.governance.compliance"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    part = {"kind": "camera", "subjects": cameras, "now_us": database.clock.now_us()}
    lines = [{"database": str(database.url)}, part]
    answer, _ = child.communicate("".join(json.dumps(line) + "\n" for line in lines), timeout=60)
    assert child.returncode == 0
    assert json.loads(answer) == {"same": 0, "differ": cameras}
