"""Routes of saved walls and tours."""

from typing import Annotated

from fastapi import APIRouter, status

from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.kernel.wire import LayoutId, TourId, fails
from mingjing.operations.errors import WALLS_FULL
from mingjing.operations.walls import queries, service
from mingjing.operations.walls.schema import Layout, Layouts, LayoutWish, Tour, Tours, TourWish

router = APIRouter(tags=["walls"])

Person = Annotated[Caller, requires(Action.OWN)]


@router.get("/layouts", summary="Saved walls: one's own, and those shared with one's unit")
def list_layouts(store: Store, caller: Person) -> Layouts:
    with store.reading() as session:
        return Layouts(items=queries.layouts(session, caller, queries.saved(session, caller, "layout")))


@router.post(
    "/layouts",
    openapi_extra=fails(WALLS_FULL),
    status_code=201,
    summary="Save a wall; sharing it needs `layout.share`",
)
def save_layout(store: Store, caller: Person, wish: LayoutWish) -> Layout:
    with store.transaction() as tx:
        row = service.save(tx, caller, "layout", wish)
        return queries.layouts(tx.session, caller, [row])[0]


@router.put("/layouts/{layout}", summary="Change a wall of one's own")
def change_layout(store: Store, caller: Person, layout: LayoutId, wish: LayoutWish) -> Layout:
    with store.transaction() as tx:
        row = service.change(tx, caller, "layout", layout, wish)
        return queries.layouts(tx.session, caller, [row])[0]


@router.delete("/layouts/{layout}", status_code=status.HTTP_204_NO_CONTENT, summary="Remove a saved wall")
def remove_layout(store: Store, caller: Person, layout: LayoutId) -> None:
    with store.transaction() as tx:
        service.remove(tx, caller, "layout", layout)


@router.get("/tours", summary="Saved tours: one's own, and those shared with one's unit")
def list_tours(store: Store, caller: Person) -> Tours:
    with store.reading() as session:
        return Tours(items=queries.tours(session, caller, queries.saved(session, caller, "tour")))


@router.post(
    "/tours",
    openapi_extra=fails(WALLS_FULL),
    status_code=201,
    summary="Save a tour; sharing it needs `layout.share`",
)
def save_tour(store: Store, caller: Person, wish: TourWish) -> Tour:
    with store.transaction() as tx:
        row = service.save(tx, caller, "tour", wish)
        return queries.tours(tx.session, caller, [row])[0]


@router.put("/tours/{tour}", summary="Change a tour of one's own")
def change_tour(store: Store, caller: Person, tour: TourId, wish: TourWish) -> Tour:
    with store.transaction() as tx:
        row = service.change(tx, caller, "tour", tour, wish)
        return queries.tours(tx.session, caller, [row])[0]


@router.delete("/tours/{tour}", status_code=status.HTTP_204_NO_CONTENT, summary="Remove a saved tour")
def remove_tour(store: Store, caller: Person, tour: TourId) -> None:
    with store.transaction() as tx:
        service.remove(tx, caller, "tour", tour)
