"""Routes of one's own reminders."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from mingjing.governance.reminding import queries, service
from mingjing.governance.reminding.model import ReminderRow
from mingjing.governance.reminding.schema import Reminder, Seen
from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.kernel.errors import Text
from mingjing.kernel.paging import After, Limit, PageBody
from mingjing.law.days import day_of, days_left
from mingjing.law.rules import rules
from mingjing.law.words import FILING_KINDS

router = APIRouter(tags=["reminders"])
Person = Annotated[Caller, requires(Action.OWN)]


@router.get("/reminders", summary="What one was reminded of, the newest first")
def list_reminders(
    store: Store,
    caller: Person,
    unseen: Annotated[bool, Query(description="Only those of which one has not taken note")] = True,
    limit: Annotated[Limit, Query()] = 50,
    after: Annotated[After, Query()] = None,
) -> PageBody[Reminder]:
    with store.reading() as session:
        page = queries.own(session, caller.user, limit, after, unseen=unseen)
        whom = queries.told(session, [row.id for row, _ in page.items])
    today = day_of(store.clock.now_us())
    items = [
        Reminder.model_validate(
            {name: getattr(row, name) for name in _COLUMNS}
            | {"title": title.zh, "title_en": title.en, "days_left": days_left(row.due, today)}
            | {"seen_us": seen_us, "told": whom.get(row.id, [])}
        )
        for row, seen_us in page.items
        for title in [_title(row)]
    ]
    return PageBody(items=items, total=page.total, next=page.next)


@router.post("/reminders/seen", status_code=204, summary="Take note of reminders")
def see_reminders(store: Store, caller: Person, wish: Seen) -> Response:
    with store.transaction() as tx:
        service.note_seen(tx, caller.user, wish.reminders)
    return Response(status_code=204)


def _title(row: ReminderRow) -> Text:
    if row.kind == "filing":
        return FILING_KINDS[row.what]
    return rules()[row.what].title if row.kind == "finding" else Text("运维单", "Fault order")


_COLUMNS = (
    "id", "kind", "record", "subject", "name", "what", "due", "stage", "day", "holidays_known", "at_us",
)  # fmt: skip
