"""Plans: making and changing them, who follows which, and whether the disks can hold them."""

from collections.abc import Sequence

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from mingjing.audit.service import Actor, Object, record
from mingjing.kernel.db import Transaction
from mingjing.kernel.disks import room
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.kernel.ids import new_id
from mingjing.recording.capacity import ASSUMED_BPS, Forecast, Load, Pool, arithmetic, due_permille, forecast
from mingjing.recording.errors import (
    PLAN_BELOW_FLOOR,
    PLAN_IN_USE,
    PLAN_IS_DEFAULT,
    PLAN_MALFORMED,
    PLAN_TOO_LARGE,
    PLAN_UNKNOWN,
)
from mingjing.recording.events import PlansChanged
from mingjing.recording.index import Due
from mingjing.recording.intervals import Interval, total_us
from mingjing.recording.model import Plan, PlanAssignment, RecordHour, StreamRate
from mingjing.recording.retention import FLOOR_DAYS, kept_days, retention_problem
from mingjing.recording.rules import DAY_US, weekly_problems
from mingjing.recording.schema import PlanOut, PlanPatch, PlanWish
from mingjing.recording.site import RecordingSite
from mingjing.registry.events import CameraChanged, CameraRegistered, CameraRemoved, CamerasEntered
from mingjing.registry.queries import every_camera

DEFAULT_PLAN = "pl_alwaysalways"
"""Made at the first start: always, 30 days."""


def ensure_default(tx: Transaction) -> None:
    """At the first start: the plan that cameras follow unless told otherwise."""
    if tx.session.get(Plan, DEFAULT_PLAN) is not None:
        return
    now = tx.now_us()
    tx.session.add(
        Plan(
            id=DEFAULT_PLAN, name="全天录像", mode="always", weekly={}, retention_days=FLOOR_DAYS, reason=None,
            created_us=now, changed_us=now,
        )
    )  # fmt: skip
    tx.session.flush()


def create(tx: Transaction, actor: Actor, wish: PlanWish) -> PlanOut:
    """Make a plan; nobody follows it yet. Raises REC-002, REC-003."""
    _check(wish.retention_days, wish.reason, wish.mode, wish.weekly)
    now = tx.now_us()
    row = Plan(
        id=new_id("pl"), name=wish.name, mode=wish.mode, weekly=dict(wish.weekly),
        retention_days=wish.retention_days, reason=wish.reason, created_us=now, changed_us=now,
    )  # fmt: skip
    tx.session.add(row)
    tx.session.flush()
    record(tx, actor, "plan.create", Object("plan", row.id), wish.model_dump(mode="json"))
    return _out(row, 0)


def change(tx: Transaction, actor: Actor, plan: str, patch: PlanPatch, site: RecordingSite) -> PlanOut:
    """Change a plan. Raises REC-001 with the arithmetic, REC-002, REC-003, REQ-404."""
    row = _plan(tx.session, plan)
    promised = present_forecast(tx.session, site).needed_bytes
    before = _out(row, 0).model_dump(mode="json")
    for name in ("name", "mode", "retention_days", "reason"):
        value = getattr(patch, name)
        if value is not None:
            setattr(row, name, value)
    if patch.weekly is not None:
        row.weekly = dict(patch.weekly)
    _check(row.retention_days, row.reason, row.mode, row.weekly)
    row.changed_us = tx.now_us()
    tx.session.flush()
    refuse_beyond_disks(tx.session, site, promised)
    facts = {"before": before, "after": _out(row, 0).model_dump(mode="json")}
    record(tx, actor, "plan.change", Object("plan", plan), facts)
    tx.publish(PlansChanged())
    return _out(row, _followers(tx.session).get(plan, 0))


def remove(tx: Transaction, actor: Actor, plan: str, instead: str | None, site: RecordingSite) -> None:
    """Remove a plan; its cameras follow `instead`. Raises REC-001, REC-004, REC-005, REC-006, REQ-404."""
    row = _plan(tx.session, plan)
    if plan == DEFAULT_PLAN:
        raise MingjingError(PLAN_IS_DEFAULT)
    facts: dict[str, object] = {"name": row.name}
    count = _followers(tx.session).get(plan, 0)
    if count:
        facts |= {"instead": instead, "cameras": count}
        promised = present_forecast(tx.session, site).needed_bytes
        _hand_over(tx, plan, instead, count)
        refuse_beyond_disks(tx.session, site, promised)
        tx.publish(PlansChanged())
    tx.session.delete(row)
    record(tx, actor, "plan.remove", Object("plan", plan), facts)


def _hand_over(tx: Transaction, plan: str, instead: str | None, count: int) -> None:
    """Whoever follows `plan` follows `instead`: a camera without a plan would not be recorded at all."""
    if instead is None:
        raise MingjingError(PLAN_IN_USE, count=count)
    if instead == plan or tx.session.get(Plan, instead) is None:
        raise MingjingError(PLAN_UNKNOWN, plan=instead)
    followers = update(PlanAssignment).where(PlanAssignment.plan == plan).values(plan=instead)
    tx.session.execute(followers)


def plans(session: Session) -> list[PlanOut]:
    """Every plan, by name, with how many cameras follow it."""
    followers = _followers(session)
    rows = session.scalars(select(Plan).order_by(Plan.name, Plan.id))
    return [_out(row, followers.get(row.id, 0)) for row in rows]


def follow(tx: Transaction, channel: str, plan: str, site: RecordingSite) -> None:
    """Let a channel follow a plan. Raises REC-001 with the arithmetic, REC-005."""
    if tx.session.get(Plan, plan) is None:
        raise MingjingError(PLAN_UNKNOWN, plan=plan)
    row = tx.session.get(PlanAssignment, channel)
    promised = 0
    if row is None:
        tx.session.add(PlanAssignment(channel=channel, plan=plan))
    elif row.plan == plan:
        return
    else:
        promised = present_forecast(tx.session, site).needed_bytes
        row.plan = plan
    tx.session.flush()
    refuse_beyond_disks(tx.session, site, promised)
    tx.publish(PlansChanged())


