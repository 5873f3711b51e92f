"""Is the program alive, is it ready, and its figures.

`app.state.ready` names what must be there, `app.state.metrics` gives the Prometheus text.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from mingjing.identity.access import Store, public, requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.kernel.wire import example, sends


class Alive(BaseModel):
    """The process answers."""

    model_config = example(alive=True)

    alive: bool = True


class Ready(BaseModel):
    """Whether requests can be served, and what is missing."""

    model_config = example(ready=True, missing=[])

    ready: bool
    missing: list[str]


router = APIRouter(tags=["health"])


@router.get("/healthz", summary="Does the process answer?", dependencies=[public("says one word")])
def alive() -> Alive:
    return Alive()


@router.get(
    "/readyz",
    summary="Can requests be served?",
    responses={503: {"model": Ready, "description": "Not yet, or no longer"}},
    dependencies=[public("says what is missing by name")],
)
def ready(request: Request, response: Response, store: Store) -> Ready:
    checks: dict[str, Callable[[], bool]] = request.app.state.ready
    missing = [name for name, holds in checks.items() if not _holds(holds)]
    if not _holds(lambda: _answers(store)):
        missing.append("database")
    response.status_code = 503 if missing else 200
    return Ready(ready=not missing, missing=missing)


@router.get(
    "/metrics",
    summary="Figures in the Prometheus text form",
    response_class=Response,
    responses=sends("text/plain"),
)
def figures(request: Request, _: Annotated[Caller, requires(Action.METRICS)]) -> Response:
    text: bytes = request.app.state.metrics()
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


def _answers(store: Store) -> bool:
    with store.reading() as session:
        session.connection()
    return True


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:
        # Whatever the check fell over, the answer is the same: not ready.
        return False
