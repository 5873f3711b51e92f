"""A dossier on paper."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from mingjing.audit.service import Object, record
from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.kernel.wire import ChannelId, fails, sends
from mingjing.law.days import day_of
from mingjing.paper.errors import BUSY, NOT_PRINTED
from mingjing.paper.printing import PDF, Press, handed
from mingjing.registry.dossiers import queries
from mingjing.registry.dossiers.printing import dossier_paper
from mingjing.registry.dossiers.service import KIND
from mingjing.registry.queries import camera

router = APIRouter(tags=["cameras"])
Reader = Annotated[Caller, requires(Action.REGISTER_READ)]


@router.get(
    "/cameras/{channel}/dossier.pdf",
    response_class=Response,
    responses=sends(PDF),
    openapi_extra=fails(NOT_PRINTED, BUSY),
    summary="The dossier of a camera on paper; that it was printed is in the journal",
)
def print_dossier(
    store: Store,
    caller: Reader,
    press: Press,
    channel: ChannelId,
    language: Annotated[Literal["zh", "en"], Query(examples=["zh"])] = "zh",
) -> Response:
    scope, now_us = caller.scope(Action.REGISTER_READ), store.clock.now_us()
    with store.reading() as session:
        found = camera(session, scope, channel, removed=True).row
        row = queries.dossier(session, scope, channel)
        told = dossier_paper(session, found, row, day_of(now_us), language)
    content = press.pdf("document", told, now_us)
    with store.transaction() as tx:
        record(tx, caller.actor, "dossier.print", Object(KIND, channel), {"name": found.name})
    return handed(content, f"{told['running']}.pdf", PDF)
