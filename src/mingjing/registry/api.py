"""Routes of the register: cameras, tree, probe, tables in and out."""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import AfterValidator, Field
from starlette.requests import Request

from mingjing.audit.history import changes
from mingjing.audit.schema import RecordChange
from mingjing.devices.rtsp.patterns import PATTERNS
from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.identity.errors import ORGANISATION_UNKNOWN
from mingjing.kernel.db import Database
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.kernel.paging import After, Limit, PageBody
from mingjing.kernel.text import line
from mingjing.kernel.wire import ChannelId, fails, sends
from mingjing.registry import imports, queries, service, table, tree
from mingjing.registry.dependencies import Site
from mingjing.registry.dossiers import api as dossiers_api
from mingjing.registry.dossiers import paper_api
from mingjing.registry.errors import (
    AREA_BAD,
    CAMERA_ADDRESS,
    CAMERA_EXISTS,
    IMPORT_NOT_READY,
    IMPORTS_MANY,
    MAIN_STREAM_MISSING,
    PASSWORD_FOR_NEW_HOST,
    PROBE_IMPOSSIBLE,
    TABLE_UNREADABLE,
)
from mingjing.registry.forbidden import api as forbidden_api
from mingjing.registry.imports import Job
from mingjing.registry.map.area import Area, standing_in
from mingjing.registry.model import TableImportRow
from mingjing.registry.places import api as places_api
from mingjing.registry.present import present
from mingjing.registry.probe import probe
from mingjing.registry.schema import (
    Camera,
    CameraPatch,
    CameraWish,
    ImportJob,
    ImportReport,
    ProbeOut,
    ProbeWish,
    TreeItem,
    UrlPatternOut,
    WriteMode,
)
from mingjing.registry.site import CameraSite
from mingjing.registry.systems import api as systems_api
from mingjing.territory.errors import DIVISION_UNKNOWN
from mingjing.territory.queries import path_of

router = APIRouter()
cameras_router = APIRouter(tags=["cameras"])
PLACE_REFUSED = (DIVISION_UNKNOWN, ORGANISATION_UNKNOWN)
PLAN_REFUSED = ("REC-001", "REC-005")
"""Said by recording, which hears of cameras that want a plan."""

Reader = Annotated[Caller, requires(Action.CAMERA_READ)]
Writer = Annotated[Caller, requires(Action.CAMERA_WRITE)]
Importer = Annotated[Caller, requires(Action.CAMERA_IMPORT)]
Search = Annotated[
    str, Query(max_length=100, examples=["shiyan"], description="Name, pinyin, initials, id or address")
]
Under = Annotated[str | None, Query(max_length=12, examples=["420115"], description="Division code")]
Lacking = Annotated[
    Literal["sign", "dossier", "system"] | None,
    Query(
        examples=["sign"], description="A sign in order, a mandatory member of the dossier, a video system"
    ),
]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ImportId = Annotated[str, Field(examples=["im_k2x9p4q7m1aa"])]
UPLOAD_MOST_BYTES = 20 * 1024 * 1024


class Tree(PageBody[TreeItem]):
    """One level of the tree, or what a search found."""


@cameras_router.get(
    "/tree",
    openapi_extra=fails(DIVISION_UNKNOWN),
    summary="One level of the camera tree, or cameras that a text finds",
)
def get_tree(
    store: Store,
    site: Site,
    caller: Reader,
    under: Annotated[str, Query(max_length=60, examples=["420100"])] = "",
    q: Search = "",
) -> Tree:
    with store.reading() as session:
        scope = caller.scope(Action.CAMERA_READ)
        items = tree.search(session, scope, site, q) if q.strip() else tree.below(session, scope, site, under)
    return Tree(items=items, total=len(items))


