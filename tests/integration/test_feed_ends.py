"""The live feed ends with the session and the rights that it was opened with, however busy it is."""

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest
from starlette.websockets import WebSocket

from mingjing.audit.service import SYSTEM
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller, by_cookie
from mingjing.identity.service.grants import GrantWish, grant
from mingjing.kernel.clock import MINUTE_US, SECOND_US, SetClock
from mingjing.kernel.db import Database
from mingjing.web import feed_api
from mingjing.web.feed import Happening
from mingjing.web.feed_api import still
from tests.program import Program, program

IDLE_US = 60 * MINUTE_US


@pytest.fixture
def whole(empty_database: Database, tmp_path: Path) -> Program:
    return program(empty_database, tmp_path)


def _caller(at: Program, user: str) -> Caller:
    cookie = at.signed_in(user)["Cookie"].partition("=")[2]
    with at.database.reading() as session:
        found = by_cookie(session, cookie, "", at.database.clock.now_us(), IDLE_US)
    assert found is not None
    return found


def test_a_lent_right_that_runs_out_ends_the_feed_that_it_opened(whole: Program, clock: SetClock) -> None:
    channel = whole.recorder.town.add().row.id
    user, _ = whole.person("wang")
    until_us = clock.now_us() + SECOND_US
    with whole.database.transaction() as tx:
        grant(tx, SYSTEM, GrantWish(user, Action.ALARM_READ, 0, until_us, "协查", channel=channel))
    caller = _caller(whole, user)
    assert still(whole.database, caller, IDLE_US)
    clock.advance(SECOND_US)
    assert not still(whole.database, caller, IDLE_US)


def test_a_session_that_is_idle_for_too_long_ends_its_feed(whole: Program, clock: SetClock) -> None:
    caller = _caller(whole, whole.person("wang", "duty_officer")[0])
    clock.advance(IDLE_US - 1)
    assert still(whole.database, caller, IDLE_US)
    clock.advance(1)
    assert not still(whole.database, caller, IDLE_US)


class Socket:
    """A console that keeps up with whatever it is told."""

    def __init__(self) -> None:
        self.told: list[Any] = []
        self.closed: int | None = None

    async def send_json(self, message: Any) -> None:
        self.told.append(message)

    async def close(self, code: int) -> None:
        self.closed = code


def test_a_busy_feed_is_looked_at_as_a_silent_one(whole: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_api, "RECHECK_S", 0.0)
    caller, socket = _caller(whole, whole.person("wang", "duty_officer")[0]), Socket()

    async def run() -> None:
        listener = whole.feed.enter(caller)
        for number in range(3):
            listener.put(Happening("job", {"number": number}, user=caller.user))
        reader = asyncio.create_task(asyncio.sleep(60))
        await feed_api._tell(cast(WebSocket, socket), listener, reader, lambda: False)
        reader.cancel()

    asyncio.run(run())
    assert (socket.told, socket.closed) == ([], 4401)
