"""Alarms: raised by what other rooms say, merged by cause, claimed and resolved by people."""

from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from mingjing.audit.service import SYSTEM, Actor, Object, record
from mingjing.backup.events import BackupFailed, BackupMade, DrillHeld
from mingjing.identity.caller import Caller
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Transaction, rewrite_prefix
from mingjing.kernel.errors import NOT_FOUND, MingjingError, Text
from mingjing.kernel.ids import new_id
from mingjing.kernel.paging import Page, cut, position
from mingjing.media.causes import Cause
from mingjing.media.model import GapEvent
from mingjing.operations.errors import ALARM_TAKEN
from mingjing.operations.events import AlarmChanged
from mingjing.operations.model import Alarm
from mingjing.operations.schema import AlarmOut, Resolution
from mingjing.recording.capacity import arithmetic
from mingjing.recording.events import (
    DeletionPaused,
    GapEnded,
    GapLasts,
    RetentionForecast,
    SegmentDoubted,
    StorageShort,
)
from mingjing.recording.index import in_gap
from mingjing.recording.rules import Reason
from mingjing.registry.queries import standing
from mingjing.territory.events import DivisionMoved

TITLES: dict[str, Text] = {
    "recording_lost": Text("{name} 停录", "{name} is not being recorded"),
    "segment_doubted": Text("{name} 录像段可疑", "A recording of {name} is in doubt"),
    "deletion_paused": Text("时钟存疑，已暂停到期删除", "The clock is in doubt: deletion is paused"),
    "storage_warn": Text("存储 {pool} 将满", "Storage {pool} is filling up"),
    "storage_full": Text(
        "存储 {pool} 已满，且无可删录像", "Storage {pool} is full and nothing may be deleted"
    ),
    "storage_fault": Text(
        "存储 {pool} 读写出错，录像写不进去", "Storage {pool} fails: recordings cannot be written to it"
    ),
    "storage_floor": Text(
        "存储容不下应保存的天数，只够约 {days_held} 天：{arithmetic_zh}",
        "The disks do not hold the days that must be kept, only about {days_held}: {arithmetic_en}",
    ),
    "backup_failed": Text("数据库备份失败：{problem}", "The database could not be backed up: {problem}"),
    "drill_failed": Text(
        "备份恢复演练未通过：{problem}", "A backup did not hold when it was tried out: {problem}"
    ),
}
_BACKUP_ALARMS = {"make": "backup_failed", "drill": "drill_failed"}


def on_gap_lasts(tx: Transaction, event: GapLasts) -> None:
    """A camera that should be recorded has not been for a minute."""
    facts = {"stream": event.stream, "reason": event.reason, "cause": event.cause, "since_us": event.since_us}
    raise_alarm(tx, "recording_lost", 2, event.channel, f"recording:{event.stream}", facts)


def on_gap_ended(tx: Transaction, event: GapEnded) -> None:
    end_alarm(tx, f"recording:{event.stream}", event.until_us)
    if not in_gap(tx.session, Reason.DISK_FAULT):
        end_alarm(tx, "storage:fault", event.until_us)


def on_gap(tx: Transaction, event: GapEvent, pool: str) -> None:
    """A stream could not be written. One that went on in another file at once is told as a doubted segment."""
    if event.cause is Cause.DISK_FAULT and event.until_us is None:
        raise_alarm(tx, "storage_fault", 1, None, "storage:fault", {"pool": pool})


def on_segment_doubted(tx: Transaction, event: SegmentDoubted) -> None:
    facts = {"segment": event.segment, "problem": event.problem}
    raise_alarm(tx, "segment_doubted", 2, event.channel, f"segment:{event.channel}", facts)


def on_deletion_paused(tx: Transaction, event: DeletionPaused) -> None:
    raise_alarm(tx, "deletion_paused", 2, None, "clock", {"doubts": list(event.doubts)})


def on_storage(tx: Transaction, event: StorageShort) -> None:
    key = f"storage:{event.pool}"
    if event.state == "ok":
        end_alarm(tx, f"{key}:warn", tx.now_us())
        end_alarm(tx, f"{key}:full", tx.now_us())
        return
    facts = {"pool": event.pool, "free_bytes": event.free_bytes}
    level = 1 if event.state == "full" else 2
    raise_alarm(tx, f"storage_{event.state}", level, None, f"{key}:{event.state}", facts)


def on_forecast(tx: Transaction, event: RetentionForecast) -> None:
    """What must be kept does not fit, or fits again."""
    found = event.forecast
    if found.holds:
        end_alarm(tx, "storage:floor", tx.now_us())
        return
    zh, en = arithmetic(found)
    facts = {
        "streams": found.streams, "bytes_a_day": found.bytes_a_day, "needed_bytes": found.needed_bytes,
        "usable_bytes": found.usable_bytes, "days_held": found.days_held,
        "arithmetic_zh": zh, "arithmetic_en": en,
    }  # fmt: skip
    raise_alarm(tx, "storage_floor", 2, None, "storage:floor", facts)


def on_backup_failed(tx: Transaction, event: BackupFailed) -> None:
    kind = _BACKUP_ALARMS[event.stage]
    raise_alarm(tx, kind, 2, None, f"backup:{event.stage}", {"problem": event.problem})


def on_backup_made(tx: Transaction, _: BackupMade) -> None:
    end_alarm(tx, "backup:make", tx.now_us())


