"""Puts the HTTP program together: routes, errors, guard, interface description, surface check."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.responses import JSONResponse

from mingjing.identity.access import requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.web import console, health, problems, surface
from mingjing.web.guard import Guard

PREFIX = "/api/v1"


def assemble(
    routers: Sequence[APIRouter],
    *,
    version: str,
    secure: bool,
    origins: Sequence[str] = (),
    media_sources: Callable[[str], tuple[str, ...]],
    ready: dict[str, Callable[[], bool]],
    metrics: Callable[[], bytes],
) -> FastAPI:
    """The assembled program; `origins` are those of its own pages.

    Raises SYS-060 where a route declares no permission, SYS-061 where it is silent about step-up.
    """
    app = FastAPI(
        title="Mingjing 明镜",
        version=version,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses={
            "4XX": {"model": problems.Problem, "description": "A problem of the catalogue"},
            "5XX": {"model": problems.Problem, "description": "A problem of the catalogue"},
        },
    )
    for router in routers:
        app.include_router(router, prefix=PREFIX)
    app.include_router(_interface(app), prefix=PREFIX)
    app.include_router(health.router(ready, metrics))
    app.include_router(console.router())
    app.add_middleware(Guard, media_sources=media_sources, secure=secure, origins=origins)
    problems.install(app)
    surface.doors(app)
    return app


def description(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description of `app`, with the permission of each operation."""
    found = get_openapi(
        title=app.title,
        version=app.version,
        routes=app.routes,
        description="Times are integer microseconds since the Unix epoch, UTC. Errors are RFC 9457 problems.",
    )
    for door in surface.doors(app):
        operation = found["paths"].get(door.path, {}).get(door.method.lower())
        if operation is not None:
            operation["x-permission"] = door.action
            if door.step_up:
                operation["x-step-up"] = True
    _require_answers(found)
    return found


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


def _interface(app: FastAPI) -> APIRouter:
    routes = APIRouter(tags=["interface"])

    @routes.get("/openapi.json", summary="This description")
    def interface(_: Annotated[Caller, requires(Action.INTERFACE)]) -> JSONResponse:
        return JSONResponse(description(app))

    return routes
