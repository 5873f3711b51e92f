"""Holds every answer of the program against its description: a status, an error or a body that it does not tell fails.

A test client that `hold` has taken does so by itself, so that whatever the suite provokes is compared.
"""

import json
import re
from typing import Any

import httpx
import jsonschema_rs
from fastapi import FastAPI
from fastapi.testclient import TestClient

from mingjing.web import surface
from mingjing.web.describing import description
from mingjing.web.problems import MEDIA_TYPE

NAMED = re.compile(r"#/components/schemas/(\w+)")


class Schemas:
    """Judges values by the schemas of a description."""

    def __init__(self, described: dict[str, Any]) -> None:
        self._components = described["components"]["schemas"]
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def flaw(self, schema: dict[str, Any], value: object) -> str | None:
        """How `value` breaks `schema`; None where it holds."""
        text = json.dumps(schema)
        if text not in self._validators:
            whole = schema | {"components": {"schemas": self._named_by(text)}}
            self._validators[text] = jsonschema_rs.Draft202012Validator(whole)
        flaw = next(self._validators[text].iter_errors(value), None)
        return None if flaw is None else f"{flaw.message} at {flaw.instance_path}"

    def _named_by(self, text: str) -> dict[str, Any]:
        """The components that a schema names, and those that these name: to read all of them for each schema takes a
        twentieth of a second, thousands of times."""
        found: dict[str, Any] = {}
        wanted = {*NAMED.findall(text)}
        while wanted:
            name = wanted.pop()
            found[name] = self._components[name]
            wanted |= {*NAMED.findall(json.dumps(found[name]))} - found.keys()
        return found


class Contract:
    """What a description says of its operations."""

    def __init__(self, described: dict[str, Any]) -> None:
        self._schemas = Schemas(described)
        # The fewest parameters first: /cameras/export is not the camera "export".
        self._paths = [
            (re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), item)
            for path, item in sorted(described["paths"].items(), key=lambda found: found[0].count("{"))
        ]

    def operation(self, method: str, path: str) -> dict[str, Any] | None:
        """What is said of `method` at `path`; None where nothing is, as for the console's own files."""
        item: dict[str, Any] = next((item for template, item in self._paths if template.fullmatch(path)), {})
        found: dict[str, Any] | None = item.get(method.lower())
        return found

    def breach(self, method: str, path: str, status: int, kind: str, body: bytes) -> str | None:
        """How an answer with `body` of the media type `kind` differs from what is said; None where it does not."""
        operation = self.operation(method, path)
        if operation is None:
            return None
        told = operation["responses"].get(str(status))
        if told is None:
            return f"status {status} is not told"
        kind = kind.partition(";")[0]
        content = told.get("content", {})
        if not content:
            return f"a body of {kind} is not told" if body else None
        if kind not in content:
            return f"{kind or 'no body'} is not told, but {', '.join(content)}"
        if not kind.endswith("json"):
            return None
        value = json.loads(body)
        if kind == MEDIA_TYPE and value["code"] not in content[kind]["examples"]:
            return f"error {value['code']} is not told"
        return self._schemas.flaw(content[kind].get("schema", {}), value)


_contracts: dict[tuple[surface.Door, ...], Contract] = {}
"""By the doors of a program: to describe one takes most of a second, and hundreds of tests assemble the same."""


def contract(app: FastAPI) -> Contract:
    """What `app` promises."""
    doors = tuple(surface.doors(app))
    if doors not in _contracts:
        _contracts[doors] = Contract(description(app))
    return _contracts[doors]


def hold(client: TestClient, app: FastAPI) -> TestClient:
    """Make `client` fail where `app` answers what its description does not tell."""

    def compare(answer: httpx.Response) -> None:
        method, path = answer.request.method, answer.request.url.path
        kind = answer.headers.get("content-type", "")
        breach = contract(app).breach(method, path, answer.status_code, kind, answer.read())
        assert breach is None, f"{method} {path}: {breach}: {answer.text[:500]}"

    client.event_hooks = {"response": [compare]}
    return client
