"""The OpenAPI description: what FastAPI gives, with each operation's permission, errors and examples.

Examples stand beside the models (`kernel.wire.example`) and parameters; here they are put together, so that a body
made of other bodies needs none of its own. Errors are those of the catalogue that an operation names
(`kernel.wire.fails`), and those that come with its permission, its parameters and its body.
"""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from mingjing.identity.access import Required
from mingjing.identity.errors import (
    CSRF_BAD,
    FACTOR_WANTED,
    NOT_ALLOWED,
    NOT_SIGNED_IN,
    PASSWORD_MUST_CHANGE,
    STEP_UP_WANTED,
    TOKEN_NOT_HERE,
)
from mingjing.kernel.db import DATABASE_AWAY, VALUE_REFUSED
from mingjing.kernel.errors import INVALID, NOT_FOUND, UNEXPECTED, ErrorKind, MingjingError, catalogue
from mingjing.web import guard, problems, surface

_SAFE = frozenset({"get", "head", "options"})
_REFERENCE = "#/components/schemas/"
TAGS = {
    "session": "Signing in and out, and who one is",
    "own": "One's own password, second factor, sessions and views",
    "cameras": "The register: cameras, the tree, probing, tables in and out",
    "places": "Places that have to be covered, and their key positions",
    "systems": "Video systems: regime, funding, who builds, uses and maintains them, when they entered into use",
    "planning": "Construction plans: items, what is there already, approval, how far they have come",
    "projects": "Projects: their stages beside those of the main works, their acceptance",
    "filings": "Filings with the public security organ: the unit's own register and clock",
    "compliance": "What the rules say: findings, figures, rule sets, the vocabulary of the orders",
    "reminders": "What one was reminded of before a deadline and after it, and what waits for one's own decision",
    "orders": "Maintenance: contracts, fault orders, planned outages",
    "staff": "Staff files of watch and management posts, confidentiality agreements of contractors",
    "map": "What stands where, how it is and what was found about it",
    "operations": "Tickets to watch and play, diagnosis, alarms, the state of the system",
    "walls": "Saved walls and tours",
    "filters": "Saved filters of register pages: mine, and those that my unit shares",
    "recordings": "Timelines, completeness, plans, storage, snapshots, exports",
    "accounts": "People, their roles and their sessions",
    "approvals": "What takes two persons: asked by one, confirmed by another",
    "tokens": "API tokens for other programs",
    "registers": "Roles, units and administrative divisions",
    "journal": "Everything that was done and seen, and whether the journal is whole",
    "interface": "This description",
    "health": "Alive, ready, and figures",
}


