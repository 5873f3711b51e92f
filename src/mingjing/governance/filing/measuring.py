"""What a night measures of each system's recordings, to be held against what was filed of it (SC799, 14 and 29)."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mingjing.governance.filing.model import MeasurementRow
from mingjing.kernel.clock import DAY_US, HOUR_US
from mingjing.kernel.db import Database
from mingjing.law.days import day_of
from mingjing.law.facts import LostCamera, Measurement
from mingjing.recording.queries import Reach, away, reaches
from mingjing.registry.dossiers.queries import cameras_of, gone_from
from mingjing.registry.systems.queries import standing

RECENT_US: Final = 7 * DAY_US
"""A camera that was recorded within so long is at work."""
AT_ONCE: Final = 500


def measure_everything(database: Database, stopping: Callable[[], bool] = lambda: False) -> None:
    """Measure every system, in many transactions, until `stopping`."""
    with database.reading() as session:
        systems = [identifier for identifier, _ in standing(session)]
        found = {one.channel: one for one in reaches(session)}
    now_us = database.clock.now_us()
    for start in range(0, len(systems), AT_ONCE):
        if stopping():
            return
        part = systems[start : start + AT_ONCE]
        with database.transaction() as tx:
            measured = _measured(tx.session, part, found, now_us)
            tx.session.execute(delete(MeasurementRow).where(MeasurementRow.system.in_(part)))
            tx.session.add_all(
                MeasurementRow(
                    system=system, measured=day_of(now_us), recorded=one.recorded, kept_days=one.kept_days,
                    grown_days=one.grown_days,
                )
                for system, one in measured.items()
            )  # fmt: skip


def measurements(session: Session, systems: Sequence[str]) -> dict[str, Measurement]:
    """What was measured last of each system, for the program's own work."""
    rows = session.scalars(select(MeasurementRow).where(MeasurementRow.system.in_(list(systems))))
    return {row.system: Measurement(row.recorded, row.kept_days, row.grown_days) for row in rows}


def lost(session: Session, systems: Sequence[str], now_us: int) -> dict[str, list[LostCamera]]:
    """By system, cameras that have left the register, and those whose recording has been missing for a day or more."""
    gone = away(session, now_us - DAY_US)
    found: defaultdict[str, list[LostCamera]] = defaultdict(list)
    for one in gone_from(session, systems, list(gone)):
        since = one.removed_us if one.removed_us is not None else gone.get(one.camera)
        if since is not None:
            found[one.system].append(
                LostCamera(one.camera, one.name, day_of(since), one.removed_us is not None)
            )
    return found


def _measured(
    session: Session, systems: Sequence[str], found: Mapping[str, Reach], now_us: int
) -> dict[str, Measurement]:
    of: defaultdict[str, list[Reach]] = defaultdict(list)
    for one in cameras_of(session, systems):
        if one.removed_us is None and one.camera in found:
            of[one.system].append(found[one.camera])
    return {system: _reach(of[system], now_us) for system in systems}


def _reach(cameras: Sequence[Reach], now_us: int) -> Measurement:
    kept = [_days(one.deleted_us, now_us) for one in cameras if one.deleted_us is not None]
    grown = [_days(one.first_us, now_us) for one in cameras if one.deleted_us is None]
    recent = sum(1 for one in cameras if one.last_us is not None and one.last_us > now_us - RECENT_US)
    return Measurement(recent, min(kept, default=None), min(grown, default=None))


def _days(since_us: int, now_us: int) -> int:
    # What is deleted goes by whole files: the last minutes of a day count as the day.
    return max(0, (now_us - since_us + HOUR_US) // DAY_US)
