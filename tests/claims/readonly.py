"""R6: a disk that turns read-only or vanishes is told at once, costs its own recordings only, and heals by itself.

`python -m tests.claims.readonly [--flips N] [--streams N] [--away S]` prints one JSON line. Recordings go to an ext4 of its own
in an image file. By turns its kernel meets an error and makes it read-only, as `errors=remount-ro` does; it is shut
down and taken off its directory, as a disk that was pulled out; and it is taken off whole, so that open files would
still take what nobody finds. It is checked and mounted again on a device of another name, the whole one as it is,
beside the running program. One root is written to (decision 0053), so what other disks'
streams feel is seen on a second installation, which records on a disk of its own. Needs root, for the mounts.
"""

import argparse
import errno
import fcntl
import os
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.claims import measured, recovered
from tests.claims.cameras import Cameras
from tests.claims.restart import anew, parts
from tests.claims.rig import Rig, Row, start_both, until, wall_us

ALARM_S = 10.0
BOUND_S = 60.0
GOING_DOWN = 0x8004587D
"""`EXT4_IOC_SHUTDOWN`, `_IOR('X', 125, __u32)`."""
WITHOUT_FLUSH = 2


class FailingDisk:
    """An ext4 in an image file, on a loop device. A context manager."""

    def __init__(self, at: Path, mib: int = 128) -> None:
        self.at = at
        self.image = at.with_suffix(".img")
        with self.image.open("wb") as image:
            image.truncate(mib << 20)
        at.mkdir()
        _run("mkfs.ext4", "-qF", str(self.image))

    def mount(self) -> None:
        """Check it as after a failure, and mount it by a loop device that it was not mounted by before."""
        checked = subprocess.run(["e2fsck", "-fy", str(self.image)], capture_output=True, check=False)
        assert checked.returncode in (0, 1), checked
        self.device = _run("losetup", "--find", "--show", str(self.image))
        _run("mount", "-o", "errors=remount-ro", self.device, str(self.at))
        # Goes with the last who uses it.
        _run("losetup", "--detach", self.device)

    def turn_read_only(self) -> None:
        trigger = Path("/sys/fs/ext4", Path(self.device).name, "trigger_fs_error")
        trigger.write_text("mingjing-claim", encoding="ascii")
        assert self._refusal() == errno.EROFS, "the fault did not happen: it is writable"

    def pull_out(self) -> None:
        handle = os.open(self.at, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, GOING_DOWN, struct.pack("I", WITHOUT_FLUSH))
        finally:
            os.close(handle)
        assert self._refusal() == errno.EIO, "the fault did not happen: it answers"
        self.take_off()

    def take_off(self) -> None:
        if self.at.is_mount():
            _run("umount", "--lazy", str(self.at))
        assert not self.at.is_mount(), "the fault did not happen: it is still there"

    def mend(self) -> None:
        """What was on it when it went, on a medium of its own: the kernel still holds pages of a disk that is gone, and
        through its old device they would reach the file that is mounted anew."""
        self.take_off()
        gone, self.image = self.image, self.image.with_suffix(".mended")
        _run("cp", "--sparse=always", str(gone), str(self.image))
        gone.unlink()
        self.image = self.image.rename(gone)
        self.mount()

    def put_back(self) -> None:
        """Mount it as it is: whoever has a file open on it has kept it alive."""
        _run("mount", "-o", "errors=remount-ro", self.device, str(self.at))

    def _refusal(self) -> int | None:
        try:
            (self.at / "refused").touch()
        except OSError as problem:
            return problem.errno
        return None

    def __enter__(self) -> "FailingDisk":
        self.mount()
        return self

    def __exit__(self, *_: object) -> None:
        self.take_off()


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout.strip()


def run(folder: Path, flips: int, streams: int, away_s: float) -> dict[str, Any]:
    """`away_s`: how long the disk stays away after all is told."""
    for name in ("here", "elsewhere"):
        (folder / name).mkdir()
    with (
        FailingDisk(folder / "disk") as disk,
        Cameras(folder / "here", streams) as cameras,
        Cameras(folder / "elsewhere", 1) as others,
    ):
        rig = Rig(folder / "here", storage=disk.at / "recordings")
        other = Rig(folder / "elsewhere")
        try:
            start_both(rig, other)
            names, apart = rig.enter(cameras), other.enter(others)
            until("recording", BOUND_S, lambda: rig.growing(names) and other.growing(apart))
            until("something acknowledged", BOUND_S, lambda: {row.stream for row in rig.rows()} >= set(names))
            from_us = wall_us()
            faults = [
                (disk.turn_read_only, disk.mend),
                (disk.pull_out, disk.mend),
                (disk.take_off, disk.put_back),
            ]
            flipped = [_flip(rig, *faults[turn % len(faults)], names, away_s) for turn in range(flips)]
            until_us = wall_us()
            assert rig.alive(), rig.tail()
            assert other.alive(), other.tail()
            rig.stop()
            other.stop()
        finally:
            rig.abandon()
            other.abandon()
        here = _judge(rig, names, flipped)
        return here | _judge_elsewhere(other, apart, from_us, until_us) | {"n": flips, "streams": streams}


