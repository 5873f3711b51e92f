"""Routes of dossiers."""

from typing import Annotated

from fastapi import APIRouter

from mingjing.audit.history import changes
from mingjing.audit.schema import RecordChange
from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.kernel.wire import ChannelId, fails
from mingjing.registry.dossiers import queries, service
from mingjing.registry.dossiers.errors import CODE_DIVISION, CODE_FORM, CODE_TAKEN
from mingjing.registry.dossiers.model import DossierRow
from mingjing.registry.dossiers.rules import missing
from mingjing.registry.dossiers.schema import Dossier, DossierPatch
from mingjing.registry.places.errors import HALF_POINT

router = APIRouter(tags=["cameras"])
Reader = Annotated[Caller, requires(Action.REGISTER_READ)]
Writer = Annotated[Caller, requires(Action.REGISTER_WRITE)]


@router.get("/cameras/{channel}/dossier", summary="The dossier of a camera")
def get_dossier(store: Store, caller: Reader, channel: ChannelId) -> Dossier:
    with store.reading() as session:
        return _present(queries.dossier(session, caller.scope(Action.REGISTER_READ), channel))


@router.patch(
    "/cameras/{channel}/dossier",
    openapi_extra=fails(CODE_FORM, CODE_DIVISION, CODE_TAKEN, HALF_POINT),
    summary="Change the dossier of a camera",
)
def change_dossier(store: Store, caller: Writer, channel: ChannelId, patch: DossierPatch) -> Dossier:
    with store.transaction() as tx:
        return _present(service.change(tx, caller.actor, caller.scope(Action.REGISTER_WRITE), channel, patch))


@router.get("/cameras/{channel}/dossier/changes", summary="What was changed in a dossier, newest first")
def dossier_changes(store: Store, caller: Reader, channel: ChannelId) -> list[RecordChange]:
    with store.reading() as session:
        queries.dossier(session, caller.scope(Action.REGISTER_READ), channel)
        return [RecordChange.model_validate(row) for row in changes(session, service.KIND, channel)]


def _present(row: DossierRow) -> Dossier:
    members = {name: getattr(row, name) for name in Dossier.model_fields if name != "missing"}
    return Dossier.model_validate(members | {"missing": missing(members)})
