"""R21: a decoder that is killed, crashes, hangs or is poisoned costs its picture and nothing else.

`python -m tests.claims.worker [--rounds N] [--seed N]` prints one JSON line. The real program records; a person asks
for pictures. The decoding child is sent SIGKILL, SIGSEGV, and SIGSTOP (it never answers again, as an endless decode),
and a recorded file is replaced by what no camera sends: noise, a good head over noise, a picture that says that it is a
gigapixel. Every asked picture must end in the error that says so; after each the next picture must come, which is
timed, and the numbers in the recorded pictures must have no hole. Files are not quarantined yet: each asking decodes
again, in a child.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.claims import measured, recovered
from tests.claims.cameras import Cameras
from tests.claims.person import Person
from tests.claims.rig import Rig, Row, until, wall_us

NEXT_S = 2.0
STOPPED_S = 12.0
"""The program waits ten seconds for a picture."""

JPEG = b"\xff\xd8\xff"
SIGNALS = {"SIGKILL": signal.SIGKILL, "SIGSEGV": signal.SIGSEGV, "SIGSTOP": signal.SIGSTOP}


def run(folder: Path, rounds: int, seed: int) -> dict[str, Any]:
    chance = random.Random(seed)  # noqa: S311 - noise, no secret
    rig = Rig(folder)
    with Cameras(folder, 2) as cameras:
        try:
            rig.start()
            names = rig.enter(cameras)
            password = rig.person("viewer", "duty_officer")
            until("recording", 60, lambda: rig.growing(names))
            time.sleep(1)
            rig.stop()
            rig.start()
            until("recording again", 60, lambda: rig.growing(names))
            from_us = wall_us()
            asked = Asked(rig, Person(rig, "viewer", password), rig.rows()[0], names[1])
            for _ in range(rounds):
                for name in SIGNALS:
                    asked.struck(name)
                for name, poison in _poisons(asked.good, chance).items():
                    asked.poisoned(name, poison)
            until_us = wall_us()
            time.sleep(1)
            assert rig.alive(), rig.tail()
            left = _children(rig)
            rig.stop()
        finally:
            rig.abandon()
    pictures = {name: [one for one in found if one.wall_us >= from_us]
                for name, found in recovered.by_stream(rig.storage).items()}  # fmt: skip
    return {
        "n": asked.faults, "answers": asked.answers, "wrong": asked.wrong, "next_s_max": round(max(asked.next_s), 1),
        "missing": sum(recovered.holes(pictures[name], from_us, until_us) for name in names),
        "doubled": sum(recovered.doubled(pictures[name]) for name in names),
        "recorded": sum(len(pictures[name]) for name in names), "left_children": left, "seed": seed,
    }  # fmt: skip


class Asked:
    """Asks for pictures, and does something to each; keeps what was answered."""

    def __init__(self, rig: Rig, person: Person, row: Row, live: str) -> None:
        self._rig, self._person, self._row = rig, person, row
        self._path = rig.storage / row.path
        self._live = live.partition(".")[0]
        self.good = self._path.read_bytes()
        self.faults = 0
        self.answers: dict[str, list[int | str]] = {}
        self.wrong: list[str] = []
        self.next_s: list[float] = []
        status, body = self._recorded()
        assert (status, body[:3]) == (200, JPEG), (status, body[:300])

    def struck(self, name: str) -> None:
        """A child gets a signal while it works."""
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(self._recorded)
            (child, *_) = until("a child", 10, lambda: _children(self._rig), every_s=0.002)
            os.kill(child, SIGNALS[name])
            if name == "SIGSTOP":
                until("a frozen child", 5, lambda: _state(child) == "T", every_s=0.01)
                # While one hangs the others go on.
                self._next()
            status, body = answer.result(STOPPED_S + 30)
        ends = {"SIGKILL": "exit -9", "SIGSEGV": "exit -11", "SIGSTOP": "no answer within"}
        self._judge(name, status, body, ends[name])

    def poisoned(self, name: str, poison: bytes) -> None:
        """The recorded file is another one while it is asked for."""
        assert poison != self.good, "the fault did not happen: nothing was changed"
        self._path.write_bytes(poison)
        status, body = self._recorded()
        self._path.write_bytes(self.good)
        self._judge(name, status, body, "exit ")

    def _judge(self, name: str, status: int, body: bytes, ending: str) -> None:
        self.faults += 1
        told = json.loads(body) if status != 200 else {}
        self.answers.setdefault(name, []).append(told.get("code", status))
        if told.get("code") != "REC-013" or ending not in json.dumps(told, ensure_ascii=False):
            self.wrong.append(f"{name}: {status} {body[:200]!r}")
        self._next()

    def _next(self) -> None:
        began = time.monotonic()
        status, body = self._person.raw(f"/cameras/{self._live}/snapshot", width=160)
        self.next_s.append(time.monotonic() - began)
        if (status, body[:3]) != (200, JPEG):
            self.wrong.append(f"the next picture: {status} {body[:200]!r}")

    def _recorded(self) -> tuple[int, bytes]:
        channel = self._row.stream.partition(".")[0]
        return self._person.raw(f"/cameras/{channel}/snapshot", at_us=self._row.start_us + 1000)


def _children(rig: Rig) -> list[int]:
    """Decoding children of the program that have become what they are to be."""
    assert rig.process is not None
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes()
            parent = int((folder / "stat").read_text(encoding="ascii").rpartition(")")[2].split()[1])
        except (OSError, UnicodeDecodeError):
            continue  # it ended while we looked
        if parent == rig.process.pid and b"mingjing.media.worker" in line:
            found.append(int(folder.name))
    return found


def _state(process: int) -> str:
    return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]


def _poisons(good: bytes, chance: random.Random) -> dict[str, bytes]:
    """What no camera sends, by name."""
    body = good.index(b"mdat") + 4
    return {
        "noise": chance.randbytes(100_000),
        "a head over noise": good[:body] + chance.randbytes(len(good) - body),
        "a gigapixel": _gigapixel(chance),
        "nothing": b"",
    }


class _Bits:
    """Bits of an H.264 parameter set: ITU-T H.264 §7.3.2, Exp-Golomb codes §9.1."""

    def __init__(self) -> None:
        self._text = ""

    def fixed(self, value: int, width: int) -> "_Bits":
        self._text += f"{value:0{width}b}"
        return self

    def golomb(self, *values: int) -> "_Bits":
        for value in values:
            bits = f"{value + 1:b}"
            self._text += "0" * (len(bits) - 1) + bits
        return self

    def bytes(self) -> bytes:
        text = self._text + "1"
        text += "0" * (-len(text) % 8)
        return bytes(int(text[at : at + 8], 2) for at in range(0, len(text), 8))


def _gigapixel(chance: random.Random) -> bytes:
    """A stream whose parameter set says 32,768 × 32,768, with a key picture of noise."""
    head = _Bits().fixed(66, 8).fixed(0, 8).fixed(62, 8).golomb(0, 0, 2, 1).fixed(0, 1)
    sps = head.golomb(2047, 2047).fixed(0b1100, 4).bytes()
    pps = _Bits().golomb(0, 0).fixed(0, 2).golomb(0, 0, 0).fixed(0, 3).golomb(0, 0, 0).fixed(0, 3).bytes()
    start = b"\0\0\0\1"
    return start + b"\x67" + sps + start + b"\x68" + pps + (start + b"\x65" + chance.randbytes(5000)) * 20


def holds(found: dict[str, Any], *, timed: bool = True) -> bool:
    """The promise of R21 without its quarantine; without its time where `timed` is false."""
    unhurt = found["recorded"] > 0 and not (found["missing"] or found["doubled"] or found["left_children"])
    quick = found["next_s_max"] <= NEXT_S
    return bool(found["n"] > 0 and unhurt and not found["wrong"] and (quick or not timed))


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="worker", description=__doc__)
    options.add_argument("--rounds", "-n", type=int, default=3)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), chosen.rounds, chosen.seed)
    return measured.ended("R21", **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())
