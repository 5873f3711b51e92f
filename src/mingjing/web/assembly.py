"""Puts the HTTP program together: routes, errors, guard, interface description, surface check."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, FastAPI
from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from mingjing.identity.access import requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.web import console, health, problems, surface
from mingjing.web.describing import description
from mingjing.web.guard import Guard

PREFIX = "/api/v1"


class Guarded(FastAPI):
    """A program that stands inside its guard whole: Starlette answers what nobody foresaw outside of middleware."""

    guard: Callable[[ASGIApp], Guard]

    def build_middleware_stack(self) -> ASGIApp:
        return self.guard(super().build_middleware_stack())


def assemble(
    routers: Sequence[APIRouter],
    *,
    version: str,
    secure: bool,
    origins: Sequence[str] = (),
    pages: Sequence[APIRouter] = (),
    media_sources: Callable[[str], tuple[str, ...]],
    map_sources: Sequence[str] = (),
) -> FastAPI:
    """The assembled program; `origins` are those of its own pages, `pages` what it serves beside interface and console,
    `map_sources` the origins of the map below its points.

    Raises SYS-060 where a route declares no permission, SYS-061 where it is silent about step-up.
    """
    app = Guarded(
        title="Mingjing 明镜",
        version=version,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    for router in routers:
        app.include_router(router, prefix=PREFIX)
    app.include_router(_interface(app), prefix=PREFIX)
    app.include_router(health.router)
    for page in pages:
        app.include_router(page)
    app.include_router(console.router())
    app.guard = partial(
        Guard, media_sources=media_sources, map_sources=map_sources, secure=secure, origins=origins
    )
    problems.install(app)
    surface.doors(app)
    return app


def _interface(app: FastAPI) -> APIRouter:
    routes = APIRouter(tags=["interface"])

    @routes.get("/openapi.json", summary="This description")
    def interface(_: Annotated[Caller, requires(Action.INTERFACE)]) -> JSONResponse:
        return JSONResponse(description(app))

    return routes
