"""`mingjing serve`: the whole system in the foreground."""

import gc
import signal
import socket
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated

import typer
import uvicorn

from mingjing.app import Program
from mingjing.cli.greeting import greeting
from mingjing.cli.options import Config, Data, settings
from mingjing.cli.supervisor import Supervisor, supervisor
from mingjing.configuration import Settings
from mingjing.kernel import log
from mingjing.kernel.data_directory import DataDirectory
from mingjing.kernel.descriptors import open_most, shares
from mingjing.kernel.errors import MingjingError, define
from mingjing.web.listening import Bounded, Bounds

PORT_TAKEN = define(
    "SYS-071",
    409,
    title=("端口被占用", "A port is in use"),
    detail=("无法监听 {address}：{problem}。", "Cannot listen on {address}: {problem}."),
    remedy=(
        "请停止占用该端口的程序，或改用其他端口（--port、media.port、media.rtsp_port）。",
        "Stop the program that holds it, or choose another port (--port, media.port, media.rtsp_port).",
    ),
)


def serve(
    config: Config = None,
    data: Data = None,
    host: Annotated[
        str | None, typer.Option(help="Address of the console; 0.0.0.0 for every interface")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port of the console")] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="With virtual cameras, a past hour and demo accounts")
    ] = False,
) -> None:
    """Start everything; Ctrl-C stops it cleanly."""
    began = time.monotonic()
    manager = supervisor()
    found = settings(config, data, **{"server.host": host, "server.port": port})
    if demo:
        # It brings the painter of the virtual cameras, which nobody else should have to load.
        from mingjing.app.demo import Demo  # noqa: PLC0415

        found = Demo.widened(found)
    log.configure(found.log.level, found.log.form)
    listener = _listener(found)
    with Program(found, listener=listener) as program:
        fresh = program.first_start(demo=demo)
        cameras = Demo(program, typer.echo) if demo else None
        if cameras:
            cameras.prepare()
        try:
            program.start()
        except OSError as cause:
            raise MingjingError(PORT_TAKEN, address="media", problem=str(cause)) from cause
        if cameras:
            cameras.start()
        app = program.web()
        server = uvicorn.Server(
            uvicorn.Config(
                app,
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
                http=partial(Bounded, _bounds(found), program.door()),  # type: ignore[arg-type]
                callback_notify=_signs_of_life(manager, program),
                timeout_notify=manager.every_s,
            )
        )
        # What starting has made stays: walked by each full collection, it would hold a request up for 100 ms.
        gc.freeze()
        typer.echo(greeting(found, program.console_port, fresh, time.monotonic() - began), nl=False)
        try:
            _run_until_told(server, listener)
        finally:
            manager.stopping()
            if cameras:
                cameras.stop()
            program.stop()
    typer.echo("已停止。Stopped.")


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


def _run_until_told(server: uvicorn.Server, listener: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM. uvicorn hands the signal on after it has ended; by then it has been obeyed."""
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, lambda _number, _frame: None)
    server.run(sockets=[listener])


def _bounds(found: Settings) -> Bounds:
    server = found.server
    most = min(server.connections, shares(open_most()).console)
    return Bounds(most, server.connections_per_source, proxies=frozenset(server.trusted_proxies))


def _listener(found: Settings) -> socket.socket:
    address = (found.server.host, found.server.port)
    family = socket.AF_INET6 if ":" in found.server.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
    except OSError as cause:
        listener.close()
        if found.data.directory.is_dir():
            # Most often it is this very program that holds the port: then that is what is said.
            DataDirectory(found.data.directory).close()
        raise MingjingError(
            PORT_TAKEN, address=f"{address[0]}:{address[1]}", problem=cause.strerror or str(cause)
        ) from cause
    return listener
