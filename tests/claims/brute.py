"""S5: guessing is bounded by account and by source, tells nobody who exists, and does not keep the rightful user out.

`python -m tests.claims.brute` prints one JSON line and writes `build/claims/S5.json`. Guessers come over days of a
clock that is set, against the real desk and a real database; `told_apart` times the real hash for known and unknown
accounts; `crowded` compares another person's requests to a running program in a calm stretch and under 200 tries/s.
"""

import argparse
import asyncio
import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mingjing.identity.passwords import Passwords
from mingjing.identity.service.sign_in import Desk, Wish, sign_in
from mingjing.identity.settings import IdentitySettings
from mingjing.kernel.clock import DAY_US, HOUR_US, MINUTE_US, SECOND_US, SetClock
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError
from tests.claims import measured
from tests.claims.premises import Premises
from tests.program import Program, program

ACCOUNT_QUARTER, ACCOUNT_DAY, SOURCE_DAY = 10, 100, 300
AUC_MOST, RATIO_MOST = 0.55, 1.5
OWNER_S = 3.0
WRONG = "not-the-password"
QUICK = {"memory_kib": 64, "passes": 1}
"""A hash that costs nothing, for claims about counting."""


@contextmanager
def desk(folder: Path, *, hashing: Mapping[str, int] = QUICK) -> Iterator[tuple[Program, Desk, SetClock]]:
    """The assembled program and its desk, over an empty database and a clock that is set."""
    folder.mkdir()
    clock = SetClock()
    database = Database(f"sqlite:///{folder / 'mingjing.sqlite3'}", clock)
    try:
        at = program(database, folder)
        yield at, Desk(database, Passwords(**hashing), at.desk.sealer, IdentitySettings()), clock
    finally:
        database.close()


def person(at: Program, counting: Desk, account: str) -> str:
    """An account whose password the desk's own hash keeps; the password."""
    user, _ = at.person(account, "duty_officer")
    with at.database.transaction() as tx:
        row = at.changed(user)
        row.password_hash = counting.passwords.hash(f"{account}-own-password")
        tx.session.merge(row)
    return f"{account}-own-password"


def knock(at: Desk, account: str, password: str, source: str, device: str | None = None) -> str:
    """What the desk says: `in`, or the code of its refusal."""
    try:
        sign_in(at, Wish(account, password, None, source, "", device))
    except MingjingError as refusal:
        return refusal.code
    return "in"


def most_within(moments: Sequence[int], window_us: int) -> int:
    """The most of these sorted moments in any window that is open at its far end."""
    return max((bisect_left(moments, at + window_us) - n for n, at in enumerate(moments)), default=0)


