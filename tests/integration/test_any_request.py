"""Whatever the description allows, and much that it forbids, sent to the whole program by Schemathesis.

A short run of fixed requests here; `TEST_REQUESTS=200 pytest tests/integration/test_any_request.py` is a long one.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from mingjing.identity.access import Required
from mingjing.identity.roles import ROLES
from mingjing.kernel.clock import SetClock
from mingjing.kernel.db import Database
from mingjing.web.describing import description
from mingjing.web.surface import doors
from tests.contract import contract
from tests.program import Program, program

REQUESTS = int(os.environ.get("TEST_REQUESTS", "3"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]
REFUSING = [*CHECKS, negative_data_rejection]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    folder: Path = tmp_path_factory.mktemp("any")
    database = Database(f"sqlite:///{folder / 'a.sqlite3'}", SetClock())
    made = program(database, folder)
    made.recorder.town.add()
    yield made
    database.close()


def _headers(whole: Program) -> dict[tuple[str, str], dict[str, str]]:
    """For each way in, a signed-in person who may use it."""
    people = {role: whole.person(f"any-{role.replace('_', '-')}", role)[0] for role in ROLES}
    signed_in = {role: whole.signed_in(user) for role, user in people.items()}
    return {
        (door.method, door.path): next(
            headers for role, headers in signed_in.items() if door.demand.action in ROLES[role].actions
        )
        for door in doors(whole.app)
        if isinstance(door.demand, Required) and door.method != "WEBSOCKET"
    }


def _sent(operation: Any, mode: GenerationMode, headers: dict[str, str]) -> list[tuple[Any, Any]]:
    """Requests of one kind, always the same ones, with their answers."""
    made: list[tuple[Any, Any]] = []

    @seed(20261126)
    @settings(
        max_examples=REQUESTS, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def once(case: Any) -> None:
        made.append((case, case.call(headers=headers)))

    with suppress(Unsatisfiable):  # nothing can be wrong with a request that takes any text
        once()
    return made


def _described(whole: Program) -> dict[str, Any]:
    """The program's own description, without what this test holds fixed: who asks. Tuples are judged by
    `test_description.py`: Schemathesis reads them in an older dialect."""

    def kept(part: Any) -> Any:
        if isinstance(part, dict):
            return {
                name: kept(inner) for name, inner in part.items() if name not in ("security", "prefixItems")
            }
        return [kept(inner) for inner in part] if isinstance(part, list) else part

    found: dict[str, Any] = kept(description(whole.app))
    del found["components"]["securitySchemes"]
    return found


@pytest.mark.timeout(0 if REQUESTS > 3 else 240)
def test_no_request_finds_a_failure_or_an_answer_that_is_not_described(whole: Program) -> None:
    schema = schemathesis.openapi.from_dict(_described(whole))
    schema.app = whole.app
    schema.config.base_url = "http://127.0.0.1:8360"
    headers = _headers(whole)
    held = contract(whole.app)
    found: list[str] = []
    sent = 0
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result.err()
        operation = result.ok()
        name = (operation.method.upper(), operation.path)
        if name == ("DELETE", "/api/v1/session"):
            continue  # it would sign out who asks the rest
        for mode, checks in ((GenerationMode.POSITIVE, CHECKS), (GenerationMode.NEGATIVE, REFUSING)):
            if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query):
                continue
            for case, answer in _sent(operation, mode, headers.get(name, {})):
                sent += 1
                kind = answer.headers.get("content-type", [""])[0]
                breach = held.breach(*name, answer.status_code, kind, answer.content)
                if breach:
                    found.append(f"{name}: {breach}: {answer.text[:500]}")
                try:
                    case.validate_response(answer, checks=checks)
                except BaseExceptionGroup as failures:
                    found += [f"{name}: {one}"[:1500] for one in failures.exceptions]
                except AssertionError as failure:
                    found.append(f"{name}: {failure}"[:1500])
    assert not found, f"{len(found)} of {sent}:\n" + "\n\n".join(found[:40])
    assert sent > 300