@cameras_router.get(
    "/cameras", openapi_extra=fails(DIVISION_UNKNOWN, AREA_BAD), summary="Cameras in one's scope, by name"
)
def list_cameras(
    store: Store,
    site: Site,
    caller: Reader,
    q: Search = "",
    under: Under = None,
    organisation: Annotated[str | None, Query(max_length=32, examples=["or_k2x9p4q7m1aa"])] = None,
    enabled: Annotated[bool | None, Query(examples=[True])] = None,
    lacking: Lacking = None,
    area: Area = None,
    limit: Annotated[Limit, Query()] = 50,
    after: Annotated[After, Query()] = None,
) -> PageBody[Camera]:
    with store.reading() as session:
        wanted = queries.CameraFilter(
            under=path_of(session, under) if under else "",
            organisation=organisation,
            text=q,
            enabled=enabled,
            lacking=lacking,
            among=standing_in(area),
        )
        page = queries.cameras(session, caller.scope(Action.CAMERA_READ), wanted, limit, after)
        items = present(site, page.items)
    return PageBody(items=items, total=page.total, next=page.next)


@cameras_router.post(
    "/cameras",
    openapi_extra=fails(
        CAMERA_ADDRESS, CAMERA_EXISTS, MAIN_STREAM_MISSING, NOT_FOUND, *PLACE_REFUSED, *PLAN_REFUSED
    ),
    status_code=201,
    summary="Register a camera",
)
def register_camera(store: Store, site: Site, caller: Writer, wish: CameraWish) -> Camera:
    with store.transaction() as tx:
        made = service.register(tx, caller.actor, caller.scope(Action.CAMERA_WRITE), wish, site)
    return present(site, [made])[0]


@cameras_router.post(
    "/cameras/probe",
    openapi_extra=fails(CAMERA_ADDRESS, PROBE_IMPOSSIBLE, PASSWORD_FOR_NEW_HOST, NOT_FOUND),
    summary="Try an address leg by leg, without registering it",
)
def probe_camera(store: Store, site: Site, caller: Writer, wish: ProbeWish) -> ProbeOut:
    return probe(store, caller.actor, caller.scope(Action.CAMERA_WRITE), wish, site)


@cameras_router.get("/cameras/url-patterns", summary="How vendors write their RTSP paths")
def url_patterns(_: Reader) -> list[UrlPatternOut]:
    return [
        UrlPatternOut(
            vendor=item.vendor.zh, vendor_en=item.vendor.en, main=item.main, sub=item.sub, note=item.note.zh,
            note_en=item.note.en,
        )
        for item in PATTERNS
    ]  # fmt: skip


_TABLE_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            XLSX: {"schema": {"type": "string", "format": "binary"}},
            "text/csv": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


