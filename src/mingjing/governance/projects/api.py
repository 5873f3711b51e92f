"""Routes of projects and their acceptance."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from mingjing.audit.history import changes
from mingjing.audit.schema import RecordChange
from mingjing.governance.projects import archive, queries, service
from mingjing.governance.projects.errors import (
    ARCHIVE_FULL,
    CHECK_UNKNOWN,
    CONCLUSION_INCOMPLETE,
    NOT_TO_HAND_OVER,
    NOT_YET,
    PROHIBITED,
    STAGES_CROSSED,
    TRIAL_REVERSED,
)
from mingjing.governance.projects.present import checklist, present, whole
from mingjing.governance.projects.schema import (
    AcceptanceChecklist,
    AcceptancePatch,
    FileDigest,
    Project,
    ProjectFile,
    ProjectPatch,
    ProjectWhole,
    ProjectWish,
)
from mingjing.governance.projects.sight import sight_of
from mingjing.governance.submission.errors import (
    DOCUMENT_ALTERED,
    DOCUMENT_TOO_LARGE,
    DOCUMENT_UNREADABLE,
)
from mingjing.governance.upload_routes import BODY, FileName, uploaded
from mingjing.governance.uploads import TAKEN, kept
from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.identity.errors import ORGANISATION_UNKNOWN
from mingjing.kernel.dependencies import Files
from mingjing.kernel.errors import NOT_FOUND
from mingjing.kernel.paging import After, Limit, PageBody
from mingjing.kernel.wire import ProjectId, fails, sends
from mingjing.law.days import day_of
from mingjing.law.facts import ProjectKind
from mingjing.paper.printing import handed
from mingjing.registry.forbidden.errors import FORBIDDEN_HERE
from mingjing.registry.places.errors import HALF_POINT
from mingjing.registry.record import Narrowed
from mingjing.territory.errors import DIVISION_UNKNOWN
from mingjing.territory.queries import path_of

router = APIRouter(tags=["projects"])
Reader = Annotated[Caller, requires(Action.PROJECT_READ)]
Builder = Annotated[Caller, requires(Action.PROJECT_WRITE)]
Person = Annotated[Caller, requires(Action.OWN)]
_REFUSED = (DIVISION_UNKNOWN, ORGANISATION_UNKNOWN, HALF_POINT, FORBIDDEN_HERE, STAGES_CROSSED, NOT_YET)


@router.get("/projects", openapi_extra=fails(DIVISION_UNKNOWN), summary="Projects in one's scope, by title")
def list_projects(
    store: Store,
    caller: Reader,
    q: Annotated[str, Query(max_length=100, examples=["shiyan"])] = "",
    under: Annotated[str | None, Query(max_length=12, examples=["420115"])] = None,
    organisation: Annotated[str | None, Query(max_length=32, examples=["or_k2x9p4q7m1aa"])] = None,
    kind: Annotated[ProjectKind | None, Query(examples=["new"])] = None,
    system: Annotated[str | None, Query(max_length=32, examples=["sy_k2x9p4q7m1aa"])] = None,
    plan_item: Annotated[str | None, Query(max_length=32, examples=["pi_k2x9p4q7m1aa"])] = None,
    conclusion: Annotated[
        Literal["none", "passed", "basically_passed", "not_passed"] | None, Query(examples=["none"])
    ] = None,
    limit: Annotated[Limit, Query()] = 50,
    after: Annotated[After, Query()] = None,
) -> PageBody[Project]:
    with store.reading() as session:
        wanted = Narrowed(path_of(session, under) if under else "", organisation, q)
        page = queries.projects(
            session, caller.scope(Action.PROJECT_READ), wanted, limit, after, kind=kind, system=system,
            plan_item=plan_item, conclusion=conclusion,
        )  # fmt: skip
        items = present(session, sight_of(caller), page.items, day_of(store.clock.now_us()))
    return PageBody(items=items, total=page.total, next=page.next)


@router.post(
    "/projects", openapi_extra=fails(NOT_FOUND, *_REFUSED), status_code=201, summary="Enter a project"
)
def enter_project(store: Store, caller: Builder, wish: ProjectWish) -> ProjectWhole:
    with store.transaction() as tx:
        sight = sight_of(caller)
        row = service.enter(tx, caller.actor, caller.scope(Action.PROJECT_WRITE), sight, wish)
        return whole(tx.session, sight, row, day_of(tx.now_us()))


@router.get(
    "/acceptance-checklist",
    summary="The technical checklist of an acceptance, and how its standards are known",
)
def get_checklist(_: Person) -> AcceptanceChecklist:
    return checklist()


@router.get("/projects/{project}", summary="One project: its stages beside the main works, its acceptance")
def get_project(store: Store, caller: Reader, project: ProjectId) -> ProjectWhole:
    with store.reading() as session:
        row = queries.project(session, caller.scope(Action.PROJECT_READ), project)
        return whole(session, sight_of(caller), row, day_of(store.clock.now_us()))


@router.patch("/projects/{project}", openapi_extra=fails(*_REFUSED, PROHIBITED), summary="Change a project")
def change_project(store: Store, caller: Builder, project: ProjectId, patch: ProjectPatch) -> ProjectWhole:
    with store.transaction() as tx:
        sight = sight_of(caller)
        row = service.change(tx, caller.actor, caller.scope(Action.PROJECT_WRITE), sight, project, patch)
        return whole(tx.session, sight, row, day_of(tx.now_us()))


@router.patch(
    "/projects/{project}/acceptance",
    openapi_extra=fails(CONCLUSION_INCOMPLETE, NOT_TO_HAND_OVER, TRIAL_REVERSED, CHECK_UNKNOWN, NOT_YET),
    summary="Enter what the acceptance of a project found",
)
def accept_project(store: Store, caller: Builder, project: ProjectId, patch: AcceptancePatch) -> ProjectWhole:
    with store.transaction() as tx:
        row = service.accept(tx, caller.actor, caller.scope(Action.PROJECT_WRITE), project, patch)
        return whole(tx.session, sight_of(caller), row, day_of(tx.now_us()))


@router.post(
    "/projects/{project}/files",
    openapi_extra=BODY | fails(DOCUMENT_UNREADABLE, DOCUMENT_TOO_LARGE, ARCHIVE_FULL),
    status_code=201,
    summary="Keep a file of a project's archive: PDF, JPEG or PNG",
)
async def keep_project_file(
    request: Request,
    store: Store,
    files: Files,
    caller: Builder,
    project: ProjectId,
    name: FileName,
) -> ProjectFile:
    content = await uploaded(request)

    def work() -> ProjectFile:
        scope = caller.scope(Action.PROJECT_WRITE)
        with store.reading() as session:
            queries.project(session, scope, project)
        held = kept(files, content)
        with store.transaction() as tx:
            made = archive.keep(tx, caller.actor, scope, project, name, held)
            return ProjectFile.model_validate(made)

    return await run_in_threadpool(work)


@router.get(
    "/projects/{project}/files/{digest}",
    response_class=Response,
    responses=sends(*TAKEN),
    openapi_extra=fails(DOCUMENT_ALTERED),
    summary="A file of a project's archive; that it was read is in the journal",
)
def read_project_file(
    store: Store, files: Files, caller: Reader, project: ProjectId, digest: FileDigest
) -> Response:
    with store.transaction() as tx:
        scope = caller.scope(Action.PROJECT_READ)
        row, content = archive.take_out(tx, files, caller.actor, scope, project, digest)
        return handed(content, row.name, row.media_type)


@router.get("/projects/{project}/changes", summary="What was changed on a project, newest first")
def project_changes(store: Store, caller: Reader, project: ProjectId) -> list[RecordChange]:
    with store.reading() as session:
        queries.project(session, caller.scope(Action.PROJECT_READ), project)
        return [RecordChange.model_validate(row) for row in changes(session, service.KIND, project)]
