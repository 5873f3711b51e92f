"""The register of units: what a unit is, who sees its contacts, what is refused, and what is kept of changes."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from mingjing.kernel.db import Database
from tests.law.office import done
from tests.places import JIANGXIA, POLICE, SCHOOL, WUCHANG
from tests.program import Program, program

CODE, OTHER_CODE = "91330100799655058B", "9144030071526726XG"
CONTACTS = {
    "legal_representative": "张某", "responsible_person": "李某", "responsible_phone": "027-81900000",
    "security_contact": "王某", "security_phone": "027-81900001",
}  # fmt: skip


@pytest.fixture
def whole(empty_database: Database, tmp_path: Path) -> Program:
    return program(empty_database, tmp_path)


@pytest.fixture
def keeper(whole: Program) -> TestClient:
    return whole.client_of(whole.person("keeper", "system_admin")[0])


def add(keeper: TestClient, **members: Any) -> dict[str, Any]:
    return done(keeper.post("/api/v1/organisations", json={"name": "江夏区公安分局"} | members))


def test_a_unit_has_its_kind_code_seat_and_contacts_and_its_history(keeper: TestClient) -> None:
    made = add(
        keeper, kind="public_security", level="county", division=JIANGXIA, credit_code=CODE, contacts=CONTACTS
    )
    assert (made["kind"], made["level"], made["division"], made["credit_code"]) == (
        "public_security",
        "county",
        JIANGXIA,
        CODE,
    )
    assert made["contacts"] == CONTACTS
    unit = f"/api/v1/organisations/{made['id']}"
    patch = {"name": "江夏区分局", "contacts": {"responsible_phone": "027-1", "security_contact": None}}
    changed = done(keeper.patch(unit, json=patch))
    assert changed["contacts"]["responsible_phone"] == "027-1"
    assert (changed["contacts"]["security_contact"], changed["contacts"]["security_phone"]) == (
        "",
        "027-81900001",
    )
    assert done(keeper.get(unit)) == changed
    said = keeper.get(f"{unit}/changes").json()
    assert [one["what"] for one in said] == ["change", "add"]
    assert said[0]["before"] == {
        "name": "江夏区公安分局",
        "responsible_phone": "027-81900000",
        "security_contact": "王某",
    }
    assert keeper.patch(unit, json={}).status_code == 200
    assert len(keeper.get(f"{unit}/changes").json()) == 2
    assert keeper.get("/api/v1/organisations/or_nothinghere").status_code == 404


def test_everybody_sees_units_and_their_contacts_who_reads_registers_there(
    whole: Program, keeper: TestClient
) -> None:
    here = add(keeper, division=JIANGXIA, contacts=CONTACTS)["id"]
    nowhere = add(keeper, name="无区划", contacts=CONTACTS)["id"]
    for account, role, division, sees in (
        ("watch", "duty_officer", None, set()),
        ("near", "filing_clerk", JIANGXIA, {here}),
        ("far", "filing_clerk", WUCHANG, set()),
        ("all", "filing_clerk", None, {here, nowhere}),
        ("sec", "security_admin", None, {here, nowhere}),
    ):
        client = whole.client_of(whole.person(account, role, division=division)[0])
        shown = {one["id"]: one for one in done(client.get("/api/v1/organisations"))["items"]}
        assert shown.keys() >= {here, nowhere, SCHOOL, POLICE}
        found = {unit for unit in (here, nowhere) if shown[unit]["contacts"] is not None}
        assert found == sees, account
        for unit in (here, nowhere):
            expected = 200 if unit in sees else 404
            assert client.get(f"/api/v1/organisations/{unit}/changes").status_code == expected, account


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"kind": "public_security", "division": JIANGXIA}, "AUTH-033"),
        ({"kind": "public_security", "level": "county"}, "AUTH-033"),
        ({"kind": "public_security", "level": "city", "division": JIANGXIA}, "AUTH-033"),
        ({"kind": "department"}, "AUTH-033"),
        ({"kind": "assisting"}, "AUTH-033"),
        ({"kind": "operator", "level": "county", "division": JIANGXIA}, "AUTH-033"),
        ({"function": "finance"}, "AUTH-033"),
        ({"kind": "police"}, "REQ-422"),
        ({"credit_code": CODE[:-1] + "C"}, "AUTH-034"),
        ({"credit_code": CODE.lower()}, "AUTH-034"),
        ({"credit_code": CODE[:-1]}, "AUTH-034"),
        ({"division": "439999"}, "DIV-004"),
        ({"contacts": {"responsible_phone": "电话"}}, "REQ-422"),
        ({"contacts": {"fax": "1"}}, "REQ-422"),
    ],
)
def test_what_does_not_fit_is_refused_when_it_is_entered_and_when_it_is_changed(
    keeper: TestClient, members: dict[str, Any], code: str
) -> None:
    refused = keeper.post("/api/v1/organisations", json={"name": "n"} | members)
    assert refused.json()["code"] == code
    unit = add(keeper, name="原单位")
    refused = keeper.patch(f"/api/v1/organisations/{unit['id']}", json=members)
    assert refused.json()["code"] == code
    assert refused.json()["remedy"]
    assert done(keeper.get(f"/api/v1/organisations/{unit['id']}")) == unit


def test_another_kind_takes_with_it_what_only_the_old_one_had(keeper: TestClient) -> None:
    unit = add(keeper, kind="department", function="transport", division=JIANGXIA)["id"]
    path = f"/api/v1/organisations/{unit}"
    assert keeper.patch(path, json={"kind": "assisting"}).json()["code"] == "AUTH-033"
    changed = done(keeper.patch(path, json={"kind": "assisting", "assistance": "telecom"}))
    assert (changed["function"], changed["assistance"]) == ("", "telecom")


def test_a_credit_code_belongs_to_one_unit_that_stands(keeper: TestClient) -> None:
    first = add(keeper, credit_code=CODE)["id"]
    refused = keeper.post("/api/v1/organisations", json={"name": "第二", "credit_code": CODE})
    assert (refused.status_code, refused.json()["code"]) == (409, "AUTH-035")
    second = add(keeper, name="第二", credit_code=OTHER_CODE)["id"]
    path = f"/api/v1/organisations/{second}"
    assert keeper.patch(path, json={"credit_code": CODE}).json()["code"] == "AUTH-035"
    assert keeper.patch(path, json={"credit_code": OTHER_CODE}).status_code == 200
    assert done(keeper.patch(f"/api/v1/organisations/{first}", json={"ended": True}))["ended_us"]
    assert done(keeper.patch(path, json={"credit_code": CODE}))["credit_code"] == CODE


def test_nothing_new_belongs_to_a_unit_that_has_ended(whole: Program, keeper: TestClient) -> None:
    unit = add(keeper)["id"]
    done(keeper.patch(f"/api/v1/organisations/{unit}", json={"ended": True}))
    refused = keeper.post("/api/v1/organisations", json={"name": "下属", "parent": unit})
    assert (refused.status_code, refused.json()["code"]) == (409, "AUTH-036")
    security = whole.client_of(whole.person("sec", "security_admin")[0])
    wish = {"account": "wang", "name": "王", "organisation": unit, "roles": []}
    assert security.post("/api/v1/users", json=wish).json()["code"] == "AUTH-036"
    assert done(keeper.patch(f"/api/v1/organisations/{unit}", json={"ended": False}))["ended_us"] is None
    assert security.post("/api/v1/users", json=wish).status_code == 201


def test_who_may_not_write_units_is_refused(whole: Program) -> None:
    clerk = whole.client_of(whole.person("clerk", "filing_clerk")[0])
    refused = clerk.patch(f"/api/v1/organisations/{SCHOOL}", json={"name": "x"})
    assert (refused.status_code, refused.json()["code"]) == (403, "AUTH-003")


def test_a_unit_goes_with_its_division(whole: Program, keeper: TestClient) -> None:
    unit = add(keeper, kind="public_security", level="county", division=JIANGXIA, contacts=CONTACTS)["id"]
    near = whole.person("near", "filing_clerk", division=JIANGXIA)[0]
    done(keeper.post(f"/api/v1/divisions/{JIANGXIA}/move", json={"code": "420118"}))
    shown = done(whole.client_of(near).get(f"/api/v1/organisations/{unit}"))
    assert (shown["division"], shown["contacts"]) == ("420118", CONTACTS)
