"""The route of what waits for one's own decision."""

from typing import Annotated

from fastapi import APIRouter

from mingjing.governance.waiting.queries import waiting
from mingjing.governance.waiting.schema import WaitingList
from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.law.days import day_of

router = APIRouter(tags=["reminders"])
Person = Annotated[Caller, requires(Action.OWN)]


@router.get("/waiting", summary="What waits for one's own decision")
def list_waiting(store: Store, caller: Person) -> WaitingList:
    with store.reading() as session:
        return WaitingList(items=list(waiting(session, caller, day_of(store.clock.now_us()))))
