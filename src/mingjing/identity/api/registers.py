"""Roles and organisations: what forms choose from."""

from typing import Annotated

from fastapi import APIRouter

from mingjing.identity import queries
from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.api.schema import (
    Organisation,
    Organisations,
    OrganisationWish,
    Role,
    Roles,
)
from mingjing.identity.caller import Caller
from mingjing.identity.errors import ORGANISATION_UNKNOWN
from mingjing.identity.roles import ROLES
from mingjing.identity.service.accounts import add_organisation
from mingjing.kernel.wire import fails

router = APIRouter(tags=["registers"])

Person = Annotated[Caller, requires(Action.OWN)]


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
def list_organisations(store: Store, _: Person) -> Organisations:
    with store.reading() as session:
        rows = queries.organisations(session)
        return Organisations(items=[Organisation.model_validate(row) for row in rows])


@router.post(
    "/organisations", openapi_extra=fails(ORGANISATION_UNKNOWN), status_code=201, summary="Add a unit"
)
def enter_organisation(
    store: Store, caller: Annotated[Caller, requires(Action.ORGANISATION_WRITE)], wish: OrganisationWish
) -> Organisation:
    with store.transaction() as tx:
        return Organisation.model_validate(add_organisation(tx, caller.actor, wish.name, wish.parent))
