"""Roles, and the register of units.

Every signed-in person sees units, as forms choose from them. Who speaks for a unit (its contacts) and what was changed
on it are seen by those who may read registers where the unit has its seat, and by those who keep the register of units;
a unit without a division is covered by a scope without bounds alone.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter

from mingjing.audit.history import changes
from mingjing.audit.schema import RecordChange
from mingjing.identity import queries
from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.api.register_schema import (
    Contacts,
    Organisation,
    OrganisationPatch,
    Organisations,
    OrganisationWish,
)
from mingjing.identity.api.schema import Role, Roles
from mingjing.identity.caller import Caller
from mingjing.identity.errors import (
    CREDIT_CODE_BAD,
    CREDIT_CODE_TAKEN,
    ORGANISATION_ENDED,
    ORGANISATION_UNKNOWN,
    UNIT_INCOMPLETE,
)
from mingjing.identity.model import Organisation as Unit
from mingjing.identity.roles import ROLES
from mingjing.identity.service import organisations
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.kernel.wire import OrganisationId, Wanted, fails
from mingjing.territory.errors import DIVISION_UNKNOWN

router = APIRouter(tags=["registers"])

Person = Annotated[Caller, requires(Action.OWN)]
Writer = Annotated[Caller, requires(Action.ORGANISATION_WRITE)]
_REFUSED = (UNIT_INCOMPLETE, CREDIT_CODE_BAD, CREDIT_CODE_TAKEN, DIVISION_UNKNOWN)


@router.get("/roles", summary="Roles and what each may do")
def list_roles(_: Person) -> Roles:
    return Roles(
        items=[
            Role(
                code=role.code,
                name=role.name.zh,
                name_en=role.name.en,
                actions=sorted(action.value for action in role.actions),
                administers=role.administers,
            )
            for role in ROLES.values()
        ]
    )


@router.get("/organisations", summary="Units, parents before children")
def list_organisations(store: Store, caller: Person) -> Organisations:
    with store.reading() as session:
        return Organisations(items=[_shown(caller, row) for row in queries.organisations(session)])


@router.post(
    "/organisations",
    openapi_extra=fails(ORGANISATION_UNKNOWN, ORGANISATION_ENDED, *_REFUSED),
    status_code=201,
    summary="Add a unit",
)
def enter_organisation(store: Store, caller: Writer, wish: OrganisationWish) -> Organisation:
    with store.transaction() as tx:
        row = organisations.add_organisation(tx, caller.actor, wish.name, wish.parent, _members(wish))
        return _shown(caller, row)


@router.get("/organisations/{organisation}", summary="One unit")
def get_organisation(store: Store, caller: Person, organisation: OrganisationId) -> Organisation:
    with store.reading() as session:
        return _shown(caller, queries.organisation(session, organisation))


@router.patch("/organisations/{organisation}", openapi_extra=fails(*_REFUSED), summary="Change a unit")
def change_organisation(
    store: Store, caller: Writer, organisation: OrganisationId, patch: OrganisationPatch
) -> Organisation:
    with store.transaction() as tx:
        row = organisations.change_organisation(tx, caller.actor, organisation, _members(patch))
        return _shown(caller, row)


@router.get("/organisations/{organisation}/changes", summary="What was changed on a unit, newest first")
def organisation_changes(store: Store, caller: Person, organisation: OrganisationId) -> list[RecordChange]:
    with store.reading() as session:
        if not _opens(caller, queries.organisation(session, organisation)):
            raise MingjingError(NOT_FOUND)
        rows = changes(session, organisations.KIND, organisation)
        return [RecordChange.model_validate(row) for row in rows]


def _opens(caller: Caller, row: Unit) -> bool:
    """Whether a unit's contacts and history are for the caller."""
    if caller.may(Action.ORGANISATION_WRITE):
        return True
    return caller.scope(Action.REGISTER_READ).covers(row.division_path, row.path)


def _shown(caller: Caller, row: Unit) -> Organisation:
    members = {name: getattr(row, name) for name in Organisation.model_fields if name != "contacts"}
    contacts = Contacts.model_validate(row) if _opens(caller, row) else None
    return Organisation.model_validate(members | {"contacts": contacts})


def _members(wish: Wanted) -> Mapping[str, Any]:
    """What is said of a unit, its contacts beside the rest."""
    given = wish.model_dump(exclude_unset=True)
    return given | (given.pop("contacts", None) or {})
