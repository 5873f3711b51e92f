"""The server of the console, around the program."""

import signal
import socket
from collections.abc import Awaitable, Callable
from functools import partial

import uvicorn

from mingjing.app import Program
from mingjing.app.console import console, door
from mingjing.cli.supervisor import Supervisor
from mingjing.configuration import Settings
from mingjing.kernel.descriptors import open_most, shares
from mingjing.web.listening import Bounded, Bounds


def server(program: Program, manager: Supervisor) -> uvicorn.Server:
    """What serves the console of a program, and tells the service manager that it does."""
    found = program.settings
    return uvicorn.Server(
        uvicorn.Config(
            console(program),
            log_config=None,
            log_level="warning",
            lifespan="off",
            server_header=False,
            proxy_headers=bool(found.server.trusted_proxies),
            forwarded_allow_ips=found.server.trusted_proxies,
            timeout_graceful_shutdown=1,
            timeout_keep_alive=60,
            ws_max_size=65_536,
            h11_max_incomplete_event_size=16_384,
            http=partial(Bounded, _bounds(found), door(program)),  # type: ignore[arg-type]
            callback_notify=_signs_of_life(manager, program),
            timeout_notify=manager.every_s,
        )
    )


def run_until_told(server: uvicorn.Server, listener: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM. uvicorn hands the signal on after it has ended; by then it has been obeyed."""
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, lambda _number, _frame: None)
    server.run(sockets=[listener])


def _signs_of_life(manager: Supervisor, program: Program) -> Callable[[], Awaitable[None]]:
    """What the loop that serves the console calls once it turns, and then again and again while it does."""
    told = False

    async def turned() -> None:
        nonlocal told
        if not told:
            manager.ready(f"http://{program.settings.server.host}:{program.console_port}/")
            told = True
        if program.runs():
            manager.alive()

    return turned


def _bounds(found: Settings) -> Bounds:
    server = found.server
    most = min(server.connections, shares(open_most()).console)
    return Bounds(most, server.connections_per_source, proxies=frozenset(server.trusted_proxies))