def on_drill_held(tx: Transaction, _: DrillHeld) -> None:
    end_alarm(tx, "backup:drill", tx.now_us())


def on_division_moved(tx: Transaction, event: DivisionMoved) -> None:
    """Alarms stand where their cameras stand."""
    rewrite_prefix(tx, Alarm.division_path, event.old_path, event.new_path)


def raise_alarm(
    tx: Transaction, kind: str, level: int, channel: str | None, key: str, facts: dict[str, Any]
) -> Alarm:
    """Raise an alarm, or count it onto the open one of the same key."""
    now = tx.now_us()
    known = _open(tx.session, key)
    if known is not None:
        known.count += 1
        known.last_us, known.ended_us, known.facts = now, None, known.facts | facts
        tx.publish(AlarmChanged(known.id))
        return known
    camera = standing(tx.session, channel) if channel else None
    row = Alarm(
        id=new_id("al"), kind=kind, level=level, merge_key=key, channel=channel,
        division_path=camera.division_path if camera else "",
        organisation_path=camera.organisation_path if camera else "",
        facts=facts | ({"name": camera.name} if camera else {}), count=1, raised_us=now, last_us=now,
        ended_us=None, state="new", owner=None, owner_name=None, claimed_us=None, resolved_us=None,
        outcome=None, note=None,
    )  # fmt: skip
    tx.session.add(row)
    tx.session.flush()
    record(tx, SYSTEM, "alarm.raise", Object("alarm", row.id), {"kind": kind, "channel": channel or ""})
    tx.publish(AlarmChanged(row.id))
    return row


def end_alarm(tx: Transaction, key: str, at_us: int) -> None:
    """The cause went away; one that nobody has claimed is closed by itself."""
    known = _open(tx.session, key)
    if known is None or known.ended_us is not None:
        return
    known.ended_us = at_us
    if known.state == "new":
        known.state, known.resolved_us, known.outcome = "resolved", tx.now_us(), "recovered"
    tx.publish(AlarmChanged(known.id))


def claim(tx: Transaction, caller: Caller, scope: Scope, alarm: str) -> AlarmOut:
    """Take an alarm. Raises OPS-010 where another has it, REQ-404 outside the scope."""
    row = _one(tx.session, scope, alarm)
    if row.state != "new":
        raise MingjingError(ALARM_TAKEN, owner=row.owner_name or "—")
    row.state, row.owner, row.owner_name, row.claimed_us = "claimed", caller.user, caller.name, tx.now_us()
    record(tx, caller.actor, "alarm.claim", Object("alarm", alarm), {"kind": row.kind})
    tx.publish(AlarmChanged(alarm))
    return present(row)


def resolve(tx: Transaction, actor: Actor, scope: Scope, alarm: str, result: Resolution) -> AlarmOut:
    """Close an alarm with its outcome. Raises OPS-010 for one that is closed, REQ-404 outside the scope."""
    row = _one(tx.session, scope, alarm)
    if row.state == "resolved":
        raise MingjingError(ALARM_TAKEN, owner=row.owner_name or "—")
    row.state, row.resolved_us = "resolved", tx.now_us()
    row.outcome, row.note = result.outcome, result.note
    record(tx, actor, "alarm.resolve", Object("alarm", alarm), {"outcome": result.outcome})
    tx.publish(AlarmChanged(alarm))
    return present(row)


def alarms(
    session: Session, scope: Scope, state: str | None, limit: int, after: str | None
) -> Page[AlarmOut]:
    """Alarms in scope, newest first. Those of no camera concern everybody who may read alarms."""
    conditions: list[ColumnElement[bool]] = [
        (Alarm.channel.is_(None)) | scope.where(Alarm.division_path, Alarm.organisation_path, Alarm.channel)
    ]
    if state == "open":
        conditions.append(Alarm.state != "resolved")
    elif state is not None:
        conditions.append(Alarm.state == state)
    total = session.scalar(select(func.count()).select_from(Alarm).where(*conditions)) or 0
    last = position(after)
    if last is not None and last.isdecimal():
        conditions.append(Alarm.raised_us < int(last))
    rows = session.scalars(
        select(Alarm).where(*conditions).order_by(Alarm.raised_us.desc()).limit(limit + 1)
    ).all()
    return cut(rows, limit, total, lambda row: str(row.raised_us)).map(present)


def placed_at(session: Session, alarm: str) -> tuple[str, str, str | None]:
    """Where an alarm stands: division path, organisation path, channel. For those who pass it on."""
    row = session.get_one(Alarm, alarm)
    return row.division_path, row.organisation_path, row.channel


def present(row: Alarm) -> AlarmOut:
    title = TITLES[row.kind].filled(row.facts)
    return AlarmOut.model_validate(
        {name: getattr(row, name) for name in AlarmOut.model_fields if name not in {"title", "title_en"}}
        | {"title": title.zh, "title_en": title.en}
    )


def _open(session: Session, key: str) -> Alarm | None:
    return session.scalars(select(Alarm).where(Alarm.merge_key == key, Alarm.state != "resolved")).first()


def _one(session: Session, scope: Scope, alarm: str) -> Alarm:
    row = session.get(Alarm, alarm)
    if row is None or not (
        row.channel is None or scope.covers(row.division_path, row.organisation_path, row.channel)
    ):
        raise MingjingError(NOT_FOUND)
    return row
