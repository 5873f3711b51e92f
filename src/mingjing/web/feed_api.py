"""The route of the live feed."""

import asyncio
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, WebSocket
from fastapi.concurrency import run_in_threadpool
from starlette.websockets import WebSocketDisconnect

from mingjing.identity.access import Store, gate, requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller, by_user
from mingjing.identity.queries import session_holds
from mingjing.web.feed import Feed, Listener

RECHECK_S = 5.0

router = APIRouter()


@router.websocket("/events")
async def events(
    socket: WebSocket, store: Store, caller: Annotated[Caller, requires(Action.OWN, persons_only=True)]
) -> None:
    """The route of the feed."""
    feed: Feed = socket.app.state.feed
    await socket.accept()
    listener = feed.enter(caller)
    reader = asyncio.create_task(_read_out(socket))
    try:
        await _tell(socket, listener, reader, lambda: still(store, caller, gate(socket).idle_us))
    except (WebSocketDisconnect, RuntimeError):
        # The browser went away in the middle of a message.
        return
    finally:
        feed.leave(listener)
        reader.cancel()


async def _tell(
    socket: WebSocket, listener: Listener, reader: "asyncio.Task[None]", holds: Callable[[], bool]
) -> None:
    sequence = 0
    loop = asyncio.get_running_loop()
    checked = loop.time()
    while not reader.done():
        # By the clock, not by silence: a busy feed must end with its rights too.
        if loop.time() - checked >= RECHECK_S:
            if not await run_in_threadpool(holds):
                break
            checked = loop.time()
        try:
            happening = await asyncio.wait_for(listener.queue.get(), RECHECK_S)
        except TimeoutError:
            continue
        if happening is None:
            break
        sequence += 1
        await socket.send_json({"topic": happening.topic, "sequence": sequence, "data": dict(happening.data)})
    await socket.close(code=4401)


async def _read_out(socket: WebSocket) -> None:
    """What the console says is not wanted; reading notices that it has gone."""
    while True:
        await socket.receive_text()


def still(store: Store, caller: Caller, idle_us: int) -> bool:
    """Whether the session still holds, with the rights that the feed was opened with: a grant ends by time alone."""
    now_us = store.clock.now_us()
    with store.reading() as session:
        if not session_holds(session, caller.session, now_us, idle_us):
            return False
        found = by_user(session, caller.user, now_us)
    return found is not None and (found.held, set(found.lent)) == (caller.held, set(caller.lent))
