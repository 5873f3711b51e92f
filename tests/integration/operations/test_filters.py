"""Saved filters: mine, my unit's, nobody else's; a name, a page and a text, and no right with them."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from mingjing.kernel.db import Database
from mingjing.operations.filters.service import EACH_MOST
from tests.places import JIANGXIA, POLICE, SCHOOL, WUCHANG
from tests.program import Program, program

AT = "/api/v1/saved-filters"


@pytest.fixture
def database_url(laid_sqlite: Path, tmp_path: Path) -> str:
    """The address of a database with its tables and no row."""
    shutil.copyfile(laid_sqlite, tmp_path / "mingjing.sqlite3")
    return f"sqlite:///{tmp_path / 'mingjing.sqlite3'}"


@pytest.fixture
def whole(empty_database: Database, tmp_path: Path) -> Program:
    return program(empty_database, tmp_path)


def as_one(at: Program, account: str, unit: str = POLICE, division: str | None = None) -> TestClient:
    return at.client_of(at.person(account, "filing_clerk", unit=unit, division=division)[0])


def wish(**changes: Any) -> dict[str, Any]:
    return {
        "name": "逾期",
        "page": "filings",
        "filter": "state=open&within=overdue",
        "shared": False,
    } | changes


def names(client: TestClient, page: str = "") -> list[tuple[str, bool]]:
    items = client.get(AT, params={"page": page} if page else {}).json()["items"]
    return [(one["name"], one["mine"]) for one in items]


def test_a_filter_is_kept_renamed_and_removed_by_its_owner(whole: Program) -> None:
    me = as_one(whole, "wang")
    made = me.post(AT, json=wish())
    assert made.status_code == 201, made.text
    at = f"{AT}/{made.json()['id']}"
    assert made.json()["filter"] == "state=open&within=overdue"
    changed = me.patch(at, json={"name": "我的逾期", "filter": "state=returned"}).json()
    assert (changed["name"], changed["filter"], changed["page"]) == ("我的逾期", "state=returned", "filings")
    assert names(me, "filings") == [("我的逾期", True)]
    assert names(me, "places") == []
    assert me.delete(at).status_code == 204
    assert (me.delete(at).status_code, names(me)) == (404, [])


def test_only_the_unit_sees_what_is_shared_and_only_its_owner_changes_it(whole: Program) -> None:
    owner, colleague, stranger = (
        as_one(whole, account, unit) for account, unit in (("wang", POLICE), ("li", POLICE), ("chen", SCHOOL))
    )
    shared = owner.post(AT, json=wish(shared=True)).json()["id"]
    owner.post(AT, json=wish(name="私"))
    assert names(colleague) == [("逾期", False)]
    assert names(stranger) == []
    for other in (colleague, stranger):
        assert other.patch(f"{AT}/{shared}", json={"name": "x"}).status_code == 404
        assert other.delete(f"{AT}/{shared}").status_code == 404
    owner.patch(f"{AT}/{shared}", json={"shared": False})
    assert names(colleague) == []


def test_a_page_has_one_filter_of_a_name_and_a_person_so_many(whole: Program) -> None:
    me, other = as_one(whole, "wang"), as_one(whole, "li")
    first = me.post(AT, json=wish())
    assert other.post(AT, json=wish()).status_code == 201
    assert me.post(AT, json=wish(page="orders")).status_code == 201
    refused = me.post(AT, json=wish())
    assert (refused.status_code, refused.json()["code"]) == (409, "OPS-022")
    second = me.post(AT, json=wish(name="另一")).json()["id"]
    assert me.patch(f"{AT}/{second}", json={"name": "逾期"}).json()["code"] == "OPS-022"
    assert me.patch(f"{AT}/{first.json()['id']}", json={"name": "逾期", "shared": True}).status_code == 200
    for number in range(EACH_MOST - 3):
        assert me.post(AT, json=wish(name=str(number))).status_code == 201
    full = me.post(AT, json=wish(name="满"))
    assert (full.status_code, full.json()["code"]) == (409, "OPS-021")


@pytest.mark.parametrize("text", ["q=a b", "q=甲", "q=a\nb", "?q=a", "q=<x>", "q=" + "a" * 1000])
def test_what_is_kept_is_a_query_as_it_stands_in_an_address(whole: Program, text: str) -> None:
    assert as_one(whole, "wang").post(AT, json=wish(filter=text)).status_code == 422


def test_a_shared_filter_shows_its_reader_no_more_than_they_may_see(whole: Program) -> None:
    whole.recorder.town.add("武昌一", division=WUCHANG)
    owner, reader = as_one(whole, "wang"), as_one(whole, "li", division=JIANGXIA)
    owner.post(AT, json=wish(page="cameras", filter="q=%E6%AD%A6%E6%98%8C", shared=True))
    (kept,) = reader.get(AT).json()["items"]
    assert owner.get(f"/api/v1/cameras?{kept['filter']}").json()["total"] == 1
    assert reader.get(f"/api/v1/cameras?{kept['filter']}").json()["total"] == 0
