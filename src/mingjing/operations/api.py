"""Routes of operations: tickets, diagnosis, alarms, the state of the system."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request

from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.api.desk import portal
from mingjing.identity.caller import Caller
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.paging import After, Limit, PageBody
from mingjing.kernel.wire import EXAMPLE_US, AlarmId, ChannelId, fails
from mingjing.operations import alarms, diagnosis, series, system, viewing
from mingjing.operations.dependencies import Operations
from mingjing.operations.errors import ALARM_TAKEN, STREAM_MISSING
from mingjing.operations.filters.api import router as filters
from mingjing.operations.schema import (
    AlarmOut,
    Resolution,
    Series,
    SystemOut,
    TicketOut,
    TicketProblem,
    Tickets,
    TicketsWish,
)
from mingjing.operations.walls.api import router as walls
from mingjing.recording.dependencies import Recording
from mingjing.registry.dependencies import Site
from mingjing.registry.schema import DiagnosisOut

router = APIRouter(tags=["operations"])
router.include_router(walls)
router.include_router(filters)

Diagnosing = Annotated[Caller, requires(Action.DIAGNOSE)]
SystemReader = Annotated[Caller, requires(Action.SYSTEM_READ)]
AlarmReader = Annotated[Caller, requires(Action.ALARM_READ)]
AlarmHandler = Annotated[Caller, requires(Action.ALARM_HANDLE)]
Kind = Annotated[Literal["main", "sub"], Query()]


@router.post("/tickets", summary="Tickets to watch or play, one a wish; each is used once within 60 s")
def tickets(
    request: Request,
    store: Store,
    site: Operations,
    caller: Annotated[Caller, requires(Action.OWN)],
    wish: TicketsWish,
) -> Tickets:
    """Each wish is judged by the right that it needs (`video.live`, `video.playback`) where its camera stands."""
    answers: list[TicketOut | TicketProblem] = []
    bases = viewing.Bases(portal(request).media_base(request), portal(request).rtsp_base(request))
    with store.transaction() as tx:
        for one in wish.wishes:
            try:
                answers.append(viewing.ticket(tx, caller, one, site, bases))
            except MingjingError as problem:
                answers.append(_problem(problem))
    return Tickets(tickets=answers)


@router.get("/cameras/{channel}/diagnosis", summary="Which leg of a running stream failed, and what to do")
def get_diagnosis(
    store: Store, site: Site, caller: Diagnosing, channel: ChannelId, stream: Kind = "main"
) -> DiagnosisOut:
    with store.reading() as session:
        return diagnosis.live(session, caller.scope(Action.DIAGNOSE), channel, stream, site)


@router.post(
    "/cameras/{channel}/diagnosis",
    openapi_extra=fails(STREAM_MISSING),
    summary="Try a camera anew, leg by leg",
)
def run_diagnosis(
    store: Store, site: Site, caller: Diagnosing, channel: ChannelId, stream: Kind = "main"
) -> DiagnosisOut:
    return diagnosis.run_now(store, caller.actor, caller.scope(Action.DIAGNOSE), channel, stream, site)


@router.get("/alarms", summary="Alarms in one's scope, newest first")
def list_alarms(
    store: Store,
    caller: AlarmReader,
    state: Literal["open", "new", "claimed", "resolved"] | None = None,
    limit: Annotated[Limit, Query()] = 50,
    after: Annotated[After, Query()] = None,
) -> PageBody[AlarmOut]:
    with store.reading() as session:
        page = alarms.alarms(session, caller.scope(Action.ALARM_READ), state, limit, after)
    return PageBody(items=list(page.items), total=page.total, next=page.next)


@router.post("/alarms/{alarm}/claim", openapi_extra=fails(ALARM_TAKEN), summary="Take an alarm")
def claim_alarm(store: Store, caller: AlarmHandler, alarm: AlarmId) -> AlarmOut:
    with store.transaction() as tx:
        return alarms.claim(tx, caller, caller.scope(Action.ALARM_HANDLE), alarm)


@router.post(
    "/alarms/{alarm}/resolve", openapi_extra=fails(ALARM_TAKEN), summary="Close an alarm with its outcome"
)
def resolve_alarm(store: Store, caller: AlarmHandler, alarm: AlarmId, result: Resolution) -> AlarmOut:
    with store.transaction() as tx:
        return alarms.resolve(tx, caller.actor, caller.scope(Action.ALARM_HANDLE), alarm, result)


@router.get("/system", summary="Streams, viewers, disks, process: the state of the whole")
def get_system(store: Store, site: Operations, recording: Recording, _: SystemReader) -> SystemOut:
    with store.reading() as session:
        return system.state(session, recording, site.series, store.clock.now_us())


@router.get("/system/series", summary="A metric over time; hourly means beyond the last hours")
def get_series(
    store: Store,
    site: Operations,
    _: SystemReader,
    metric: Annotated[str, Query(max_length=32, examples=["cpu"])],
    from_us: Annotated[int, Query(ge=0, examples=[EXAMPLE_US])],
    until_us: Annotated[int, Query(ge=0, examples=[EXAMPLE_US + 3_600_000_000])],
) -> Series:
    with store.reading() as session:
        found = series.points(session, site.series, metric, from_us, until_us)
    return Series(metric=metric, points=found)


def _problem(problem: MingjingError) -> TicketProblem:
    kind = problem.kind
    return TicketProblem(
        status=kind.status, code=kind.code, title=kind.title.zh, title_en=kind.title.en,
        detail=problem.detail.zh, detail_en=problem.detail.en, remedy=problem.remedy.zh, remedy_en=problem.remedy.en,
    )  # fmt: skip
