"""Tables under way over HTTP: what became of them is known after a restart, only the good rows are written in parts, and
each row is written as far as who brings it in may write."""

import csv
import io
import shutil
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from tests.law.office import done
from tests.places import JIANGXIA, SCHOOL
from tests.program import Program, program

from mingjing.audit.model import JournalRow
from mingjing.kernel.db import Database
from mingjing.registry import entering, imports, intake, table
from mingjing.registry.columns import BY_COLUMN
from mingjing.registry.imports import Imports
from mingjing.registry.model import CameraRow, TableImportRow

PATH = "/api/v1/cameras/imports"
FIELDS = ("id", "name", "division", "organisation", "main_url", "password", "pole")


@pytest.fixture
def database_url(laid_sqlite: Path, tmp_path: Path) -> str:
    """What is written in which transaction is asked; the statements are those of the room's own tests."""
    shutil.copyfile(laid_sqlite, tmp_path / "mingjing.sqlite3")
    return f"sqlite:///{tmp_path / 'mingjing.sqlite3'}"


@pytest.fixture
def whole(empty_database: Database, tmp_path: Path) -> Program:
    return program(empty_database, tmp_path)


@pytest.fixture
def keeper(whole: Program) -> TestClient:
    return whole.client_of(whole.person("keeper", "operator_admin")[0])


