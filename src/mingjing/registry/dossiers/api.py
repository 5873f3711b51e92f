"""Routes of dossiers."""

from typing import Annotated

from fastapi import APIRouter, Response
from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request

from mingjing.audit.history import changes
from mingjing.audit.schema import RecordChange
from mingjing.audit.service import Object, record
from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.kernel.db import Transaction
from mingjing.kernel.dependencies import Files
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.wire import ChannelId, fails, sends
from mingjing.law.days import day_of
from mingjing.registry.dependencies import Site
from mingjing.registry.dossiers import pictures, queries, service
from mingjing.registry.dossiers.errors import (
    CHECK_IN_FUTURE,
    CODE_DIVISION,
    CODE_FORM,
    CODE_TAKEN,
    MOVE_REASON,
    NO_VIEW,
    PICTURE_LOST,
    PICTURE_TOO_LARGE,
    PICTURE_UNREADABLE,
)
from mingjing.registry.dossiers.members import MEMBERS
from mingjing.registry.dossiers.model import DossierRow
from mingjing.registry.dossiers.present import present
from mingjing.registry.dossiers.schema import Dossier, DossierPatch, MemberOut, SignCheck, SignCheckWish
from mingjing.registry.forbidden.errors import CONSENT_MISSING, FORBIDDEN_HERE
from mingjing.registry.places.errors import HALF_POINT, PLACE_ENDED
from mingjing.registry.queries import camera
from mingjing.registry.site import CameraSite
from mingjing.registry.systems.errors import SYSTEM_ENDED

router = APIRouter(tags=["cameras"])
Reader = Annotated[Caller, requires(Action.REGISTER_READ)]
Writer = Annotated[Caller, requires(Action.REGISTER_WRITE)]
Viewer = Annotated[Caller, requires(Action.SNAPSHOT)]
JPEG = "image/jpeg"
_PICTURE_BODY = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in (JPEG, "image/png")},
    }
}


@router.get("/dossier-members", summary="The members of a dossier: names, groups, kinds, which are mandatory")
def dossier_members(_: Reader) -> list[MemberOut]:
    return [MemberOut.model_validate(one) for one in MEMBERS]


@router.get("/cameras/{channel}/dossier", summary="The dossier of a camera")
def get_dossier(store: Store, site: Site, caller: Reader, channel: ChannelId) -> Dossier:
    with store.reading() as session:
        scope = caller.scope(Action.REGISTER_READ)
        row = queries.dossier(session, scope, channel)
        found = camera(session, scope, channel, removed=True)
        return present(session, site, found, row, day_of(store.clock.now_us()))


@router.patch(
    "/cameras/{channel}/dossier",
    openapi_extra=fails(
        CODE_FORM,
        CODE_DIVISION,
        CODE_TAKEN,
        HALF_POINT,
        MOVE_REASON,
        CHECK_IN_FUTURE,
        FORBIDDEN_HERE,
        CONSENT_MISSING,
        SYSTEM_ENDED,
        PLACE_ENDED,
    ),
    summary="Change the dossier of a camera",
)
def change_dossier(
    store: Store, site: Site, caller: Writer, channel: ChannelId, patch: DossierPatch
) -> Dossier:
    with store.transaction() as tx:
        row = service.change(tx, caller.actor, caller.scope(Action.REGISTER_WRITE), channel, patch)
        return _present(tx, site, caller, row)


@router.get("/cameras/{channel}/dossier/changes", summary="What was changed in a dossier, newest first")
def dossier_changes(store: Store, caller: Reader, channel: ChannelId) -> list[RecordChange]:
    with store.reading() as session:
        queries.dossier(session, caller.scope(Action.REGISTER_READ), channel)
        return [RecordChange.model_validate(row) for row in changes(session, service.KIND, channel)]


@router.get("/cameras/{channel}/sign/checks", summary="Checks of a camera's sign, newest first")
def sign_checks(store: Store, caller: Reader, channel: ChannelId) -> list[SignCheck]:
    with store.reading() as session:
        queries.dossier(session, caller.scope(Action.REGISTER_READ), channel)
        return [SignCheck.model_validate(row) for row in queries.sign_checks(session, channel)]


