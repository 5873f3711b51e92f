"""Routes of saved filters."""

from typing import Annotated

from fastapi import APIRouter, Query, status

from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.kernel.wire import SavedFilterId, fails
from mingjing.operations.errors import FILTER_NAMED, FILTERS_FULL
from mingjing.operations.filters import queries, service
from mingjing.operations.filters.model import SavedFilter
from mingjing.operations.filters.schema import (
    Page,
    SavedFilterOut,
    SavedFilterPatch,
    SavedFilters,
    SavedFilterWish,
)

router = APIRouter(tags=["filters"])

Person = Annotated[Caller, requires(Action.OWN)]


@router.get("/saved-filters", summary="Saved filters: one's own, and those shared with one's unit")
def list_filters(
    store: Store, caller: Person, page: Annotated[Page | None, Query(examples=["filings"])] = None
) -> SavedFilters:
    with store.reading() as session:
        return SavedFilters(items=[_shown(row, caller) for row in queries.saved(session, caller, page)])


@router.post(
    "/saved-filters",
    openapi_extra=fails(FILTERS_FULL, FILTER_NAMED),
    status_code=201,
    summary="Save the filter of a page under a name",
)
def save_filter(store: Store, caller: Person, wish: SavedFilterWish) -> SavedFilterOut:
    with store.transaction() as tx:
        return _shown(service.save(tx, caller, wish), caller)


@router.patch(
    "/saved-filters/{saved_filter}",
    openapi_extra=fails(FILTER_NAMED),
    summary="Rename, change or share a saved filter of one's own",
)
def change_filter(
    store: Store, caller: Person, saved_filter: SavedFilterId, patch: SavedFilterPatch
) -> SavedFilterOut:
    with store.transaction() as tx:
        return _shown(service.change(tx, caller, saved_filter, patch), caller)


@router.delete(
    "/saved-filters/{saved_filter}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Remove a saved filter of one's own",
)
def remove_filter(store: Store, caller: Person, saved_filter: SavedFilterId) -> None:
    with store.transaction() as tx:
        service.remove(tx, caller, saved_filter)


def _shown(row: SavedFilter, caller: Caller) -> SavedFilterOut:
    members = {name: getattr(row, name) for name in SavedFilterOut.model_fields if name != "mine"}
    return SavedFilterOut.model_validate(members | {"mine": row.owner == caller.user})
