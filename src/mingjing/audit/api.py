"""Routes of the journal."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from mingjing.audit import queries
from mingjing.audit.keeper import Keeper
from mingjing.audit.schema import (
    CheckpointOut,
    EntryOut,
    VerdictOut,
    checkpoint_out,
    entry_out,
    verdict_out,
)
from mingjing.kernel.db import Database
from mingjing.kernel.dependencies import of_program
from mingjing.kernel.errors import CONFLICT, NOT_FOUND, MingjingError
from mingjing.kernel.paging import After, Limit, PageBody
from mingjing.kernel.wire import EXAMPLE_US, fails

Journal = Annotated[Keeper, of_program("journal", Keeper)]
Store = Annotated[Database, of_program("database", Database)]


def router(may_read: object, may_verify: object, may_sign: object) -> APIRouter:
    """The routes, guarded by the dependencies that identity gives: the journal itself knows no permissions."""
    routes = APIRouter(tags=["journal"])
    reading, verifying, signing = [may_read], [may_verify], [may_sign]

    @routes.get("/journal", summary="Entries of the journal, newest first", dependencies=reading)  # type: ignore[arg-type]
    def list_entries(
        store: Store,
        who: Annotated[str | None, Query(max_length=100, examples=["us_k3v7q2m5x4ab"])] = None,
        what: Annotated[str | None, Query(max_length=64, examples=["view.start"])] = None,
        object: Annotated[str | None, Query(max_length=120, examples=["ch_k2x9p4q7m1aa"])] = None,
        from_us: Annotated[int | None, Query(examples=[EXAMPLE_US])] = None,
        until_us: Annotated[int | None, Query(examples=[EXAMPLE_US + 3_600_000_000])] = None,
        limit: Annotated[Limit, Query()] = 50,
        after: Annotated[After, Query()] = None,
    ) -> PageBody[EntryOut]:
        wanted = queries.Filter(who, what, object, from_us, until_us)
        with store.reading() as session:
            page = queries.entries(session, wanted, limit, after)
            items = [entry_out(row) for row in page.items]
        return PageBody(items=items, total=page.total, next=page.next)

    @routes.get("/journal/verdict", summary="Is the journal whole?", dependencies=reading)  # type: ignore[arg-type]
    def read_verdict(journal: Journal) -> VerdictOut:
        return verdict_out(*journal.last())

    @routes.post("/journal/verify", summary="Check the whole journal now", dependencies=verifying)  # type: ignore[arg-type]
    def verify_now(journal: Journal) -> VerdictOut:
        return verdict_out(*journal.verify())

    @routes.post(
        "/journal/checkpoints",
        openapi_extra=fails(CONFLICT),
        status_code=201,
        summary="Sign the journal as it stands; keep the answer elsewhere",
        dependencies=signing,  # type: ignore[arg-type]
    )
    def make_checkpoint(journal: Journal) -> CheckpointOut:
        made = journal.sign()
        if made is None:
            raise MingjingError(CONFLICT, what_zh="日志尚无条目。", what_en="The journal holds no entry yet.")
        return checkpoint_out(made, journal.public)

    @routes.get("/journal/{seq}", summary="One entry", dependencies=reading)  # type: ignore[arg-type]
    def read_entry(store: Store, seq: Annotated[int, Path(examples=[1042])]) -> EntryOut:
        with store.reading() as session:
            row = queries.entry(session, seq)
        if row is None:
            raise MingjingError(NOT_FOUND)
        return entry_out(row)

    return routes
