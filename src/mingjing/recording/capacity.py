"""The arithmetic of disks: how long they last, and whether they can hold what the plans promise. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from mingjing.recording.rules import DAY_US

ASSUMED_BPS = 4_000_000
"""Bits a second assumed for a stream that was never measured: 1080p H.264 at common camera settings."""

RESERVE_PERMILLE = 50
"""Part of a pool that is left alone: file systems slow down, and the database needs room, when quite full."""

WARN_PERMILLE = 850
"""Use at which a warning is raised, where the forecast is not worse."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one recorded stream puts on the disks."""

    stream: str
    bitrate_bps: int
    measured: bool
    due_permille: int
    """Part of the week in which its plan wants it, in thousandths."""
    retention_days: int

    @property
    def bytes_a_day(self) -> int:
        return self.bitrate_bps * 86_400 * self.due_permille // 8_000

    @property
    def bytes_for_retention(self) -> int:
        return self.bytes_a_day * self.retention_days


@dataclass(frozen=True, slots=True)
class Pool:
    """One storage pool as the disk reports it."""

    id: str
    total_bytes: int
    free_bytes: int
    recordings_bytes: int

    @property
    def usable_bytes(self) -> int:
        """What recordings may use in all: what they have, and what is free above the reserve."""
        reserve = self.total_bytes * RESERVE_PERMILLE // 1000
        return self.recordings_bytes + max(0, self.free_bytes - reserve)


@dataclass(frozen=True, slots=True)
class Forecast:
    """Whether the disks hold the floor, with every number that the answer rests on."""

    streams: int
    unmeasured: int
    bytes_a_day: int
    needed_bytes: int
    usable_bytes: int
    days_until_full: float | None
    days_held: float | None

    @property
    def holds(self) -> bool:
        return self.needed_bytes <= self.usable_bytes


def forecast(loads: Sequence[Load], pools: Sequence[Pool]) -> Forecast:
    """How long until the pools are full at the present rate if nothing is deleted, and what they can hold."""
    daily = sum(load.bytes_a_day for load in loads)
    usable = sum(pool.usable_bytes for pool in pools)
    left = usable - sum(pool.recordings_bytes for pool in pools)
    return Forecast(
        streams=len(loads),
        unmeasured=sum(not load.measured for load in loads),
        bytes_a_day=daily,
        needed_bytes=sum(load.bytes_for_retention for load in loads),
        usable_bytes=usable,
        days_until_full=round(left / daily, 1) if daily else None,
        days_held=round(usable / daily, 1) if daily else None,
    )


def arithmetic(found: Forecast) -> tuple[str, str]:
    """The sum in words, Chinese and English, as the console shows it."""
    need, have = bytes_text(found.needed_bytes), bytes_text(found.usable_bytes)
    daily = bytes_text(found.bytes_a_day)
    guess_zh = f"（其中 {found.unmeasured} 路未实测，按 4 Mbit/s 计）" if found.unmeasured else ""
    guess_en = f" ({found.unmeasured} not yet measured, taken as 4 Mbit/s)" if found.unmeasured else ""
    sign = "≤" if found.holds else ">"
    return (
        f"{found.streams} 路{guess_zh}，每日 {daily}，按各自保存期共需 {need} {sign} 可用 {have}",
        f"{found.streams} streams{guess_en}, {daily} a day, for their retention {need} {sign} usable {have}",
    )


def bytes_text(count: int) -> str:
    """`1.36 TB`: decimal units as disks are sold."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if abs(value) < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.2f} {unit}"
        value /= 1000
    return f"{value:.2f} PB"


def due_permille(week_due_us: int) -> int:
    """The part of a week that is due, in thousandths, rounded up so that nothing is underestimated."""
    return -(-week_due_us * 1000 // (7 * DAY_US))
