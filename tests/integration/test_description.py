"""The description that strangers read: every operation shows what to send and what comes back, and means it."""

from pathlib import Path
from typing import Any

import pytest

from mingjing.kernel.clock import SetClock
from mingjing.kernel.db import Database
from mingjing.kernel.errors import catalogue
from mingjing.web.describing import TAGS, description
from tests.contract import Schemas
from tests.program import program


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder: Path = tmp_path_factory.mktemp("described")
    database = Database(f"sqlite:///{folder / 'a.sqlite3'}", SetClock())
    found = description(program(database, folder).app)
    database.close()
    return found


def operations(described: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, item in described["paths"].items()
        for method, operation in item.items()
    ]


def bodies(operation: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """What is sent and what comes back as JSON where all goes well."""
    found = [("request", operation.get("requestBody", {}))]
    found += [(status, answer) for status, answer in operation["responses"].items() if status < "400"]
    return [
        (name, body["content"]["application/json"])
        for name, body in found
        if "application/json" in body.get("content", {})
    ]


def test_every_operation_shows_what_is_sent_and_what_comes_back(described: dict[str, Any]) -> None:
    missing = [
        (name, where)
        for name, operation in operations(described)
        for where, content in bodies(operation)
        if content.get("schema") and "example" not in content
    ]
    assert missing == []
    assert sum(len(bodies(operation)) for _, operation in operations(described)) > 70


def test_every_parameter_shows_a_value(described: dict[str, Any]) -> None:
    missing = [
        (name, parameter["name"])
        for name, operation in operations(described)
        for parameter in operation.get("parameters", ())
        if "example" not in parameter
    ]
    assert missing == []


def test_every_example_holds_by_its_own_schema(described: dict[str, Any]) -> None:
    schemas = Schemas(described)
    for name, operation in operations(described):
        for where, content in bodies(operation):
            if content.get("schema"):
                assert not schemas.flaw(content["schema"], content["example"]), (name, where)
        for parameter in operation.get("parameters", ()):
            assert not schemas.flaw(parameter["schema"], parameter["example"]), (name, parameter["name"])
        for status, answer in operation["responses"].items():
            for content in answer.get("content", {}).values():
                for code, shown in content.get("examples", {}).items():
                    assert not schemas.flaw(content["schema"], shown["value"]), (name, status, code)
                    assert (catalogue()[code].status, shown["value"]["title_en"]) == (
                        int(status),
                        shown["summary"],
                    )


def test_tags_are_told_in_order(described: dict[str, Any]) -> None:
    used = {tag for _, operation in operations(described) for tag in operation["tags"]}
    assert [tag["name"] for tag in described["tags"]] == list(TAGS)
    assert used == set(TAGS)
