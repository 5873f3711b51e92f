"""A division moves with all that stands in it: in one transaction, in the journal and the history, in every table."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    Table,
    event,
    insert,
    select,
    text,
)

from mingjing.audit.service import SYSTEM
from mingjing.identity.actions import Action
from mingjing.identity.model import RoleAssignment
from mingjing.identity.service.grants import GrantWish, grant
from mingjing.kernel.clock import SetClock
from mingjing.kernel.db import Database
from mingjing.kernel.errors import CONFLICT, MingjingError
from mingjing.tables import METADATA
from mingjing.territory.events import DivisionMoved
from mingjing.territory.model import Division
from mingjing.territory.service import Entry, Move, enter, move
from tests.law.office import done
from tests.places import JIANGXIA, SCHOOL
from tests.program import Program, program

OLD, OTHER = "420000/420100/420115/", "420000/420300/"
NEW = f"{OTHER}420115/"


@pytest.fixture
def whole(empty_database: Database, tmp_path: Path) -> Program:
    found = program(empty_database, tmp_path)
    with found.database.transaction() as tx:
        enter(tx, SYSTEM, Entry("420300", "十堰市"))
        enter(tx, SYSTEM, Entry("420115001", "纸坊街道"))
    return found


@pytest.fixture
def keeper(whole: Program) -> TestClient:
    return whole.client_of(whole.person("sys", "system_admin")[0])


def paths(whole: Program) -> dict[str, str]:
    with whole.database.reading() as session:
        return {row.code: row.path for row in session.scalars(select(Division))}


def _value(column: Column[Any]) -> Any:
    if column.name.endswith("division_path"):
        return OLD
    if column.name.endswith("division"):
        return JIANGXIA
    if column.name == "counts":
        return "FILE-01 1 0 0 0 0"
    if column.nullable:
        return None
    for kinds, value in (
        (Boolean, False),
        ((Integer, BigInteger), 1),
        (Float, 0.0),
        (Date, date(2026, 1, 1)),
        (JSON, {}),
    ):
        if isinstance(column.type, kinds):
            return value
    return "x"


def _placed() -> list[Table]:
    """Every table that says where its rows stand."""
    return [
        table
        for table in METADATA.sorted_tables
        if any(column.name.endswith(("division_path", "division")) for column in table.columns)
    ]


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Program]:
    """A program with one row in each placed table; what a row belongs to is not looked at."""
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite3'}", SetClock())
    event.listen(
        database.engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=OFF")
    )
    found = program(database, tmp_path)
    with found.database.transaction() as tx:
        enter(tx, SYSTEM, Entry("420300", "十堰市"))
        for table in _placed():
            tx.session.execute(
                insert(table).values({column.name: _value(column) for column in table.columns})
            )
    yield found
    database.close()


def test_no_table_that_stores_where_its_rows_stand_is_forgotten(filled: Program) -> None:
    with filled.database.transaction() as tx:
        move(tx, SYSTEM, JIANGXIA, Move(parent="420300"))
        move(tx, SYSTEM, JIANGXIA, Move(code="420305"))
    tables = _placed()
    assert {"cameras", "places", "systems", "filings", "findings", "alarms", "grants"} <= {
        t.name for t in tables
    }
    expected = {"division_path": f"{OTHER}420305/", "division": "420305"}
    forgotten = []
    with filled.database.reading() as session:
        for column in (column for table in tables for column in table.columns):
            ends = next((end for end in expected if column.name.endswith(end)), None)
            if ends is not None and expected[ends] not in set(session.scalars(select(column))):
                forgotten.append(str(column))
    assert forgotten == []


def test_a_county_comes_to_another_city_with_its_towns_cameras_records_and_rights(
    whole: Program, keeper: TestClient
) -> None:
    camera = whole.recorder.town.add().row.id
    clerk = whole.client_of(whole.person("clerk", "filing_clerk", division=JIANGXIA)[0])
    city = whole.client_of(whole.person("city", "filing_clerk", division="420100")[0])
    body = {
        "name": "校园",
        "division": JIANGXIA,
        "organisation": SCHOOL,
        "regime": "art7",
        "in_use": "2023-11-01",
    }
    system = done(clerk.post("/api/v1/systems", json=body))["id"]
    moved = done(keeper.post(f"/api/v1/divisions/{JIANGXIA}/move", json={"parent": "420300"}))
    assert (moved["path"], moved["parent"]) == (NEW, "420300")
    assert paths(whole)["420115001"] == f"{NEW}420115001/"
    assert done(clerk.get(f"/api/v1/systems/{system}"))["division"] == JIANGXIA
    assert [one["id"] for one in done(clerk.get("/api/v1/cameras"))["items"]] == [camera]
    assert done(clerk.get("/api/v1/filings"))["total"] == 1
    assert done(city.get("/api/v1/systems"))["total"] == 0
    assert city.get(f"/api/v1/cameras/{camera}").status_code == 404
    (said,) = keeper.get(f"/api/v1/divisions/{JIANGXIA}/changes").json()
    assert (said["what"], said["before"]["path"], said["after"]["path"]) == ("move", OLD, NEW)
    with whole.database.reading() as session:
        journal = session.execute(text("SELECT facts FROM journal WHERE action = 'division.move'")).scalars()
        assert len(list(journal)) == 1


def test_a_county_gets_another_code_and_the_old_one_is_history(whole: Program, keeper: TestClient) -> None:
    camera = whole.recorder.town.add().row.id
    person, _ = whole.person("clerk", "filing_clerk", division=JIANGXIA)
    wish = {"code": "420118", "name": "江夏新区", "since": "2023-11-01"}
    made = done(keeper.post(f"/api/v1/divisions/{JIANGXIA}/move", json=wish))
    assert (made["code"], made["name"], made["valid_from"]) == ("420118", "江夏新区", "2023-11-01")
    old = done(keeper.get(f"/api/v1/divisions/{JIANGXIA}"))
    assert (old["valid_to"], old["successor"]) == ("2023-11-01", "420118")
    towns = done(keeper.get("/api/v1/divisions?under=420118"))["items"]
    assert [one["path"] for one in towns] == ["420000/420100/420118/420118001/"]
    clerk = whole.client_of(person)
    assert done(clerk.get(f"/api/v1/cameras/{camera}"))["division"] == "420118"
    refused = clerk.post("/api/v1/systems", json={"name": "x", "division": JIANGXIA, "organisation": SCHOOL})
    assert (refused.status_code, refused.json()["code"]) == (422, "DIV-004")
    assert "420118 江夏新区" in refused.json()["detail"]
    assert keeper.post("/api/v1/divisions/420106/move", json={"code": JIANGXIA}).json()["code"] == "DIV-007"


def test_a_division_that_ends_goes_up_in_its_successor(whole: Program, keeper: TestClient) -> None:
    camera = whole.recorder.town.add().row.id
    path = f"/api/v1/divisions/{JIANGXIA}"
    assert keeper.patch(path, json={"ended": "2023-11-01"}).json()["code"] == "DIV-008"
    ended = done(keeper.patch(path, json={"ended": "2023-11-01", "successor": "420106"}))
    assert (ended["valid_to"], ended["successor"], ended["leaf"]) == ("2023-11-01", "420106", True)
    assert paths(whole)["420115001"] == "420000/420100/420106/420115001/"
    with whole.database.reading() as session:
        found = session.execute(
            text("SELECT division, division_path FROM cameras WHERE id = :id"), {"id": camera}
        ).one()
    assert tuple(found) == ("420106", "420000/420100/420106/")
    assert keeper.patch(path, json={"name": "x"}).json()["code"] == "DIV-004"


def test_a_move_that_cannot_be_changes_nothing(whole: Program, keeper: TestClient) -> None:
    before = paths(whole)
    move_of = f"/api/v1/divisions/{JIANGXIA}/move"
    for body, code in (
        ({"parent": "420115001"}, "DIV-005"),
        ({"parent": "420106"}, "DIV-005"),
        ({"parent": "430000"}, "DIV-004"),
        ({"code": "429000"}, "DIV-001"),
        ({"code": "420400"}, "DIV-001"),
        ({"code": "4201Z1"}, "DIV-001"),
        ({"code": "440118"}, "DIV-002"),
        ({"code": "420118", "since": "2030-01-01"}, "DIV-009"),
        ({"name": "x"}, "REQ-422"),
    ):
        assert keeper.post(move_of, json=body).json()["code"] == code, body
    path = f"/api/v1/divisions/{JIANGXIA}"
    assert keeper.patch(path, json={"successor": "420115001"}).json()["code"] == "DIV-005"
    assert keeper.patch(path, json={"ended": "2030-01-01", "successor": "420106"}).json()["code"] == "DIV-009"
    assert keeper.post("/api/v1/divisions/439999/move", json={"code": "420118"}).status_code == 404
    assert paths(whole) == before


def test_what_a_listener_refuses_does_not_happen(whole: Program) -> None:
    def refuse(_: Any, __: DivisionMoved) -> None:
        raise MingjingError(CONFLICT)

    whole.recorder.town.add()
    before = paths(whole)
    whole.database.bus.within(DivisionMoved, refuse)
    with pytest.raises(MingjingError), whole.database.transaction() as tx:
        move(tx, SYSTEM, JIANGXIA, Move(parent="420300"))
    assert paths(whole) == before
    with whole.database.reading() as session:
        assert session.execute(text("SELECT division_path FROM cameras")).scalar_one() == OLD
        assert not session.execute(text("SELECT 1 FROM journal WHERE action = 'division.move'")).first()


def test_rights_lent_and_asked_for_go_with_the_place(whole: Program, keeper: TestClient) -> None:
    user, _ = whole.person("duty", "duty_officer", division=JIANGXIA)
    one, _ = whole.person("sec", "security_admin")
    with whole.database.transaction() as tx:
        now = tx.now_us()
        grant(tx, SYSTEM, GrantWish(user, Action.EXPORT, now, now + 1_000_000, "t", division_path=OLD))
    wish = {
        "act": "roles",
        "user": user,
        "reason": "调岗",
        "roles": [{"role": "reviewer", "division": JIANGXIA}],
    }
    done(whole.client_of(one).post("/api/v1/approvals", json=wish))
    done(keeper.post(f"/api/v1/divisions/{JIANGXIA}/move", json={"code": "420118"}))
    (asked,) = done(whole.client_of(one).get("/api/v1/approvals"))["items"]
    assert asked["roles"][0]["division"] == "420118"
    with whole.database.reading() as session:
        assert (
            session.execute(text("SELECT division_path FROM grants")).scalar_one() == "420000/420100/420118/"
        )
        held = session.scalars(select(RoleAssignment.division_path).where(RoleAssignment.user == user))
        assert list(held) == ["420000/420100/420118/"]


def test_who_watches_from_above_the_old_place_is_cut_off(whole: Program, keeper: TestClient) -> None:
    channel = whole.recorder.town.add().row.id
    tickets = {}
    for account, division in (("city", "420100"), ("county", JIANGXIA)):
        client = whole.client_of(whole.person(account, "duty_officer", division=division)[0])
        wish = {"wishes": [{"kind": "live", "channel": channel, "stream": "main"}]}
        tickets[account] = done(client.post("/api/v1/tickets", json=wish))["tickets"][0]["id"]
    done(keeper.post(f"/api/v1/divisions/{JIANGXIA}/move", json={"parent": "420300"}))
    assert whole.recorder.node.revoked_tickets == [tickets["city"]]
