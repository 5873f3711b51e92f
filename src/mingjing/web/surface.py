"""The surface of the assembled program: every route declares its permission, or the program does not start."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIWebSocketRoute, RouteContext, iter_route_contexts

from mingjing.identity.access import Public, Required
from mingjing.kernel.errors import MingjingError, define

UNDECLARED = define(
    "SYS-060",
    500,
    title=("程序不完整", "The program is not complete"),
    detail=("{route} 没有声明所需权限。", "{route} declares no permission."),
    remedy=(
        "这是程序缺陷，服务不会启动；请报告开发者。",
        "This is a defect of the program; it does not start. Please report it.",
    ),
)


@dataclass(frozen=True, slots=True)
class Door:
    """One way in: a path with a method (or WEBSOCKET), and what it demands."""

    method: str
    path: str
    demand: Required | Public

    @property
    def action(self) -> str:
        return self.demand.action.value if isinstance(self.demand, Required) else "public"


def doors(app: FastAPI) -> list[Door]:
    """Every way into `app`. Raises SYS-060 for one that declares nothing, or two things at once."""
    return [door for found in iter_route_contexts(app.routes) for door in _of(found)]


def _of(found: RouteContext) -> Iterator[Door]:
    route, path = found.original_route, found.path or ""
    if not isinstance(route, APIRoute | APIWebSocketRoute):
        # A mount or a bare route: nothing hangs on it that could ask who is calling.
        raise MingjingError(UNDECLARED, route=path or type(route).__name__)
    demands = list(_demands(route.dependant))
    if len(demands) != 1:
        raise MingjingError(UNDECLARED, route=path)
    methods = sorted(route.methods or ()) if isinstance(route, APIRoute) else ["WEBSOCKET"]
    for method in methods:
        yield Door(method, path, demands[0])


def _demands(dependant: Dependant) -> Iterator[Required | Public]:
    for child in dependant.dependencies:
        if isinstance(child.call, Required | Public):
            yield child.call
        yield from _demands(child)