def description(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description of `app`."""
    found = get_openapi(
        title=app.title,
        version=app.version,
        routes=app.routes,
        description=(
            "Times are integer microseconds since the Unix epoch, UTC, and end in `_us`. Errors are RFC 9457 problems "
            "with a stable `code`, in Chinese and English. Sign in with `POST /api/v1/session` and send its "
            "`csrf_token` as `X-CSRF-Token` with every write, or send an API token as `Authorization: Bearer mj_…`."
        ),
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
    )
    schemas = found["components"]["schemas"]
    schemas[problems.Problem.__name__] = _problem_schema(schemas)
    found["components"]["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": "mingjing_session"},
        "token": {"type": "http", "scheme": "bearer"},
    }
    _require_answers(found)
    for door in surface.doors(app):
        operation = found["paths"].get(door.path, {}).get(door.method.lower())
        if operation is None:
            continue
        operation["x-permission"] = door.action
        if door.step_up:
            operation["x-step-up"] = True
        if isinstance(door.demand, Required):
            operation["security"] = [{"session": []}, *([] if door.demand.persons_only else [{"token": []}])]
        _tell_errors(operation, door)
        _tell_examples(operation, schemas)
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    return found


def _problem_schema(schemas: dict[str, Any]) -> dict[str, Any]:
    made = problems.Problem.model_json_schema(mode="serialization", ref_template=_REFERENCE + "{model}")
    schemas.update(made.pop("$defs"))
    return made


def _tell_errors(operation: dict[str, Any], door: surface.Door) -> None:
    by_status: dict[int, list[ErrorKind]] = {}
    for kind in sorted(set(_kinds(operation, door)), key=lambda kind: kind.code):
        by_status.setdefault(kind.status, []).append(kind)
    operation["responses"].pop("422", None)
    for status, kinds in sorted(by_status.items()):
        operation["responses"][str(status)] = {
            "description": "; ".join(f"{kind.code} {kind.title.en} {kind.title.zh}" for kind in kinds),
            "content": {
                problems.MEDIA_TYPE: {
                    "schema": {"$ref": _REFERENCE + problems.Problem.__name__},
                    "examples": {
                        kind.code: {
                            "summary": kind.title.en,
                            "value": problems.problem(MingjingError(kind), door.path).model_dump(),
                        }
                        for kind in kinds
                    },
                }
            },
        }


def _kinds(operation: dict[str, Any], door: surface.Door) -> Iterator[ErrorKind]:
    known = catalogue()
    yield from (known[code] for code in operation.pop("x-errors", ()))
    yield from (UNEXPECTED, guard.STRANGE_ORIGIN, guard.STRANGE_HOST)
    if isinstance(door.demand, Required):
        yield from (NOT_SIGNED_IN, NOT_ALLOWED, DATABASE_AWAY)
        if door.method.lower() not in _SAFE:
            yield CSRF_BAD
        if door.demand.persons_only:
            yield TOKEN_NOT_HERE
        if not door.demand.before_password_change:
            yield PASSWORD_MUST_CHANGE
            if not door.demand.before_enrolment:
                yield FACTOR_WANTED
        if door.step_up:
            yield STEP_UP_WANTED
    if "{" in door.path:
        yield NOT_FOUND
    if operation.get("parameters") or "requestBody" in operation:
        yield from (INVALID, VALUE_REFUSED)
    if "requestBody" in operation:
        yield from (guard.TOO_LARGE, problems.REFUSED, DATABASE_AWAY)


def _tell_examples(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", ()):
        shown = _example(parameter["schema"], schemas)
        if shown is not None:
            parameter["example"] = shown
    bodies = [operation.get("requestBody", {})]
    bodies += [answer for status, answer in operation["responses"].items() if status.startswith("2")]
    for body in bodies:
        content = body.get("content", {}).get("application/json")
        shown = _example(content["schema"], schemas) if content and content.get("schema") else None
        if shown is not None:
            content["example"] = shown


def _example(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """What `schema` shows, put together from the examples within it; None where a part has none."""
    if "$ref" in schema:
        return _example(schemas[schema["$ref"].removeprefix(_REFERENCE)], schemas)
    shown = next(iter(schema.get("examples", ())), None)
    if "properties" in schema:
        return _whole(schema, dict(shown or {}), schemas)
    if shown is not None:
        return shown
    if "const" in schema or "enum" in schema:
        return schema.get("const") or schema["enum"][0]
    if schema.get("default") not in (None, "", []):
        return schema["default"]
    if "items" in schema:
        item = _example(schema["items"], schemas)
        return None if item is None else [item]
    parts = (_example(part, schemas) for part in schema.get("anyOf", ()) if part.get("type") != "null")
    return next((part for part in parts if part is not None), None)


def _whole(schema: dict[str, Any], shown: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any] | None:
    required = schema.get("required", ())
    for name, part in schema["properties"].items():
        if name in shown:
            continue
        found = _example(part, schemas)
        if found is not None:
            shown[name] = found
        elif "default" in part and name in required:
            shown[name] = part["default"]
        elif name in required and {"type": "null"} in part.get("anyOf", ()):
            shown[name] = None
        elif name in required:
            return None
    return shown


def _require_answers(description: dict[str, Any]) -> None:
    """Say that answers hold every member: a default concerns who leaves a member out of a request."""
    schemas: dict[str, Any] = description["components"]["schemas"]
    asked: set[str] = set()
    bodies = [
        operation.get("requestBody", {})
        for methods in description["paths"].values()
        for operation in methods.values()
    ]
    waiting: list[Any] = list(bodies)
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            name = str(part.get("$ref", "")).rpartition("/")[2]
            if name in schemas and name not in asked:
                asked.add(name)
                waiting.append(schemas[name])
            waiting += part.values()
    for name, schema in schemas.items():
        if name not in asked and schema.get("properties") and name != problems.Problem.__name__:
            schema["required"] = list(schema["properties"])