def on_registered(tx: Transaction, event: CameraRegistered, site: RecordingSite) -> None:
    """A new camera follows the plan that was wished, or the default one.

    Nobody chose the default: it is entered whatever the disks say, and an alarm tells what they lack (0074).
    """
    ensure_default(tx)
    if event.plan is not None:
        follow(tx, event.channel, event.plan, site)
        return
    tx.session.add(PlanAssignment(channel=event.channel, plan=DEFAULT_PLAN))
    tx.session.flush()
    tx.publish(PlansChanged())


def on_entered(tx: Transaction, event: CamerasEntered) -> None:
    """Cameras of a table follow the default plan, as those do that are entered one by one."""
    if event.entered:
        ensure_default(tx)
        rows = [{"channel": channel, "plan": DEFAULT_PLAN} for channel in event.entered]
        tx.session.execute(insert(PlanAssignment), rows)
        tx.publish(PlansChanged())


def on_changed(tx: Transaction, event: CameraChanged, site: RecordingSite) -> None:
    if event.plan is not None:
        follow(tx, event.channel, event.plan, site)


def on_removed(tx: Transaction, event: CameraRemoved) -> None:
    """Recordings that nobody wants any longer are released: kept to the legal floor, not to the plan's days."""
    row = tx.session.get(PlanAssignment, event.channel)
    if event.recordings == "keep" or row is None:
        return
    row.released = True
    tx.session.flush()
    tx.publish(PlansChanged())


def due_by_channel(session: Session) -> dict[str, tuple[str, Due, int]]:
    """Each channel's plan: (id, when due, retention days)."""
    rows = session.execute(
        select(
            PlanAssignment.channel,
            PlanAssignment.released,
            Plan.id,
            Plan.mode,
            Plan.weekly,
            Plan.retention_days,
        ).join(Plan, Plan.id == PlanAssignment.plan)
    )
    return {
        row.channel: (
            row.id,
            Due(row.mode, row.weekly),
            kept_days(row.retention_days, released=row.released),
        )
        for row in rows
    }


def measured_pools(session: Session, site: RecordingSite) -> list[Pool]:
    """The pools as the disks report them now; one that is gone counts nothing."""
    held = session.scalar(select(func.sum(RecordHour.size_bytes))) or 0
    found = []
    for name, root in site.pools.items():
        try:
            disk = room(root)
        except OSError:
            found.append(Pool(name, 0, 0, 0))
            continue
        # Sums over hours count what came in; what retention took out is on no disk any more.
        found.append(Pool(name, disk.total_bytes, disk.free_bytes, min(int(held), disk.used_bytes)))
        held = 0
    return found


def loads(session: Session) -> list[Load]:
    """What every recorded stream puts on the disks, by measured bitrate where there is one."""
    rates = {row.stream: row.bitrate_bps for row in session.scalars(select(StreamRate))}
    assigned = due_by_channel(session)
    week = Interval(0, 7 * DAY_US)
    found = []
    for camera in every_camera(session):
        plan = assigned.get(camera.row.id)
        if plan is None or not camera.row.enabled:
            continue
        _, due, days = plan
        share = due_permille(total_us(due.within(week)))
        for kind, stream in camera.streams.items():
            if stream.purpose == "record" and share:
                name = f"{camera.row.id}.{kind}"
                rate = rates.get(name)
                found.append(Load(name, int(rate or ASSUMED_BPS), rate is not None, share, days))
    return found


def present_forecast(session: Session, site: RecordingSite) -> Forecast:
    """Whether the disks hold what the plans promise."""
    return forecast(loads(session), measured_pools(session, site))


def refuse_beyond_disks(session: Session, site: RecordingSite, promised_bytes: int = 0) -> None:
    """Raises REC-001 with the arithmetic where the disks cannot hold what the plans promise.

    What was promised already, `promised_bytes`, is not refused again.
    """
    found = present_forecast(session, site)
    if not found.holds and found.needed_bytes > promised_bytes:
        zh, en = arithmetic(found)
        raise MingjingError(PLAN_TOO_LARGE, arithmetic_zh=zh, arithmetic_en=en)


def _check(days: int, reason: str | None, mode: str, weekly: dict[str, list[tuple[int, int]]]) -> None:
    if retention_problem(days, reason) == "below_floor":
        raise MingjingError(PLAN_BELOW_FLOOR, days=days, floor=FLOOR_DAYS)
    problems = weekly_problems(weekly)
    if mode == "weekly" and not any(weekly.values()):
        problems.append("weekly:empty")
    if problems:
        raise MingjingError(PLAN_MALFORMED, problem=", ".join(problems[:5]))


def _plan(session: Session, plan: str) -> Plan:
    row = session.get(Plan, plan)
    if row is None:
        raise MingjingError(NOT_FOUND)
    return row


def _followers(session: Session) -> dict[str, int]:
    rows: Sequence[tuple[str, int]] = [
        (row[0], row[1])
        for row in session.execute(select(PlanAssignment.plan, func.count()).group_by(PlanAssignment.plan))
    ]
    return dict(rows)


def _out(row: Plan, cameras: int) -> PlanOut:
    return PlanOut.model_validate(
        {
            "id": row.id, "name": row.name, "mode": row.mode, "weekly": row.weekly, "reason": row.reason,
            "retention_days": row.retention_days, "cameras": cameras, "changed_us": row.changed_us,
            "default": row.id == DEFAULT_PLAN,
        }
    )  # fmt: skip
