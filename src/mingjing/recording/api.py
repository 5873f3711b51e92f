"""Routes of recording: timelines, completeness, plans, storage, snapshots, exports."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import FileResponse
from pydantic import AfterValidator
from sqlalchemy import func, select

from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.kernel.errors import NOT_FOUND
from mingjing.kernel.paging import After, Limit, PageBody
from mingjing.kernel.wire import EXAMPLE_US, ChannelId, ExportId, PlanId, fails, sends
from mingjing.recording import archive, clips, exports, importing, pictures, plans, queries
from mingjing.recording.capacity import arithmetic
from mingjing.recording.dependencies import Recording
from mingjing.recording.errors import (
    DECODER_FAILED,
    EXPORT_LIMIT,
    EXPORT_MIXED,
    EXPORT_NOT_READY,
    IMPORT_CODEC,
    IMPORT_ENCRYPTED,
    IMPORT_FAILED,
    IMPORT_IN_FUTURE,
    IMPORT_NO_PICTURE,
    IMPORT_OVERLAPS,
    IMPORT_UNREADABLE,
    NO_PICTURE,
    NOTHING_RECORDED,
    PLAN_BELOW_FLOOR,
    PLAN_IN_USE,
    PLAN_IS_DEFAULT,
    PLAN_MALFORMED,
    PLAN_TOO_LARGE,
    PLAN_UNKNOWN,
    RANGE_BAD,
)
from mingjing.recording.intervals import Interval
from mingjing.recording.model import ClockMark, Deletion
from mingjing.recording.rules import DAY_US, day_text, parse_day
from mingjing.recording.schema import (
    ClockOut,
    ClockWord,
    Completeness,
    DeletionOut,
    Estimate,
    EstimateWish,
    ExportOut,
    ExportWish,
    ForecastOut,
    GapOut,
    HeatRow,
    Imported,
    ImportWish,
    Now,
    PlanOut,
    PlanPatch,
    PlanWish,
    PoolOut,
    SegmentOut,
    Storage,
    Timeline,
)
from mingjing.recording.timeline import lanes
from mingjing.recording.trusted_clock import clock_state, confirm_clock

router = APIRouter(tags=["recordings"])

Reader = Annotated[Caller, requires(Action.RECORDING_READ)]
PlanReader = Annotated[Caller, requires(Action.PLAN_READ)]
PlanWriter = Annotated[Caller, requires(Action.PLAN_WRITE)]
Exporting = Annotated[Caller, requires(Action.EXPORT, unproved="it orders no export")]
Ordering = Annotated[Caller, requires(Action.EXPORT, step_up=True)]
Channels = Annotated[
    str,
    Query(
        max_length=1000,
        examples=["ch_k2x9p4q7m1aa"],
        description="Channel ids, separated by commas, at most 32",
    ),
]


def _in_the_calendar(day: str) -> str:
    if not "1970" <= day[:4] <= "2099":
        raise ValueError("a day of the years 1970 to 2099")
    parse_day(day)
    return day


Day = Annotated[
    Annotated[str, AfterValidator(_in_the_calendar)] | None,
    Query(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        examples=["2026-11-25"],
        description="Beijing day; default: yesterday",
    ),
]
Us = Annotated[int, Query(ge=0, le=4_102_444_800_000_000, examples=[EXAMPLE_US])]
Until = Annotated[int, Query(ge=0, le=4_102_444_800_000_000, examples=[EXAMPLE_US + 3_600_000_000])]
Kind = Annotated[Literal["main", "sub"], Query()]


def _list(text: str) -> list[str]:
    return [part for part in dict.fromkeys(text.split(",")) if part][:32]


@router.get(
    "/recordings/timeline",
    openapi_extra=fails(RANGE_BAD),
    summary="What is recorded and what is missing, by span or by step",
)
def timeline(
    store: Store, caller: Reader, channels: Channels, from_us: Us, until_us: Until, step_us: Us = 0
) -> Timeline:
    window = queries.window_of(from_us, until_us)
    with store.reading() as session:
        scope = caller.scope(Action.RECORDING_READ)
        found = lanes(session, scope, _list(channels), window, step_us, store.clock.now_us())
    return Timeline(from_us=from_us, until_us=until_us, step_us=step_us, lanes=found)


class Segments(PageBody[SegmentOut]):
    """Segments of a window, oldest first."""


@router.get(
    "/recordings/segments",
    openapi_extra=fails(RANGE_BAD),
    summary="Segments that overlap a window, oldest first",
)
def segments(
    store: Store, caller: Reader, channel: ChannelId, from_us: Us, until_us: Until, stream: Kind = "main"
) -> Segments:
    window = queries.window_of(from_us, until_us)
    with store.reading() as session:
        scope = caller.scope(Action.RECORDING_READ)
        items = queries.segments(session, scope, channel, stream, window, 5000)
    return Segments(items=items, total=len(items))


class Gaps(PageBody[GapOut]):
    """Gaps, newest first."""


@router.get(
    "/recordings/gaps", openapi_extra=fails(RANGE_BAD), summary="Gaps with their reasons, newest first"
)
def gaps(
    store: Store,
    caller: Reader,
    from_us: Us,
    until_us: Until,
    channels: Channels = "",
    reason: Annotated[str | None, Query(max_length=24, examples=["unreachable"])] = None,
    limit: Annotated[Limit, Query()] = 200,
) -> Gaps:
    window = queries.window_of(from_us, until_us)
    with store.reading() as session:
        scope = caller.scope(Action.RECORDING_READ)
        items = queries.gaps(session, scope, _list(channels) or None, window, reason, limit)
    return Gaps(items=items, total=len(items))


@router.get("/recordings/completeness", summary="Is everything being kept? One day, worst camera first")
def completeness(store: Store, caller: Reader, day: Day = None) -> Completeness:
    now = store.clock.now_us()
    with store.reading() as session:
        chosen = parse_day(day or day_text(now - DAY_US))
        return queries.completeness(session, caller.scope(Action.RECORDING_READ), chosen, now)


@router.get("/recordings/days", summary="Completeness of every camera over the last days, a cell a day")
def days(
    store: Store, caller: Reader, day: Day = None, count: Annotated[int, Query(ge=1, le=90)] = 30
) -> list[HeatRow]:
    now = store.clock.now_us()
    with store.reading() as session:
        chosen = parse_day(day or day_text(now))
        return queries.heat(session, caller.scope(Action.RECORDING_READ), chosen, count, now)


@router.get("/recordings/now", summary="Cameras that are due and not being kept at this moment")
def recording_now(store: Store, site: Recording, caller: Reader) -> Now:
    now = store.clock.now_us()
    recording = {stream.partition(".")[0] for stream, found in site.stats().items() if found.recording}
    with store.reading() as session:
        assigned = plans.due_by_channel(session)
        due = {channel for channel, (_, due, _) in assigned.items() if due.within(Interval(now, now + 1))}
        return queries.not_kept_now(session, caller.scope(Action.RECORDING_READ), recording, due)


@router.post(
    "/recordings/import",
    openapi_extra=fails(
        IMPORT_FAILED,
        IMPORT_UNREADABLE,
        IMPORT_NO_PICTURE,
        IMPORT_CODEC,
        IMPORT_ENCRYPTED,
        IMPORT_OVERLAPS,
        IMPORT_IN_FUTURE,
        NOT_FOUND,
    ),
    status_code=201,
    summary="Bring in a file from the inbox on the server's disk",
)
def import_recording(
    store: Store,
    site: Recording,
    caller: Annotated[Caller, requires(Action.RECORDING_IMPORT, persons_only=True)],
    wish: ImportWish,
) -> Imported:
    inside = wish.model_copy(update={"path": str(importing.in_inbox(site, wish.path))})
    return importing.bring_in(store, caller.actor, caller.scope(Action.RECORDING_IMPORT), inside, site)


@router.get("/plans", summary="Recording plans")
def list_plans(store: Store, _: PlanReader) -> list[PlanOut]:
    with store.reading() as session:
        return plans.plans(session)


@router.post(
    "/plans", openapi_extra=fails(PLAN_BELOW_FLOOR, PLAN_MALFORMED), status_code=201, summary="Make a plan"
)
def create_plan(store: Store, caller: PlanWriter, wish: PlanWish) -> PlanOut:
    with store.transaction() as tx:
        return plans.create(tx, caller.actor, wish)


@router.patch(
    "/plans/{plan}",
    openapi_extra=fails(PLAN_TOO_LARGE, PLAN_BELOW_FLOOR, PLAN_MALFORMED),
    summary="Change a plan; refused with the arithmetic where the disks cannot hold it",
)
def change_plan(store: Store, site: Recording, caller: PlanWriter, plan: PlanId, patch: PlanPatch) -> PlanOut:
    with store.transaction() as tx:
        return plans.change(tx, caller.actor, plan, patch, site)


@router.delete(
    "/plans/{plan}",
    openapi_extra=fails(PLAN_IN_USE, PLAN_UNKNOWN, PLAN_IS_DEFAULT, PLAN_TOO_LARGE),
    status_code=204,
    summary="Remove a plan; cameras that follow it follow `instead`",
)
def remove_plan(
    store: Store, site: Recording, caller: PlanWriter, plan: PlanId, instead: PlanId | None = None
) -> None:
    with store.transaction() as tx:
        plans.remove(tx, caller.actor, plan, instead, site)


@router.get("/storage", summary="Pools, forecast with its arithmetic, and whether deletion goes on")
def storage(store: Store, site: Recording, _: Annotated[Caller, requires(Action.STORAGE_READ)]) -> Storage:
    with store.reading() as session:
        pools = plans.measured_pools(session, site)
        found = plans.present_forecast(session, site)
        mark = session.get(ClockMark, 1)
        counted = {
            row[0]: row[1]
            for row in session.execute(select(Deletion.state, func.count()).group_by(Deletion.state))
        }
    zh, en = arithmetic(found)
    return Storage(
        pools=[
            PoolOut(
                id=pool.id, total_bytes=pool.total_bytes, free_bytes=pool.free_bytes,
                recordings_bytes=pool.recordings_bytes, usable_bytes=pool.usable_bytes,
                state=archive.pool_state(pool),
            )
            for pool in pools
        ],
        forecast=ForecastOut(
            streams=found.streams, unmeasured=found.unmeasured, bytes_a_day=found.bytes_a_day,
            needed_bytes=found.needed_bytes, usable_bytes=found.usable_bytes,
            days_until_full=found.days_until_full, days_held=found.days_held, holds=found.holds,
            arithmetic=zh, arithmetic_en=en,
        ),
        deletion=DeletionOut(
            paused=mark is not None and mark.paused_since_us is not None,
            doubts=list(mark.doubts.get("grounds", [])) if mark else [],
            paused_since_us=mark.paused_since_us if mark else None,
            done=counted.get("done", 0), pending=sum(counted.values()) - counted.get("done", 0),
        ),
    )  # fmt: skip


@router.get("/storage/clock", summary="The clock that deletion rests on, and what speaks against it")
def clock(store: Store, _: Annotated[Caller, requires(Action.STORAGE_READ)]) -> ClockOut:
    with store.reading() as session:
        return ClockOut.model_validate(clock_state(session, store.clock.now_us()), from_attributes=True)


@router.post(
    "/storage/clock/confirm", summary="Say that the machine's clock is right: deletion goes on from it"
)
def confirm(
    store: Store,
    caller: Annotated[Caller, requires(Action.SYSTEM_WRITE, persons_only=True, step_up=True)],
    word: ClockWord,
) -> ClockOut:
    with store.transaction() as tx:
        return ClockOut.model_validate(confirm_clock(tx, caller.actor, word.reason), from_attributes=True)


@router.get(
    "/cameras/{channel}/snapshot",
    openapi_extra=fails(NOTHING_RECORDED, NO_PICTURE, DECODER_FAILED),
    summary="A JPEG of now or of a recorded moment",
    response_class=Response,
    responses=sends("image/jpeg"),
)
def snapshot(
    store: Store,
    site: Recording,
    caller: Annotated[Caller, requires(Action.SNAPSHOT)],
    channel: ChannelId,
    at_us: Annotated[int | None, Query(ge=0, examples=[EXAMPLE_US])] = None,
    stream: Kind = "main",
    width: Annotated[int | None, Query(ge=16, le=8192, examples=[640])] = None,
) -> Response:
    with store.transaction() as tx:
        scope = caller.scope(Action.SNAPSHOT)
        content, moment = pictures.picture(tx, caller.actor, scope, channel, stream, at_us, site)
    headers = {"Cache-Control": "no-store"}
    return Response(pictures.jpeg(content, moment, width), media_type="image/jpeg", headers=headers)


@router.post(
    "/exports/estimate",
    openapi_extra=fails(RANGE_BAD, NOT_FOUND),
    summary="What an export would hold and what it would miss",
)
def estimate_export(store: Store, caller: Exporting, wish: EstimateWish) -> Estimate:
    with store.reading() as session:
        return clips.estimate(session, caller.scope(Action.EXPORT), wish, store.clock.now_us())


@router.post(
    "/exports",
    openapi_extra=fails(RANGE_BAD, NOTHING_RECORDED, EXPORT_LIMIT, EXPORT_MIXED, NOT_FOUND),
    status_code=202,
    summary="Order clips of a range",
)
def order_export(store: Store, site: Recording, caller: Ordering, wish: ExportWish) -> ExportOut:
    with store.transaction() as tx:
        made = exports.order(tx, caller, wish)
        tx.after_commit(site.export_wanted.set)
    return made


@router.get("/exports", summary="One's own exports, newest first")
def list_exports(
    store: Store,
    caller: Exporting,
    limit: Annotated[Limit, Query()] = 50,
    after: Annotated[After, Query()] = None,
) -> PageBody[ExportOut]:
    with store.reading() as session:
        page = exports.exports(session, caller, limit, after)
    return PageBody(items=list(page.items), total=page.total, next=page.next)


@router.get("/exports/{export}", summary="One export with its progress, files and gaps")
def get_export(store: Store, caller: Exporting, export: ExportId) -> ExportOut:
    with store.reading() as session:
        return ExportOut.model_validate(exports.export(session, caller, export), from_attributes=True)


@router.delete("/exports/{export}", status_code=204, summary="Cancel an export and remove its files")
def cancel_export(store: Store, site: Recording, caller: Exporting, export: ExportId) -> None:
    with store.transaction() as tx:
        exports.cancel(tx, caller, export, site)


@router.get(
    "/exports/{export}/file",
    openapi_extra=fails(EXPORT_NOT_READY),
    summary="The file of a finished export",
    response_class=FileResponse,
    responses=sends("video/mp4"),
)
def export_file(
    store: Store,
    site: Recording,
    caller: Exporting,
    export: ExportId,
    channel: Annotated[str | None, Query(max_length=32, examples=["ch_k2x9p4q7m1aa"])] = None,
) -> FileResponse:
    with store.transaction() as tx:
        path = exports.take(tx, caller, export, channel, site)
    return FileResponse(
        path, media_type="video/mp4", filename=path.name, headers={"Cache-Control": "no-store"}
    )
