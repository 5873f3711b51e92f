"""What can be done with rounds: opened, made, what they found reported."""

from datetime import date
from typing import Any, Final

from mingjing.audit.history import changed
from mingjing.audit.service import SYSTEM, Actor, Object
from mingjing.governance.rounds import queries
from mingjing.governance.rounds.errors import RESULT_FAULTY, ROUND_OVER, ROUND_THERE, WRONG_SUBJECT
from mingjing.governance.rounds.events import RoundChanged
from mingjing.governance.rounds.model import RoundResultRow, RoundRow
from mingjing.governance.rounds.schema import Report, ResultWish, RoundPatch, RoundWish
from mingjing.identity.actions import Action
from mingjing.identity.scope import Scope, system_scope
from mingjing.kernel.db import Transaction
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.ids import new_id
from mingjing.law.days import day_of, last_day
from mingjing.law.facts import RoundKind
from mingjing.law.sets import shipped
from mingjing.law.words import CONDITIONAL_KINDS
from mingjing.registry import record
from mingjing.registry.dossiers import service as dossiers
from mingjing.registry.dossiers.queries import covering
from mingjing.registry.dossiers.schema import SignCheckWish
from mingjing.registry.forbidden.events import ForbiddenPlaceChanged
from mingjing.registry.forbidden.queries import forbidden_place
from mingjing.registry.forbidden.queries import known as zones
from mingjing.registry.places.events import PlaceChanged
from mingjing.registry.places.queries import known as places
from mingjing.registry.places.queries import place
from mingjing.registry.queries import camera
from mingjing.registry.record import Record

KIND: Final = "round"
KEPT: Final = ("name", "organisation", "cycle_days", "since", "until", "last_done", "next_due")
SUBJECTS: Final = frozenset(
    {("forbidden_check", "forbidden_place"), ("sign_check", "camera"), ("sign_check", "place")}
)


def follow(tx: Transaction, event: ForbiddenPlaceChanged) -> None:
    """A forbidden place was entered, changed or ended: the round that its unit owes is opened, follows it, ends."""
    for zone in zones(tx.session, [event.place]):
        row = queries.of_subject(tx.session, "forbidden_check", zone.id)
        owed = zone.ended_us is None and zone.kind not in CONDITIONAL_KINDS
        if row is None and owed:
            row = _fresh(
                tx,
                "forbidden_check",
                "forbidden_place",
                zone.id,
                _cycle(zone.division_path, day_of(tx.now_us())),
            )
            row.since = max(row.since, zone.since or row.since)
            _stand(row, zone, zone.until)
            _keep(tx, SYSTEM, row, "open", {})
        elif row is not None:
            before = record.members(row, KEPT)
            _stand(row, zone, zone.until)
            if not owed:
                row.ended_us = tx.now_us()
            _keep(tx, SYSTEM, row, "change" if owed else "end", before)


def follow_place(tx: Transaction, event: PlaceChanged) -> None:
    """A place left the register: nobody goes there to look at signs any more."""
    for subject in places(tx.session, [event.place]):
        row = queries.of_subject(tx.session, "sign_check", subject.id)
        if subject.ended_us is not None and row is not None:
            row.ended_us = tx.now_us()
            _keep(tx, SYSTEM, row, "end", record.members(row, KEPT) | {"ended": False}, {"ended": True})


def open_round(tx: Transaction, actor: Actor, scope: Scope, wish: RoundWish) -> RoundRow:
    """Open a round. Raises RND-001, -004, AUTH-025; REQ-404 for a subject outside the scope."""
    if (wish.kind, wish.subject_kind) not in SUBJECTS:
        raise MingjingError(WRONG_SUBJECT)
    subject = _subject(tx, scope, wish.subject_kind, wish.subject)
    there = queries.of_subject(tx.session, wish.kind, wish.subject)
    if there is not None:
        raise MingjingError(ROUND_THERE, days=there.cycle_days)
    row = _fresh(tx, wish.kind, wish.subject_kind, wish.subject, wish.cycle_days)
    record.named(row, subject.name)
    record.placed(tx, scope, row, subject.division, wish.organisation or subject.organisation)
    return _keep(tx, actor, row, "open", {})


def change(tx: Transaction, actor: Actor, scope: Scope, identifier: str, patch: RoundPatch) -> RoundRow:
    """Change how often, or by whom, a round is made. Raises RND-002, AUTH-025, REQ-404."""
    row = _current(tx, scope, identifier)
    before = record.members(row, KEPT)
    if patch.cycle_days is not None:
        row.cycle_days = patch.cycle_days
    if patch.organisation:
        record.placed(tx, scope, row, row.division, patch.organisation)
    return _keep(tx, actor, row, "change", before)


def end(tx: Transaction, actor: Actor, scope: Scope, identifier: str) -> RoundRow:
    """End a sign check; that of a forbidden place ends with the place. Raises RND-002, -003, REQ-404."""
    row = _current(tx, scope, identifier)
    if row.kind == "forbidden_check":
        raise MingjingError(
            RESULT_FAULTY,
            zh="禁装场所的检查随场所终止。",
            en="The check of a forbidden place ends with the place.",
        )
    before = record.members(row, KEPT)
    row.ended_us = tx.now_us()
    return _keep(tx, actor, row, "end", before | {"ended": False}, {"ended": True})