@router.post(
    "/cameras/{channel}/sign/checks",
    openapi_extra=fails(CHECK_IN_FUTURE),
    status_code=201,
    summary="Register a check of a camera's sign on the spot",
)
def check_sign(store: Store, site: Site, caller: Writer, channel: ChannelId, wish: SignCheckWish) -> Dossier:
    with store.transaction() as tx:
        row = service.check_sign(tx, caller.actor, caller.scope(Action.REGISTER_WRITE), channel, wish)
        return _present(tx, site, caller, row)


@router.get(
    "/cameras/{channel}/sign/photo",
    openapi_extra=fails(PICTURE_LOST),
    response_class=Response,
    responses=sends(JPEG),
    summary="The photo of a camera's sign",
)
def sign_photo(store: Store, files: Files, caller: Reader, channel: ChannelId) -> Response:
    with store.reading() as session:
        row = queries.dossier(session, caller.scope(Action.REGISTER_READ), channel)
        digest = queries.picture(session, row.sign_photo).sha256
    return _jpeg(pictures.read(files, digest))


@router.put(
    "/cameras/{channel}/sign/photo",
    openapi_extra=_PICTURE_BODY | fails(PICTURE_TOO_LARGE, PICTURE_UNREADABLE),
    summary="Keep a photo of a camera's sign",
)
async def keep_sign_photo(
    request: Request, store: Store, site: Site, files: Files, caller: Writer, channel: ChannelId
) -> Dossier:
    content = await _uploaded(request)

    def work() -> Dossier:
        scope = caller.scope(Action.REGISTER_WRITE)
        with store.reading() as session:
            camera(session, scope, channel)
        picture = pictures.uploaded(content)
        digest = files.keep(picture)
        with store.transaction() as tx:
            row = service.keep_sign_photo(tx, caller.actor, scope, channel, digest, len(picture))
            return _present(tx, site, caller, row)

    return await run_in_threadpool(work)


@router.get(
    "/cameras/{channel}/baseline",
    openapi_extra=fails(PICTURE_LOST),
    response_class=Response,
    responses=sends(JPEG),
    summary="The picture of a camera's view as it shall be",
)
def baseline(store: Store, files: Files, caller: Viewer, channel: ChannelId) -> Response:
    with store.transaction() as tx:
        row = queries.dossier(tx.session, caller.scope(Action.SNAPSHOT), channel)
        kept = queries.picture(tx.session, row.baseline)
        record(tx, caller.actor, "snapshot.take", Object("camera", channel), {"baseline": kept.id})
    return _jpeg(pictures.read(files, kept.sha256))


@router.post(
    "/cameras/{channel}/baseline",
    openapi_extra=fails(NO_VIEW),
    status_code=201,
    summary="Keep what a camera sees now as its view as it shall be",
)
def keep_baseline(store: Store, site: Site, files: Files, caller: Viewer, channel: ChannelId) -> Dossier:
    scope = caller.scope(Action.REGISTER_WRITE)
    with store.reading() as session:
        camera(session, caller.scope(Action.SNAPSHOT), channel)
        camera(session, scope, channel)
    picture = pictures.view(site.node.latest_key_frame(f"{channel}.main"))
    digest = files.keep(picture)
    with store.transaction() as tx:
        row = service.keep_baseline(tx, caller.actor, scope, channel, digest, len(picture))
        return _present(tx, site, caller, row)


def _present(tx: Transaction, site: CameraSite, caller: Caller, row: DossierRow) -> Dossier:
    found = camera(tx.session, caller.scope(Action.REGISTER_WRITE), row.camera)
    return present(tx.session, site, found, row, day_of(tx.now_us()))


async def _uploaded(request: Request) -> bytes:
    """The body, bounded. Raises DOS-005."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > pictures.UPLOAD_MOST_BYTES:
            raise MingjingError(PICTURE_TOO_LARGE, most=pictures.UPLOAD_MOST_BYTES // 1024 // 1024)
    return bytes(content)


def _jpeg(content: bytes) -> Response:
    return Response(content, media_type=JPEG, headers={"Cache-Control": "no-store"})
