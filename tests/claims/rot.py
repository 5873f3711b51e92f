"""R17: what rots or is tampered with on disk is found, named, marked for whoever plays it, and never hidden.

`python -m tests.claims.rot [--edits N] [--all SEGMENTS [--part K/N]] [--seed N]` prints one JSON line. The real program
records and is stopped; then files are edited a byte at a time, cut, ended in zeros, put in each other's place, or
replaced by a recording that is sound in itself. Each round damages all files but one, asks `verify` at hash depth, and
puts back what was there. `--all` edits every byte of so many segments instead. In the end one file stays damaged: the
program is started, and asked by a person what it says of it.
"""

import argparse
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mingjing import _media
from mingjing.cli.archive import Opened, archive
from mingjing.recording import archive as files
from tests.claims import measured
from tests.claims.cameras import Cameras
from tests.claims.person import Person
from tests.claims.rig import Rig, Row, until, wall_us

CAMERAS = 5
RECORDED_S = 3.0

STREAM = "ch_forgedforged22.main"
STREAM_US = 1_750_000_000_000_000


@dataclass
class Judged:
    """What was damaged and what was said of it."""

    damaged: int = 0
    unfound: list[str] = field(default_factory=list)
    false_alarms: list[str] = field(default_factory=list)

    def add(self, what: str, damaged: set[str], told: set[str]) -> None:
        self.damaged += len(damaged)
        self.unfound += [f"{what}: {name}" for name in sorted(damaged - told)]
        self.false_alarms += [f"{what}: {name}" for name in sorted(told - damaged)]


@dataclass(frozen=True)
class Kept:
    """A recording as it was written."""

    id: str
    path: Path
    bytes: bytes


def run(folder: Path, edits: int, seed: int, whole: int = 0, part: int = 0, parts: int = 1) -> dict[str, Any]:
    chance = random.Random(seed)  # noqa: S311 - where to damage, no secret
    rig = Rig(folder)
    with Cameras(folder, CAMERAS) as cameras:
        try:
            rig.start()
            names = rig.enter(cameras)
            password = rig.person("viewer", "duty_officer")
            until("recording", 60, lambda: rig.growing(names))
            until("enough recordings", 120 + 10 * whole, lambda: len(rig.rows()) >= whole)
            time.sleep(RECORDED_S)
            rig.stop()
            forged = _bring_in_forged(rig)
            judged = Judged()
            with archive(rig.settings) as at:
                kept = [Kept(row.id, rig.storage / row.path, (rig.storage / row.path).read_bytes())
                        for row in rig.rows() if row.stream in names]  # fmt: skip
                judged.add("untouched", set(), _told(at))
                places = (
                    {one.id: list(range(part, len(one.bytes), parts)) for one in kept[:whole]}
                    if whole
                    else _places(kept, edits, chance)
                )
                bytes_edited = _edit(at, judged, kept, places, chance)
                _by_other_means(at, judged, kept, chance)
                judged.add("forged", {forged.id}, _told_while(at, forged))
                judged.add("put back", set(), _told(at))
            _as_before(rig)
            shown = _shown(rig, password, names[0])
        finally:
            rig.abandon()
    return {
        "n": bytes_edited, "damaged": judged.damaged, "unfound": judged.unfound[:20],
        "false_alarms": judged.false_alarms[:20], "segments": len(kept), "seed": seed, **shown,
    }  # fmt: skip


def _told(at: Opened) -> set[str]:
    """The segments that `mingjing verify recordings --depth hash` names."""
    found = files.verify(at.database, at.recording, "hash")
    return {item.segment for item in found if isinstance(item, files.Fault)}


@contextmanager
def _changed(one: Kept, to: bytes) -> Iterator[None]:
    """The file damaged, then as it was. Asserts that it differs meanwhile."""
    assert to != one.bytes, "the fault did not happen: nothing was changed"
    one.path.write_bytes(to)
    try:
        yield
    finally:
        one.path.write_bytes(one.bytes)