def enter_result(tx: Transaction, actor: Actor, scope: Scope, identifier: str, wish: ResultWish) -> RoundRow:
    """Enter what a round found. A sign check that found its signs is entered in the dossiers of the cameras.

    Raises RND-002, -003, REQ-404.
    """
    row = _current(tx, scope, identifier)
    today = day_of(tx.now_us())
    day = wish.day or today
    _check(wish, day, today)
    before = record.members(row, KEPT)
    made = RoundResultRow(
        id=new_id("rr"), round=row.id, day=day, at_us=tx.now_us(), who=actor.id[:64], who_name=actor.name[:200],
        outcome=wish.outcome, note=wish.note, reported=wish.reported, reported_to=wish.reported_to,
    )  # fmt: skip
    tx.session.add(made)
    row.last_done = max(day, row.last_done or day)
    if row.kind == "sign_check" and wish.outcome == "nothing":
        _sign(tx, actor, row, day)
    told = {"result": made.id, "day": day.isoformat(), "outcome": made.outcome, "note": made.note}
    return _keep(tx, actor, row, "result", before, told)


def report(
    tx: Transaction, actor: Actor, scope: Scope, identifier: str, result: str, wish: Report
) -> RoundRow:
    """Enter when and to whom a find was reported. Raises RND-003, REQ-404."""
    row = queries.round_(tx.session, scope, identifier)
    found = queries.result(tx.session, row, result)
    if found.outcome != "found":
        raise MingjingError(
            RESULT_FAULTY, zh="没有发现，无须报告。", en="Nothing was found; there is nothing to report."
        )
    if not found.day <= wish.reported <= day_of(tx.now_us()):
        raise MingjingError(
            RESULT_FAULTY,
            zh="报告日期应在检查日至今天之间。",
            en="The report lies between the day of the check and today.",
        )
    before = {
        "reported": found.reported.isoformat() if found.reported else None,
        "reported_to": found.reported_to,
    }
    found.reported, found.reported_to = wish.reported, wish.reported_to
    told = {"reported": wish.reported.isoformat(), "reported_to": wish.reported_to, "result": found.id}
    return _keep(tx, actor, row, "report", record.members(row, KEPT) | before, told)


def _check(wish: ResultWish, day: date, today: date) -> None:
    if day > today:
        raise MingjingError(RESULT_FAULTY, zh="检查日期不能晚于今天。", en="A check is not made after today.")
    if wish.outcome == "found" and not wish.note:
        raise MingjingError(RESULT_FAULTY, zh="须写明发现了什么。", en="Say what was found.")
    if wish.reported is not None and (wish.outcome != "found" or not day <= wish.reported <= today):
        raise MingjingError(
            RESULT_FAULTY,
            zh="只有发现才报告，报告日期应在检查日至今天之间。",
            en="Only a find is reported, between the day of the check and today.",
        )


def _sign(tx: Transaction, actor: Actor, row: RoundRow, day: date) -> None:
    """The signs were seen: the dossiers of the cameras say so. That right comes with the round."""
    channels = [row.subject] if row.subject_kind == "camera" else covering(tx.session, row.subject)
    wish = SignCheckWish(day=day, state="present")
    for channel in channels:
        dossiers.check_sign(tx, actor, system_scope(Action.REGISTER_WRITE), channel, wish)


def _subject(tx: Transaction, scope: Scope, kind: str, identifier: str) -> Any:
    """What a round is of: it has a name, a division and a unit."""
    if kind == "camera":
        return camera(tx.session, scope, identifier).row
    return (place if kind == "place" else forbidden_place)(tx.session, scope, identifier)


def _current(tx: Transaction, scope: Scope, identifier: str) -> RoundRow:
    row = queries.round_(tx.session, scope, identifier)
    if row.ended_us is not None:
        raise MingjingError(ROUND_OVER)
    return row


def _cycle(division_path: str, today: date) -> int:
    """How many days lie between two checks, where nobody has said otherwise: the least of the orders in force."""
    clauses = [one.set.clauses.get("FORB-04") for one in shipped().in_force(today, division_path)]
    return min((clause.figures["cycle_days"] for clause in clauses if clause is not None), default=1)


def _fresh(tx: Transaction, kind: RoundKind, subject_kind: str, subject: str, cycle_days: int) -> RoundRow:
    today = day_of(tx.now_us())
    return RoundRow(
        id=new_id("rd"), kind=kind, subject_kind=subject_kind, subject=subject, cycle_days=cycle_days, since=today,
        until=None, last_done=None, next_due=today, created_us=tx.now_us(), changed_us=tx.now_us(), ended_us=None,
    )  # fmt: skip


def _stand(row: RoundRow, zone: Record, until: date | None) -> None:
    """The round of a forbidden place stands where the place does, as long as the place is one."""
    if row.name != zone.name:
        record.named(row, zone.name)
    row.division, row.division_path = zone.division, zone.division_path
    row.organisation, row.organisation_path = zone.organisation, zone.organisation_path
    row.until = until


def _keep(
    tx: Transaction,
    actor: Actor,
    row: RoundRow,
    what: str,
    before: dict[str, Any],
    told: dict[str, Any] | None = None,
) -> RoundRow:
    row.next_due = last_day(row.last_done or row.since, row.cycle_days)
    row.changed_us = tx.now_us()
    tx.session.add(row)
    tx.session.flush()
    after = record.members(row, KEPT) | (told or {})
    if changed(tx, actor, Object(KIND, row.id), what, before, after, {"name": row.name}):
        tx.publish(RoundChanged(row.id))
    return row