async def _uploaded(request: Request) -> bytes:
    """The body, bounded. Raises CAM-010."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > UPLOAD_MOST_BYTES:
            raise table.too_large(UPLOAD_MOST_BYTES)
    return bytes(content)


@cameras_router.post(
    "/cameras/import/faults",
    summary="The rows that an import would refuse, as a table that says why",
    response_class=Response,
    responses=sends(XLSX),
    openapi_extra=_TABLE_BODY | fails(TABLE_UNREADABLE),
)
async def faulty_rows(request: Request, store: Store, site: Site, caller: Importer) -> Response:
    content = await _uploaded(request)
    scope = caller.scope(Action.CAMERA_WRITE)
    register = caller.scope(Action.REGISTER_WRITE)
    found = await run_in_threadpool(table.faults, store, caller.actor, scope, content, site, register)
    return _file(found, "cameras-to-mend.xlsx", XLSX)


@cameras_router.post(
    "/cameras/import",
    summary="Enter cameras from a table, or say what would happen",
    openapi_extra=_TABLE_BODY | fails(TABLE_UNREADABLE, *PLAN_REFUSED),
)
async def import_cameras(
    request: Request,
    store: Store,
    site: Site,
    caller: Importer,
    dry_run: bool = True,
    mode: WriteMode = "all",
) -> ImportReport:
    content = await _uploaded(request)

    def work() -> ImportReport:
        scope, register = caller.scope(Action.CAMERA_WRITE), caller.scope(Action.REGISTER_WRITE)
        return table.bring_in(
            store, caller.actor, scope, content, site, dry_run=dry_run, mode=mode, register=register
        )

    return await run_in_threadpool(work)


@cameras_router.post(
    "/cameras/imports",
    summary="Take a table of cameras in and look at it in the background",
    openapi_extra=_TABLE_BODY | fails(TABLE_UNREADABLE, IMPORTS_MANY),
    status_code=202,
)
async def order_import(
    request: Request,
    store: Store,
    site: Site,
    caller: Importer,
    file: Annotated[str, Query(max_length=200, examples=["摄像机.xlsx"]), AfterValidator(line)] = "",
) -> ImportJob:
    content = await _uploaded(request)
    look = _brings(store, site, caller, dry_run=True)
    return _job(await run_in_threadpool(site.imports.order, store, caller, file, content, look))


@cameras_router.get("/cameras/imports", summary="One's own tables, the newest first, and what became of them")
def list_imports(store: Store, caller: Importer) -> list[ImportJob]:
    with store.reading() as session:
        return [_noted(row, told=False) for row in imports.listed(session, caller)]


@cameras_router.get("/cameras/imports/{job}", summary="How far one's table is, and what was found in it")
def get_import(store: Store, site: Site, caller: Importer, job: ImportId) -> ImportJob:
    found = site.imports.job(caller, job)
    if found is not None:
        return _job(found)
    with store.reading() as session:
        return _noted(imports.own(session, caller, job), told=True)


@cameras_router.post(
    "/cameras/imports/{job}/writing",
    summary="Write a table that was looked at, all of it or only the good rows",
    openapi_extra=fails(IMPORT_NOT_READY),
    status_code=202,
)
def write_import(
    store: Store, site: Site, caller: Importer, job: ImportId, mode: WriteMode = "all"
) -> ImportJob:
    act = _brings(store, site, caller, dry_run=False, mode=mode)
    return _job(site.imports.write(store, caller, job, mode, act))


@cameras_router.get(
    "/cameras/imports/{job}/faults.xlsx",
    summary="The refused rows of one's table, as a table that says why",
    response_class=Response,
    responses=sends(XLSX),
    openapi_extra=fails(IMPORT_NOT_READY),
)
def import_faults(store: Store, site: Site, caller: Importer, job: ImportId) -> Response:
    found = site.imports.job(caller, job)
    if found is None or found.report is None:
        with store.reading() as session:
            state = found.state if found else imports.own(session, caller, job).state
        raise MingjingError(IMPORT_NOT_READY, state=state)
    return _file(table.marked(found.content, found.report), "cameras-to-mend.xlsx", XLSX)


def _brings(
    store: Database, site: CameraSite, caller: Caller, *, dry_run: bool, mode: WriteMode = "good"
) -> Callable[[Job], ImportReport]:
    scope, register = caller.scope(Action.CAMERA_WRITE), caller.scope(Action.REGISTER_WRITE)
    return lambda job: table.bring_in(
        store,
        caller.actor,
        scope,
        job.content,
        site,
        dry_run=dry_run,
        mode=mode,
        register=register,
        told=job.told,
        kept=job.kept,
    )


def _job(job: Job) -> ImportJob:
    """A table that is in memory."""
    return ImportJob.model_validate(
        {
            "id": job.id, "file": job.file, "begun_us": job.begun_us, "mode": job.mode, "state": job.state, "held": True,
            "step": job.step, "done": job.done, "total": job.total, "counts": job.counts,
            "rows": imports.refused(job.report), "problem": job.problem.zh if job.problem else None,
            "problem_en": job.problem.en if job.problem else None,
        }
    )  # fmt: skip


def _noted(row: TableImportRow, *, told: bool) -> ImportJob:
    """A table as the database knows it; its refused rows are told of one, not of a list."""
    total = row.counts["rows"] if row.counts else 0
    return ImportJob.model_validate(
        {
            "id": row.id, "file": row.file, "begun_us": row.begun_us, "mode": row.mode or None, "state": row.state, "held": False,
            "step": "judging" if row.state == "done" else "checking", "done": total, "total": total,
            "counts": row.counts, "rows": row.errors if told else [], "problem": row.problem or None,
            "problem_en": row.problem_en or None,
        }
    )  # fmt: skip


@cameras_router.get(
    "/cameras/export",
    summary="Cameras as a table",
    response_class=Response,
    responses=sends(XLSX, "text/csv"),
    openapi_extra=fails(DIVISION_UNKNOWN, AREA_BAD),
)
def export_cameras(
    store: Store,
    caller: Reader,
    form: Literal["xlsx", "csv"] = "xlsx",
    q: Search = "",
    under: Under = None,
    organisation: Annotated[str | None, Query(max_length=32, examples=["or_k2x9p4q7m1aa"])] = None,
    enabled: Annotated[bool | None, Query(examples=[True])] = None,
    lacking: Lacking = None,
    area: Area = None,
) -> Response:
    with store.transaction() as tx:
        wanted = queries.CameraFilter(
            under=path_of(tx.session, under) if under else "",
            organisation=organisation,
            text=q,
            enabled=enabled,
            lacking=lacking,
            among=standing_in(area),
        )
        scope, register = caller.scope(Action.CAMERA_READ), caller.scope(Action.REGISTER_READ)
        content = table.take_out(tx, caller.actor, scope, form, wanted, register, area)
    return _file(content, f"cameras.{form}", XLSX if form == "xlsx" else "text/csv; charset=utf-8")


@cameras_router.get(
    "/cameras/template.xlsx",
    summary="An empty table with drop-downs",
    response_class=Response,
    responses=sends(XLSX),
)
def camera_template(_: Importer) -> Response:
    return _file(table.template(), "cameras-template.xlsx", XLSX)


@cameras_router.get("/cameras/{channel}", summary="One camera")
def get_camera(store: Store, site: Site, caller: Reader, channel: ChannelId) -> Camera:
    with store.reading() as session:
        found = queries.camera(session, caller.scope(Action.CAMERA_READ), channel)
        return present(site, [found])[0]


@cameras_router.patch(
    "/cameras/{channel}",
    openapi_extra=fails(
        CAMERA_ADDRESS,
        PASSWORD_FOR_NEW_HOST,
        CAMERA_EXISTS,
        MAIN_STREAM_MISSING,
        *PLACE_REFUSED,
        *PLAN_REFUSED,
    ),
    summary="Change a camera",
)
def change_camera(store: Store, site: Site, caller: Writer, channel: ChannelId, patch: CameraPatch) -> Camera:
    with store.transaction() as tx:
        made = service.change(tx, caller.actor, caller.scope(Action.CAMERA_WRITE), channel, patch, site)
    return present(site, [made])[0]


@cameras_router.delete("/cameras/{channel}", status_code=204, summary="Take a camera out of the register")
def remove_camera(
    store: Store,
    caller: Writer,
    channel: ChannelId,
    recordings: Annotated[
        Literal["keep", "expire"],
        Query(description="Keep until the retention ends, or expire at the legal floor"),
    ],
    reason: Annotated[str, Query(min_length=1, max_length=300, examples=["摄像机已拆除"])],
) -> None:
    with store.transaction() as tx:
        service.remove(tx, caller.actor, caller.scope(Action.CAMERA_WRITE), channel, recordings, reason)


@cameras_router.get("/cameras/{channel}/changes", summary="What was changed on a camera, newest first")
def camera_changes(store: Store, caller: Reader, channel: ChannelId) -> list[RecordChange]:
    with store.reading() as session:
        queries.camera(session, caller.scope(Action.CAMERA_READ), channel, removed=True)
        return [RecordChange.model_validate(row) for row in changes(session, service.KIND, channel)]


router.include_router(cameras_router)
router.include_router(dossiers_api.router)
router.include_router(paper_api.router)
router.include_router(forbidden_api.router)
router.include_router(places_api.router)
router.include_router(systems_api.router)


def _file(content: bytes, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
