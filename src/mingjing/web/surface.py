"""The surface of the assembled program: every route declares its permission, or the program does not start."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeGuard

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIWebSocketRoute, RouteContext, iter_route_contexts

from mingjing.identity.access import Public, Required
from mingjing.identity.actions import GUARDED
from mingjing.kernel.errors import MingjingError, define

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "WEBSOCKET"})

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

NO_STEP_UP = define(
    "SYS-061",
    500,
    title=("程序不完整", "The program is not complete"),
    detail=(
        "{route} 需要权限 {action}，却没有声明是否需要再次验证身份。",
        "{route} needs {action} and does not say whether it demands a step-up.",
    ),
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

    @property
    def step_up(self) -> bool:
        """Whether a person must just have proved again who they are."""
        return isinstance(self.demand, Required) and self.demand.step_up


def doors(app: FastAPI) -> list[Door]:
    """Every way into `app`. Raises SYS-060 for one that declares nothing, or two things at once, SYS-061
    for a writing one of a guarded action that is silent about step-up."""
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
    if not _SAFE.issuperset(methods) and _silent(demands[0]):
        raise MingjingError(NO_STEP_UP, route=path, action=demands[0].action.value)
    for method in methods:
        yield Door(method, path, demands[0])


def _silent(demand: Required | Public) -> TypeGuard[Required]:
    """Whether a guarded action neither demands a step-up nor says why not."""
    return (
        isinstance(demand, Required) and demand.action in GUARDED and not (demand.step_up or demand.unproved)
    )


def _demands(dependant: Dependant) -> Iterator[Required | Public]:
    for child in dependant.dependencies:
        if isinstance(child.call, Required | Public):
            yield child.call
        yield from _demands(child)