def _edit(
    at: Opened, judged: Judged, kept: list[Kept], places: dict[str, list[int]], chance: random.Random
) -> int:
    """A byte changed in each file but one, again and again; how many were changed."""
    done = 0
    while places:
        spared = chance.choice(kept)
        damaged: dict[str, tuple[Kept, int]] = {}
        for one in kept:
            if one is not spared and places.get(one.id):
                damaged[one.id] = (one, places[one.id].pop())
            if not places.get(one.id, True):
                del places[one.id]
        if not damaged:
            continue
        for one, place in damaged.values():
            _put(one, place, one.bytes[place] ^ chance.randrange(1, 256))
        judged.add("byte", set(damaged), _told(at))
        for one, place in damaged.values():
            _put(one, place, one.bytes[place])
        done += len(damaged)
    return done


def _places(kept: list[Kept], edits: int, chance: random.Random) -> dict[str, list[int]]:
    """Where each file is to be changed: anywhere, and its first and last bytes for certain."""
    found = {}
    for one in kept:
        ends = [*range(64), *range(len(one.bytes) - 64, len(one.bytes))]
        most = max(edits // len(kept) + 1, 8)
        anywhere = [chance.randrange(len(one.bytes)) for _ in range(most)]
        found[one.id] = [*anywhere, *ends][:most] if most < len(ends) else [*ends, *anywhere][:most]
    return found


def _put(one: Kept, place: int, byte: int) -> None:
    handle = os.open(one.path, os.O_WRONLY)
    try:
        assert os.pwrite(handle, bytes([byte]), place) == 1
    finally:
        os.close(handle)


def _by_other_means(at: Opened, judged: Judged, kept: list[Kept], chance: random.Random) -> None:
    for one in kept:
        length = len(one.bytes)
        tail = chance.randrange(1, length // 2)
        lies: dict[str, bytes] = {
            "cut by one": one.bytes[:-1],
            "cut": one.bytes[: chance.randrange(length)],
            "empty": b"",
            "longer": one.bytes + b"\0",
            "ends in zeros": one.bytes[:-tail] + bytes(tail),
            "zeros inside": one.bytes[: length // 2] + bytes(512) + one.bytes[length // 2 + 512 :],
        }
        for what, lie in lies.items():
            with _changed(one, lie):
                judged.add(what, {one.id}, _told(at))
        one.path.unlink()
        judged.add("gone", {one.id}, _told(at))
        one.path.write_bytes(one.bytes)
    for left, right in zip(kept, [*kept[1:], kept[0]], strict=True):
        with _changed(left, right.bytes), _changed(right, left.bytes):
            judged.add("swapped", {left.id, right.id}, _told(at))


@dataclass(frozen=True)
class Forged:
    """A recording with its path, and what someone who can seal files anew would put there."""

    id: str
    path: Path
    lie: bytes


def _bring_in_forged(rig: Rig) -> Forged:
    """Bring a clip in, and the same clip with one bit of a picture changed into another root: same name and length."""
    clip = rig.folder / "small.mp4"
    source = "testsrc=size=64x48:rate=2:duration=2"
    command = ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", source, "-c:v", "libx264", "-preset"]
    command += ["ultrafast", "-bf", "0", "-g", "2", "-pix_fmt", "yuv420p", str(clip)]
    subprocess.run(command, check=True, timeout=60)
    changed = bytearray(clip.read_bytes())
    data = changed.index(b"mdat")
    changed[data + int.from_bytes(changed[data - 4 : data], "big") - 10] ^= 1
    lie = rig.folder / "lie.mp4"
    lie.write_bytes(changed)
    elsewhere = rig.folder / "elsewhere"
    elsewhere.mkdir()
    true = json.loads(_media.import_file(str(rig.storage), str(clip), STREAM, STREAM_US, 60))
    false = json.loads(_media.import_file(str(elsewhere), str(lie), STREAM, STREAM_US, 60))
    with archive(rig.settings) as at:
        files.rebuild(at.database, at.recording)
    (one,), (other,) = true, false
    assert (one["path"], one["bytes"]) == (other["path"], other["bytes"])
    assert one["digest"] != other["digest"], "the fault did not happen: the same recording"
    assert json.loads(_media.verify_segment(str(elsewhere / other["path"]), "hash"))["ok"]
    return Forged(one["id"], rig.storage / one["path"], (elsewhere / other["path"]).read_bytes())


def _told_while(at: Opened, forged: Forged) -> set[str]:
    true = forged.path.read_bytes()
    with _changed(Kept(forged.id, forged.path, true), forged.lie):
        return _told(at)


def _as_before(rig: Rig) -> None:
    """The index as if nothing had ever been found: the files are whole again."""
    with closing(sqlite3.connect(rig.data / "mingjing.sqlite3")) as store, store:
        store.execute("UPDATE segments SET state = 'stored'")
        store.execute("UPDATE record_spans SET kind = 'recorded' WHERE kind = 'suspect'")


def _shown(rig: Rig, password: str, stream: str) -> dict[str, Any]:
    """What a person is told of a damaged picture, by the command's marks and at the playback door."""
    rig.start()
    until("the start's check and a second recording", 60, lambda: _two(rig, stream))
    rows = _two(rig, stream)
    bad, good = rows[0], rows[1]
    person = Person(rig, "viewer", password)
    before = _seen(person, rows)
    path = rig.storage / bad.path
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    path.write_bytes(damaged)
    code = _command(rig)
    after = _seen(person, rows)
    span = person.get("/recordings/timeline", channels=stream.partition(".")[0],
                      from_us=bad.start_us, until_us=bad.end_us)  # fmt: skip
    player = person.player(stream.partition(".")[0], rows[0].start_us, wall_us())
    status, body = player.ask(bad.id, "bytes")
    table, _ = player.ask(bad.id, "table")
    alarms = rig.ask("SELECT count(*) FROM alarms WHERE kind = 'segment_doubted' AND state = 'new'")[0][0]
    journal = rig.ask("SELECT count(*) FROM journal WHERE action = 'recording.damage' AND object = ?", bad.id)
    found = {
        "command_exit": code,
        "marked": before[bad.id] == "stored" and after[bad.id] == "suspect",
        "marked_falsely": [name for name, state in after.items() if name != bad.id and state != "stored"],
        "timeline": sorted({one["kind"] for one in span["lanes"][0]["spans"]}),
        "played": (table, status) == (200, 200) and body == bytes(damaged),
        "good_played": player.ask(good.id, "bytes") == (200, (rig.storage / good.path).read_bytes()),
        "alarms": alarms,
        "journalled": journal[0][0],
    }
    rig.stop()
    return found


def _two(rig: Rig, stream: str) -> list[Row]:
    rows = [row for row in rig.rows() if row.stream == stream]
    return rows if len(rows) > 1 else []


def _seen(person: Person, rows: list[Row]) -> dict[str, str]:
    channel = rows[0].stream.partition(".")[0]
    found = person.get(
        "/recordings/segments", channel=channel, from_us=rows[0].start_us, until_us=rows[-1].end_us
    )
    return {one["id"]: one["state"] for one in found["items"]}


def _command(rig: Rig) -> int:
    command = [sys.executable, "-m", "mingjing", "verify", "recordings", "--depth", "hash"]
    done = subprocess.run(
        command, env=os.environ | rig.environment, capture_output=True, timeout=120, check=False
    )
    return done.returncode


def holds(found: dict[str, Any]) -> bool:
    """The promise of R17."""
    all_found = found["damaged"] > 0 and not found["unfound"] and not found["false_alarms"]
    marked = found["marked"] and not found["marked_falsely"] and found["timeline"] == ["suspect"]
    told = found["command_exit"] == 1 and found["alarms"] > 0 and found["journalled"] > 0
    return bool(all_found and marked and told and found["played"] and found["good_played"])


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="rot", description=__doc__)
    options.add_argument("--edits", "-n", type=int, default=2000)
    options.add_argument("--all", type=int, default=0, help="edit every byte of so many segments")
    options.add_argument("--part", default="0/1", help="K/N: of these bytes, each Nth from the Kth on")
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args(arguments)
    part, parts = map(int, chosen.part.split("/"))
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        found = run(Path(folder), chosen.edits, chosen.seed, chosen.all, part, parts)
        found["seconds"] = round(time.monotonic() - began)
    return measured.ended("R17", **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())