def one_account(folder: Path, *, hours: int, every_s: int) -> dict[str, Any]:
    """A crowd guesses at one account, each try from another address; its owner comes every hour."""
    with desk(folder) as (at, counting, clock):
        password = person(at, counting, "owner")
        device = sign_in(counting, Wish("owner", password, None, "10.0.0.1", "", None)).device
        began, looked_at, tries, kept_out = clock.now_us(), [], 0, 0
        while clock.now_us() - began < hours * HOUR_US:
            said = knock(counting, "owner", WRONG, f"203.0.{tries // 250 % 250}.{tries % 250}")
            assert said in {"AUTH-001", "AUTH-005"}, said
            looked_at += [clock.now_us()] if said == "AUTH-001" else []
            if tries % (3600 // every_s) == 0:
                kept_out += knock(counting, "owner", password, "10.0.0.1", device) != "in"
            tries += 1
            clock.advance(every_s * SECOND_US)
    return {
        "account_tries": tries,
        "account_quarter_most": most_within(looked_at, 15 * MINUTE_US),
        "account_day_most": most_within(looked_at, DAY_US),
        "owner_kept_out": kept_out,
    }


def one_source(folder: Path, *, tries: int, network: bool) -> dict[str, Any]:
    """One address, or a network that one customer has, tries many accounts as fast as it may."""
    with desk(folder) as (at, counting, clock):
        password = person(at, counting, "owner")
        device = sign_in(counting, Wish("owner", password, None, "10.0.0.1", "", None)).device
        looked_at: list[int] = []
        for number in range(tries):
            source = f"2001:db8:7:9::{number:x}" if network else "198.51.100.7"
            while (said := knock(counting, f"guess-{number}", WRONG, source)) == "AUTH-008":
                clock.advance(SECOND_US)
            assert said == "AUTH-001", said
            looked_at.append(clock.now_us())
        shared = knock(counting, "owner", password, "198.51.100.7", device)
    waits = [(later - one) // SECOND_US for one, later in pairwise(looked_at)]
    late = waits[SOURCE_DAY - 1 :]
    return {
        "free": sum(wait == 0 for wait in waits) + 1,
        "waits_s": late,
        "grows": late == sorted(set(late)) and bool(late) and late[0] >= 1,
        "owner_there": shared,
    }


def indistinguishable(folder: Path) -> list[str]:
    """Where an unknown account's answers differ from a known one's, byte by byte, up to the lock and beyond."""
    differing = []
    with desk(folder) as (at, counting, _):
        person(at, counting, "known")
        at.app.state.desk = counting
        client = at.client()
        for number in range(ACCOUNT_QUARTER + 2):
            answers = []
            for account in ("known", "unknown"):
                answer = client.post("/api/v1/session", json={"account": account, "password": WRONG})
                answers.append((answer.status_code, answer.content, sorted(answer.headers.items())))
            expected = 401 if number < ACCOUNT_QUARTER else 423
            assert answers[0][0] == expected, answers[0]
            differing += [] if answers[0] == answers[1] else [f"try {number}: {answers}"]
    return differing


def told_apart(folder: Path, *, count: int) -> float:
    """How well time tells known accounts from unknown: 0.5 not at all, 1 always."""
    with desk(folder, hashing={}) as (at, counting, clock):
        for number in range(4):
            person(at, counting, f"known-{number}")
        times: dict[str, list[float]] = {"known": [], "unknown": []}
        for number in range(count + 4):
            # Turn about, so that what drifts hits both.
            for kind in ("known", "unknown") if number % 2 else ("unknown", "known"):
                began = time.perf_counter()
                said = knock(counting, f"{kind}-{number % 4}", WRONG, f"10.1.{number % 250}.1")
                times[kind].append(time.perf_counter() - began)
                assert said == "AUTH-001", said
            clock.advance(4 * MINUTE_US)
    known, unknown = (sorted(found[4:]) for found in times.values())
    below = sum(bisect_left(known, one) for one in unknown) / (len(known) * len(unknown))
    return max(below, 1 - below)


async def _storm(base: str, seconds: float, rate: int) -> dict[str, int]:
    split = urlsplit(base)
    codes: dict[str, int] = {}

    async def one(number: int) -> None:
        body = json.dumps({"account": f"guess-{number % 5000}", "password": WRONG}).encode()
        head = f"POST /api/v1/session HTTP/1.1\r\nHost: {split.netloc}\r\nContent-Type: application/json\r\n"
        source = (f"127.{1 + number % 200}.{number // 200 % 250}.9", 0)
        try:
            reader, writer = await asyncio.open_connection(split.hostname, split.port, local_addr=source)
            writer.write(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
            status = (await asyncio.wait_for(reader.read(), 30)).split(b" ", 2)[1].decode()
            writer.close()
        except (OSError, TimeoutError, IndexError) as fault:
            status = type(fault).__name__
        codes[status] = codes.get(status, 0) + 1

    began, running = time.monotonic(), []
    for number in range(int(seconds * rate)):
        await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
        running.append(asyncio.create_task(one(number)))
    await asyncio.gather(*running)
    return codes


def _storm_process(base: str, seconds: float, rate: int, told: Any) -> None:
    told.put(asyncio.run(_storm(base, seconds, rate)))


def crowded(at: Premises, *, seconds: float, rate: int = 200) -> dict[str, Any]:
    """The 95th percentile of another person's requests under guessing, against a calm stretch of the same minute; and
    how often a person on a known device, who signs in meanwhile, is kept out."""
    reader = at.entered("operator_admin")
    owner = at.entered("duty_officer")

    def p95_ms(stretch_s: float) -> float:
        took = []
        until = time.monotonic() + stretch_s
        while time.monotonic() < until:
            began = time.perf_counter()
            assert reader.ask("GET", "/cameras").status_code == 200
            took.append(time.perf_counter() - began)
            time.sleep(0.02)
        return statistics.quantiles(took, n=20)[18] * 1000

    p95_ms(2)
    calm_ms = p95_ms(seconds)
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    storm = context.Process(target=_storm_process, args=(at.rig.url, seconds + 3 + OWNER_S, rate, told))
    storm.start()
    time.sleep(2)
    stormy_ms = p95_ms(seconds)
    until, entered, kept_out = time.monotonic() + OWNER_S, 0, 0
    while time.monotonic() < until:
        answer = owner.enter("duty-officer", at.passwords["duty_officer"])
        entered, kept_out = entered + (answer.status_code == 201), kept_out + (answer.status_code != 201)
    assert storm.is_alive(), "the storm was over before its time"
    codes = told.get(timeout=60)
    storm.join(10)
    return {
        "storm": codes,
        "p95_calm_ms": round(calm_ms, 1),
        "p95_storm_ms": round(stormy_ms, 1),
        "ratio": round(stormy_ms / calm_ms, 2),
        "owner_entered_in_storm": entered,
        "owner_kept_out_in_storm": kept_out,
    }


def run(folder: Path, *, hours: int = 26, every_s: int = 60, sprayed: int = 306) -> dict[str, Any]:
    """What must never happen; no time of the machine's is in it."""
    return one_account(folder / "account", hours=hours, every_s=every_s) | {
        "source": one_source(folder / "source", tries=sprayed, network=False),
        "network": one_source(folder / "network", tries=sprayed, network=True),
        "differing": indistinguishable(folder / "same"),
    }


def tries(found: Mapping[str, Any]) -> int:
    """How many guesses were made."""
    return int(found["account_tries"] + 2 * SOURCE_DAY + sum(found.get("storm", {}).values()))


def bounded(found: Mapping[str, Any]) -> bool:
    """The bounds of S5 that are counted."""
    sources = all(
        one["free"] == SOURCE_DAY and one["grows"] and one["owner_there"] == "in"
        for one in (found["source"], found["network"])
    )
    accounts = found["account_quarter_most"] == ACCOUNT_QUARTER and found["account_day_most"] == ACCOUNT_DAY
    return bool(sources and accounts and not found["owner_kept_out"] and not found["differing"])


def holds(found: Mapping[str, Any]) -> bool:
    """The promise of S5, its times included."""
    owner = found["owner_entered_in_storm"] > 0 and not found["owner_kept_out_in_storm"]
    return bounded(found) and owner and found["auc"] <= AUC_MOST and found["ratio"] <= RATIO_MOST


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="brute", description=__doc__)
    options.add_argument("--timed", type=int, default=150, help="pairs of timed tries")
    options.add_argument(
        "--seconds", type=float, default=10.0, help="length of each stretch under 200 tries/s"
    )
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = run(folder)
        found["auc"] = round(told_apart(folder / "time", count=chosen.timed), 3)
        (folder / "program").mkdir()
        with Premises(folder / "program", count=1) as at:
            found |= crowded(at, seconds=chosen.seconds)
    return measured.ended("S5", seed=0, n=tries(found), **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())
