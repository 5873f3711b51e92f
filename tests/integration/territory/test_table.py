"""Tables of divisions: all of it or nothing, with the row that is wrong; the shipped set grows and overwrites nothing."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from mingjing.audit.model import JournalRow
from mingjing.audit.service import SYSTEM
from mingjing.cli import application
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError
from mingjing.territory.model import Division
from mingjing.territory.queries import divisions, path_of
from mingjing.territory.service import Entry, change, ensure_shipped, enter, load_table
from tests.places import POLICE
from tests.program import Program, program

HUNAN = """code,name,kind,civil_code,valid_from,valid_to,successor
430102,芙蓉区,,,,,
4301Z1,湘江新区,functional_zone,430104,2022-02-24,,
430104,岳麓区,,,,,
430100,长沙市,,,,,
430000,湖南省,,,,,
430124,宁乡县,,,,2017-04-10,430182
430182,宁乡市,,,2017-04-10,,
"""


@pytest.fixture
def database(empty_database: Database) -> Database:
    return empty_database


def shipped(database: Database) -> None:
    with database.transaction() as tx:
        ensure_shipped(tx)


def names(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return {row.code: row.name for row in session.scalars(select(Division))}


def test_an_installation_has_the_whole_of_hubei_without_a_false_city(database: Database) -> None:
    shipped(database)
    with database.reading() as session:
        cities = {row.code for row, _ in divisions(session, "420000")}
        assert len(cities) == 17
        assert "429000" not in cities
        assert path_of(session, "429004") == "420000/429004/"
        assert [row.code for row, _ in divisions(session, "420300") if row.valid_to] == []
        assert "420321" in {row.code for row, _ in divisions(session, "420300", ended=True)}


def test_an_older_set_gets_what_is_missing_and_what_people_renamed_stays(database: Database) -> None:
    older = "code,name\n420000,湖北省\n420100,武汉市\n420115,江夏新区\n420300,十堰市\n420304,郧阳\n"
    with database.transaction() as tx:
        load_table(tx, SYSTEM, older.encode())
    shipped(database)
    found = names(database)
    assert (found["420115"], found["420304"], found["420321"]) == ("江夏新区", "郧阳", "郧县")
    assert len(found) == 120
    with database.reading() as session:
        assert str(session.get_one(Division, "420304").valid_from) == "2014-09-09"
        count = len(session.scalars(select(JournalRow)).all())
    shipped(database)
    with database.reading() as session:
        assert len(session.scalars(select(JournalRow)).all()) == count


def test_a_tree_that_people_have_changed_does_not_stop_the_next_start(database: Database) -> None:
    with database.transaction() as tx:
        load_table(tx, SYSTEM, "code,name\n420000,湖北省\n420200,黄石市\n".encode())
        change(tx, SYSTEM, "420200", ended=date(2023, 1, 1))
    shipped(database)
    found = names(database)
    assert "420202" not in found
    assert "420302" in found


def test_another_province_comes_in_whatever_the_order_of_its_rows(database: Database) -> None:
    with database.transaction() as tx:
        found = load_table(tx, SYSTEM, b"\xef\xbb\xbf" + HUNAN.encode())
        assert (found.rows, found.entered, found.renamed) == (7, 7, 0)
        again = load_table(tx, SYSTEM, HUNAN.replace("芙蓉区", "芙蓉新区").encode())
        assert (again.entered, again.renamed) == (0, 1)
    with database.reading() as session:
        zone = session.get_one(Division, "4301Z1")
        assert (zone.kind, zone.civil_code, zone.path) == (
            "functional_zone",
            "430104",
            "430000/430100/4301Z1/",
        )
        with pytest.raises(MingjingError) as raised:
            path_of(session, "430124")
        assert raised.value.code == "DIV-004"
        assert "430182 宁乡市" in raised.value.detail.en


@pytest.mark.parametrize(
    ("row", "line", "says"),
    [
        ("43010,坏代码,,,,,", 9, "43010 is not a division code"),
        ("439000,直辖县级,,,,,", 9, "only a heading"),
        ("440105,海珠区,,,,,", 9, "No division above"),
        ("430103,,,,,,", 9, "the name is empty"),
        ("430103,天心区,,,2014/9/9,,", 9, "valid_from is written in the form"),
        ("430103,天心区,,,2014-09-09,2014-09-09,430104", 9, "ends after it begins"),
        ("430103,天心区,,,,2999-01-01,430104", 9, "not after today"),
        ("430103,天心区,,,,2014-09-09,430199", 9, "430199 is not a division"),
        ("430103,天心区,,,,,430104", 9, "ends after it begins"),
        ("4301Z2,无对应,,,,,", 9, "names the administrative code"),
        ("4301Z2,对应有误,,4301Z1,,,", 9, "names the administrative code"),
        ("430103,天心区,functional_zone,430104,,,", 9, "names the administrative code"),
        ("430100,长沙市,,,2001-01-01,,", 9, "another valid_from"),
        ("430103,天心区,,,,,,多一列", 9, "more columns"),
        ('430103,"天心\n区",,,,,', 10, ""),
        ("430103,天心区\u202e,,,,,", 9, ""),
    ],
)
def test_a_row_that_is_wrong_is_named_and_nothing_is_entered(
    database: Database, row: str, line: int, says: str
) -> None:
    with pytest.raises(MingjingError) as raised, database.transaction() as tx:
        load_table(tx, SYSTEM, f"{HUNAN}{row}\n".encode())
    assert raised.value.code == "DIV-003"
    assert f"Row {line}: " in raised.value.detail.en
    assert says in raised.value.detail.en
    assert names(database) == {}


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (b"", "Row 1: "),
        (b"code;name\n", "Row 1: "),
        (b"code,name,colour\n", "colour"),
        ("code,name\n420000,湖北省\n420100,武汉\n".encode("gb18030"), "Row 2: It is not UTF-8"),
        (b'code,name\n420000,"x\n', "Row 2: "),
    ],
)
def test_a_table_that_is_none_is_refused(database: Database, table: bytes, says: str) -> None:
    with pytest.raises(MingjingError) as raised, database.transaction() as tx:
        load_table(tx, SYSTEM, table)
    assert raised.value.code == "DIV-003"
    assert says in raised.value.detail.en


def test_a_zone_lies_beside_districts_and_what_lies_below_it_has_its_civil_code(database: Database) -> None:
    shipped(database)
    with database.transaction() as tx:
        zone = enter(tx, SYSTEM, Entry("4201Z1", "东湖新技术开发区", civil_code="420111"))
        street = enter(tx, SYSTEM, Entry("4201Z1001", "关东街道"))
        under = enter(tx, SYSTEM, Entry("420111008", "九峰街道", parent="4201Z1"))
        assert (zone.path, street.civil_code) == ("420000/420100/4201Z1/", "420111")
        assert (under.path, under.kind) == ("420000/420100/4201Z1/420111008/", "administrative")
        with pytest.raises(MingjingError) as raised:
            enter(tx, SYSTEM, Entry("420115002", "五里界街道", parent="420116001"))
        assert raised.value.code == "DIV-002"
        with pytest.raises(MingjingError) as raised:
            enter(tx, SYSTEM, Entry("420199", "错位", parent="420111"))
        assert raised.value.code == "DIV-005"


@pytest.fixture
def whole(empty_database: Database, tmp_path: Path) -> Program:
    return program(empty_database, tmp_path)


def test_the_route_takes_a_table_from_who_may_write_divisions(whole: Program) -> None:
    client = whole.client_of(whole.person("sys", "system_admin", unit=POLICE)[0])
    csv = {"Content-Type": "text/csv"}
    loaded = client.post("/api/v1/divisions/import", content=HUNAN.encode(), headers=csv)
    assert loaded.json() == {"rows": 7, "entered": 7, "renamed": 0}
    refused = client.post("/api/v1/divisions/import", content=f"{HUNAN}1,x,,,,,\n".encode(), headers=csv)
    assert (refused.status_code, refused.json()["code"]) == (422, "DIV-003")
    shown = client.get("/api/v1/divisions/4301Z1").json()
    assert (shown["kind"], shown["civil_code"], shown["leaf"]) == ("functional_zone", "430104", True)
    below = client.get("/api/v1/divisions?under=430100").json()["items"]
    assert [one["code"] for one in below] == ["430102", "430104", "430182", "4301Z1"]
    assert client.get("/api/v1/divisions/430124").json()["successor"] == "430182"
    assert client.get("/api/v1/divisions/439999").status_code == 404
    clerk = whole.client_of(whole.person("clerk", "filing_clerk")[0])
    assert clerk.post("/api/v1/divisions/import", content=HUNAN.encode(), headers=csv).status_code == 403


def test_the_command_loads_a_file_or_says_which_row_is_wrong(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "hunan.csv"
    file.write_text(HUNAN, encoding="utf-8")
    run = CliRunner()
    said = run.invoke(application, ["division", "load", str(file), "--data", str(data)])
    assert said.exit_code == 0, said.output
    assert "7 新增 entered" in said.output
    file.write_text(HUNAN + "x,y,,,,,\n", encoding="utf-8")
    wrong = run.invoke(application, ["division", "load", str(file), "--data", str(data)])
    assert isinstance(wrong.exception, MingjingError)
    assert "Row 9: " in wrong.exception.detail.en