def sheet(*rows: dict[str, str]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([BY_COLUMN[field].heading for field in FIELDS])
    writer.writerows([[row.get(field, "") for field in FIELDS] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def new(number: int, **cells: str) -> dict[str, str]:
    """A row of a camera that is not there yet."""
    made = {"name": f"新点{number}", "division": JIANGXIA, "organisation": SCHOOL}
    return made | {"main_url": f"rtsp://10.1.1.{number}/a"} | cells


BAD = new(99, division="999999")


def ended() -> None:
    """Everything that works in the background has come to its end."""
    for thread in threading.enumerate():
        if thread.name == "import":
            thread.join(30)


def ordered(client: TestClient, *rows: dict[str, str], file: str = "摄像机.csv") -> dict[str, Any]:
    answer = client.post(PATH, params={"file": file}, content=sheet(*rows))
    assert answer.status_code == 202, answer.text
    ended()
    return known(client, answer.json()["id"])


def written(client: TestClient, job: str, mode: str) -> dict[str, Any]:
    answer = client.post(f"{PATH}/{job}/writing", params={"mode": mode})
    assert answer.status_code == 202, answer.text
    ended()
    return known(client, job)


def known(client: TestClient, job: str) -> dict[str, Any]:
    return done(client.get(f"{PATH}/{job}"))


def restarted(whole: Program) -> None:
    """The program was started anew: what lay in memory is gone."""
    whole.app.state.cameras = replace(whole.app.state.cameras, imports=Imports())
    imports.interrupt(whole.database)


def cameras(whole: Program) -> int:
    with whole.database.reading() as session:
        return session.scalar(select(func.count()).select_from(CameraRow)) or 0


def test_a_table_that_was_written_is_known_after_a_restart(whole: Program, keeper: TestClient) -> None:
    job = ordered(keeper, new(1), new(2), BAD)
    assert (job["state"], job["held"], job["counts"]["error"]) == ("checked", True, 1)
    assert written(keeper, job["id"], "good")["counts"]["written"] == 2
    restarted(whole)
    told = known(keeper, job["id"])
    assert (told["state"], told["file"], told["mode"], told["held"]) == ("done", "摄像机.csv", "good", False)
    assert (told["counts"]["rows"], told["counts"]["written"]) == (3, 2)
    assert [row["row"] for row in told["rows"]] == [4]
    assert told["rows"][0]["errors"][0]["message"] == "没有此行政区划"
    (listed,) = keeper.get(PATH).json()
    assert (listed["id"], listed["rows"]) == (job["id"], [])
    faults = keeper.get(f"{PATH}/{job['id']}/faults.xlsx")
    assert (faults.status_code, faults.json()["code"]) == (409, "CAM-011")


def test_a_table_that_was_only_looked_at_is_interrupted_by_a_restart(
    whole: Program, keeper: TestClient
) -> None:
    job = ordered(keeper, new(1, password="hush-hush"))
    restarted(whole)
    told = known(keeper, job["id"])
    assert (told["state"], told["counts"]["written"]) == ("interrupted", 0)
    again = keeper.post(f"{PATH}/{job['id']}/writing")
    assert (again.status_code, again.json()["code"]) == (409, "CAM-011")
    with whole.database.reading() as session:
        row = session.get_one(TableImportRow, job["id"])
    assert "hush" not in str(vars(row))


def test_a_newer_table_of_the_same_person_ends_one_that_nobody_wrote(
    whole: Program, keeper: TestClient
) -> None:
    first = ordered(keeper, new(1), file="一.csv")
    whole.recorder.clock.advance(1)
    ordered(keeper, new(2), file="二.csv")
    assert [(one["file"], one["state"]) for one in keeper.get(PATH).json()] == [
        ("二.csv", "checked"), ("一.csv", "interrupted"),
    ]  # fmt: skip
    assert known(keeper, first["id"])["state"] == "interrupted"


def test_only_the_good_rows_are_written_in_parts_each_whole(
    whole: Program, keeper: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "AT_ONCE", 2)
    job = ordered(keeper, new(1), BAD, new(2), new(3), new(4), new(5))
    told = written(keeper, job["id"], "good")
    assert (told["counts"]["written"], cameras(whole)) == (5, 5)
    with whole.database.reading() as session:
        entries = session.scalars(select(JournalRow.facts).where(JournalRow.action == "camera.import_table"))
        assert [facts.count('"rows":2') + 2 * facts.count('"rows":1') for facts in entries] == [1, 1, 2]


def test_a_table_that_fails_between_two_parts_says_how_much_of_it_stands(
    whole: Program, keeper: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "AT_ONCE", 2)
    job = ordered(keeper, *(new(number) for number in range(1, 7)))
    calls: list[Any] = []

    def failing(*given: Any) -> None:
        calls.append(given)
        entering.enter(*given)
        if len(calls) == 3:
            raise RuntimeError("the third part")

    monkeypatch.setattr(table, "enter", failing)
    told = written(keeper, job["id"], "good")
    assert (told["state"], told["counts"]["written"], cameras(whole)) == ("failed", 4, 4)
    assert "此前已写入 4 行" in told["problem"]
    restarted(whole)
    assert known(keeper, job["id"])["counts"]["written"] == 4


def test_a_stop_between_two_parts_leaves_how_many_rows_stand(
    whole: Program, keeper: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "AT_ONCE", 2)
    job = ordered(keeper, *(new(number) for number in range(1, 6)))
    monkeypatch.setattr(Imports, "_note", staticmethod(lambda *_: None))  # the program is gone before its end
    written(keeper, job["id"], "good")
    with whole.database.transaction() as tx:
        tx.session.get_one(TableImportRow, job["id"]).state = "writing"
    restarted(whole)
    told = known(keeper, job["id"])
    assert (told["state"], told["counts"]["written"]) == ("interrupted", 5)


def test_all_rows_are_one_transaction(
    whole: Program, keeper: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "AT_ONCE", 2)
    job = ordered(keeper, *(new(number) for number in range(1, 6)))

    def failing(*_: Any) -> None:
        raise RuntimeError("before the commit")

    monkeypatch.setattr(imports.Job, "kept", failing)
    told = written(keeper, job["id"], "all")
    assert (told["state"], told["counts"]["written"], cameras(whole)) == ("failed", 0, 0)
    assert "未写入任何行" in told["problem"]


def test_rows_that_stand_twice_are_refused_though_they_lie_in_different_parts(
    whole: Program, keeper: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "AT_ONCE", 2)
    double = new(6, main_url="rtsp://10.1.1.1/a")
    job = ordered(keeper, new(1), new(2), new(3), double)
    assert written(keeper, job["id"], "good")["counts"]["written"] == 3
    assert cameras(whole) == 3


def test_a_clerk_brings_dossiers_in_and_enters_no_camera(whole: Program) -> None:
    there = whole.recorder.town.add("老点").row.id
    clerk = whole.client_of(whole.person("clerk", "filing_clerk")[0])
    job = ordered(clerk, {"id": there, "pole": "D-7"}, new(1))
    assert [(row["row"], row["errors"][0]["column"]) for row in job["rows"]] == [(3, "名称 / Name")]
    assert "只能更新已登记摄像机的档案" in job["rows"][0]["errors"][0]["message"]
    assert written(clerk, job["id"], "good")["counts"]["changed"] == 1
    assert done(clerk.get(f"/api/v1/cameras/{there}/dossier"))["pole"] == "D-7"
    assert cameras(whole) == 1


def test_a_maintainer_enters_cameras_and_writes_no_dossier(whole: Program) -> None:
    maintainer = whole.client_of(whole.person("maintainer", "maintainer")[0])
    job = ordered(maintainer, new(1), new(2, pole="D-7"))
    assert [(row["row"], row["errors"][0]["message"]) for row in job["rows"]] == [(3, "没有登记档案的权限")]
    assert written(maintainer, job["id"], "good")["counts"]["new"] == 1


def test_a_table_is_its_owners_alone_and_who_may_not_bring_one_in_is_refused(
    whole: Program, keeper: TestClient
) -> None:
    job = ordered(keeper, new(1))
    clerk = whole.client_of(whole.person("clerk", "filing_clerk")[0])
    assert clerk.get(PATH).json() == []
    assert clerk.get(f"{PATH}/{job['id']}").status_code == 404
    assert clerk.post(f"{PATH}/{job['id']}/writing").status_code == 404
    officer = whole.client_of(whole.person("officer", "duty_officer")[0])
    assert officer.post(PATH, content=sheet(new(1))).status_code == 403
