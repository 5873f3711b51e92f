"""Routes of a filing's documents, its package and its receipt."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from mingjing.governance.filing.queries import filing as one_filing
from mingjing.governance.submission import documents, receipts
from mingjing.governance.submission.errors import (
    ASIDE_ALREADY,
    DOCUMENT_ALTERED,
    DOCUMENT_TOO_LARGE,
    DOCUMENT_UNREADABLE,
    DOCUMENTS_FULL,
    NOT_SUBMITTED,
)
from mingjing.governance.submission.kinds import KINDS, WANTED, DocumentKind
from mingjing.governance.submission.package import package
from mingjing.governance.submission.public import PATH
from mingjing.governance.submission.schema import (
    FilingDocument,
    FilingDocuments,
    SettingAside,
    WantedDocument,
)
from mingjing.governance.submission.words import Language
from mingjing.governance.upload_routes import BODY, FileName, uploaded
from mingjing.governance.uploads import TAKEN, kept
from mingjing.identity.access import Store, gate, requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.kernel.dependencies import Files
from mingjing.kernel.wire import DocumentId, FilingId, fails, sends
from mingjing.paper.errors import BUSY, NOT_PRINTED
from mingjing.paper.printing import PDF, Press, handed

ZIP = "application/zip"

router = APIRouter(tags=["filings"])
Reader = Annotated[Caller, requires(Action.FILING_READ)]
Clerk = Annotated[Caller, requires(Action.FILING_WRITE)]
InLanguage = Annotated[Language, Query(examples=["zh"])]


@router.get("/filings/{filing}/documents", summary="Documents of a filing, and which ones organs ask for")
def list_documents(store: Store, caller: Reader, filing: FilingId) -> FilingDocuments:
    with store.reading() as session:
        row = one_filing(session, caller.scope(Action.FILING_READ), filing)
        kept = documents.documents(session, row.id)
        there = {one.kind for one in kept if one.aside_us is None}
        return FilingDocuments(
            documents=[FilingDocument.model_validate(one) for one in kept],
            kinds=[
                WantedDocument.model_validate(
                    {
                        "kind": kind, "title": title.zh, "title_en": title.en, "wanted": kind in WANTED,
                        "there": kind in there,
                    }
                )
                for kind, title in KINDS.items()
            ],
        )  # fmt: skip


@router.post(
    "/filings/{filing}/documents",
    openapi_extra=BODY | fails(DOCUMENT_UNREADABLE, DOCUMENT_TOO_LARGE, DOCUMENTS_FULL),
    status_code=201,
    summary="Add a document: PDF, JPEG or PNG",
)
async def add_document(
    request: Request,
    store: Store,
    files: Files,
    caller: Clerk,
    filing: FilingId,
    kind: Annotated[DocumentKind, Query(examples=["licence"])],
    name: FileName,
) -> FilingDocument:
    content = await uploaded(request)

    def work() -> FilingDocument:
        scope = caller.scope(Action.FILING_WRITE)
        with store.reading() as session:
            one_filing(session, scope, filing)
        held = kept(files, content)
        with store.transaction() as tx:
            made = documents.attach(tx, caller.actor, scope, filing, kind, name, held)
            return FilingDocument.model_validate(made)

    return await run_in_threadpool(work)


@router.get(
    "/filings/{filing}/documents/{document}",
    response_class=Response,
    responses=sends(*TAKEN),
    openapi_extra=fails(DOCUMENT_ALTERED),
    summary="What a document holds; that it was read is in the journal",
)
def read_document(
    store: Store, files: Files, caller: Reader, filing: FilingId, document: DocumentId
) -> Response:
    with store.transaction() as tx:
        scope = caller.scope(Action.FILING_READ)
        row, content = documents.take_out(tx, files, caller.actor, scope, filing, document)
        return handed(content, row.name, row.media_type)


@router.post(
    "/filings/{filing}/documents/{document}/aside",
    openapi_extra=fails(ASIDE_ALREADY),
    summary="Take a document out of use; it stays in the history",
)
def set_document_aside(
    store: Store, caller: Clerk, filing: FilingId, document: DocumentId, wish: SettingAside
) -> FilingDocument:
    with store.transaction() as tx:
        scope = caller.scope(Action.FILING_WRITE)
        row = documents.set_aside(tx, caller.actor, scope, filing, document, wish.reason)
        return FilingDocument.model_validate(row)


@router.get(
    "/filings/{filing}/package.zip",
    response_class=Response,
    responses=sends(ZIP),
    openapi_extra=fails(DOCUMENT_ALTERED, NOT_PRINTED, BUSY),
    summary="The complete submission package: form, devices, documents, and a list with SHA-256",
)
def get_package(
    store: Store,
    files: Files,
    caller: Reader,
    press: Press,
    filing: FilingId,
    language: InLanguage = "zh",
) -> Response:
    scope = caller.scope(Action.FILING_READ)
    name, content = package(store, files, caller.actor, scope, filing, press, language)
    return handed(content, name, ZIP)


@router.post(
    "/filings/{filing}/receipts",
    response_class=Response,
    responses=sends(PDF),
    openapi_extra=fails(NOT_SUBMITTED, NOT_PRINTED, BUSY),
    summary="Print a receipt of a filing as it stands; it can be verified with this server",
)
def print_receipt(
    request: Request, store: Store, caller: Clerk, press: Press, filing: FilingId, language: InLanguage = "zh"
) -> Response:
    with store.transaction() as tx:
        made = receipts.issue(tx, caller.actor, caller.scope(Action.FILING_WRITE), filing)
        address = f"{press.origin_of(request, secure=gate(request).secure)}{PATH}/{receipts.code_of(made)}"
        told, number, at_us = receipts.paper(made, address, language), made.told["number"], made.at_us
    return handed(press.pdf("receipt", told, at_us), f"{number}-receipt.pdf", PDF)