def _flip(
    rig: Rig, fail: Callable[[], None], mend: Callable[[], None], streams: Sequence[str], away_s: float
) -> dict[str, Any]:
    acknowledged = [row for row in rig.rows() if row.state == "stored"]
    before = parts(rig)
    assert len({file.parent.parent for file in before}) == len(streams), (
        "the fault hits no file that is written"
    )
    from_us, began = wall_us(), time.monotonic()
    fail()
    alarm = (
        "SELECT count(*) FROM alarms WHERE kind = 'storage_fault' AND last_us >= ? AND state != 'resolved'"
    )
    until("the alarm", BOUND_S, lambda: rig.ask(alarm, from_us)[0][0])
    alarm_s = time.monotonic() - began
    gap = "SELECT count(DISTINCT stream_no) FROM record_gaps WHERE reason = 'disk_fault' AND until_us IS NULL"
    until("a gap with its reason", BOUND_S, lambda: rig.ask(gap)[0][0] == len(streams))
    gap_s = time.monotonic() - began
    time.sleep(away_s)
    assert rig.alive(), rig.tail()
    assert rig.ask(alarm, from_us)[0][0], "the alarm ended before the fault did"
    assert rig.ask(gap)[0][0] == len(streams), "a gap ended before the fault did"
    mend()
    mended_us, mended = wall_us(), time.monotonic()
    until("recording again", BOUND_S, lambda: anew(rig, list(streams), before))
    resume_s = time.monotonic() - mended
    until("the end of the alarm", BOUND_S, lambda: not rig.ask(alarm, from_us)[0][0])
    return {
        "acknowledged": acknowledged, "from_us": from_us, "mended_us": mended_us,
        "alarm_s": alarm_s, "gap_s": gap_s, "resume_s": resume_s,
    }  # fmt: skip


def _judge(rig: Rig, streams: list[str], flipped: list[dict[str, Any]]) -> dict[str, Any]:
    rows = rig.rows()
    acknowledged: dict[str, Row] = {row.id: row for flip in flipped for row in flip["acknowledged"]}
    lost = [name for name in acknowledged if name not in {row.id for row in rows}]
    lost += recovered.unsound(rig.storage, acknowledged.values())
    pictures = recovered.by_stream(rig.storage)
    return {
        "alarm_s_max": round(max(flip["alarm_s"] for flip in flipped), 1),
        "gap_s_max": round(max(flip["gap_s"] for flip in flipped), 1),
        "resume_s_max": round(max(flip["resume_s"] for flip in flipped), 1),
        "acknowledged": len(acknowledged),
        "lost_acked": lost,
        "unsound": recovered.unsound(rig.storage, [row for row in rows if row.state == "stored"]),
        "not_again": [name for name in streams if not _stored_after(rows, name, flipped[-1]["mended_us"])],
        "overlaps": recovered.overlaps(rows),
        "doubled": sum(recovered.doubled(pictures[stream]) for stream in streams),
        "unexplained_s": round(max(_unexplained_s(rig, stream, pictures[stream]) for stream in streams), 1),
    }


def _stored_after(rows: list[Row], stream: str, at_us: int) -> bool:
    return any(row.stream == stream and row.end_us > at_us and row.state == "stored" for row in rows)


def _unexplained_s(rig: Rig, stream: str, pictures: list[recovered.Frame]) -> float:
    return recovered.unexplained_s(pictures, rig.gaps(stream))


def _judge_elsewhere(rig: Rig, streams: list[str], from_us: int, until_us: int) -> dict[str, Any]:
    pictures = recovered.by_stream(rig.storage)
    gaps = "SELECT count(*) FROM record_gaps WHERE until_us IS NULL OR until_us > ?"
    return {
        "elsewhere_missing": sum(recovered.holes(pictures[name], from_us, until_us) for name in streams),
        "elsewhere_gaps": rig.ask(gaps, from_us)[0][0],
        "elsewhere_pictures": sum(from_us <= one.wall_us <= until_us for one in pictures[streams[0]]),
    }


def holds(found: dict[str, Any], *, timed: bool = True) -> bool:
    """The promise of R6; without its times where `timed` is false."""
    clean = not (found["lost_acked"] or found["unsound"] or found["overlaps"] or found["doubled"])
    clean = clean and found["acknowledged"] > 0 and not found["not_again"]
    clean = clean and found["unexplained_s"] <= recovered.EXPLAINED_S
    apart = found["elsewhere_pictures"] > 0 and not (found["elsewhere_missing"] or found["elsewhere_gaps"])
    return bool(clean and apart and (found["alarm_s_max"] <= ALARM_S or not timed))


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="readonly", description=__doc__)
    options.add_argument("--flips", "-n", type=int, default=6)
    options.add_argument("--streams", type=int, default=2)
    options.add_argument("--away", type=float, default=10.0, help="seconds")
    chosen = options.parse_args(arguments)
    if os.geteuid() != 0:
        print("R6 needs root: it mounts a small file system", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), chosen.flips, chosen.streams, chosen.away)
    return measured.ended("R6", **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())
