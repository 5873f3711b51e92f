"""`mingjing serve`: the whole system in the foreground."""

import gc
import socket
import time
from typing import Annotated

import typer

from mingjing.app import Program
from mingjing.cli.greeting import greeting
from mingjing.cli.options import Config, Data, settings
from mingjing.cli.supervisor import supervisor
from mingjing.configuration import Settings
from mingjing.kernel import log
from mingjing.kernel.data_directory import DataDirectory
from mingjing.kernel.errors import MingjingError, define

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
        # Loaded last: the console is most of what there is to load, and recording does not wait for it.
        from mingjing.cli.serving import run_until_told, server  # noqa: PLC0415

        serving = server(program, manager)
        # What starting has made stays: walked by each full collection, it would hold a request up for 100 ms.
        gc.freeze()
        typer.echo(greeting(found, program.console_port, fresh, time.monotonic() - began), nl=False)
        try:
            run_until_told(serving, listener)
        finally:
            manager.stopping()
            if cameras:
                cameras.stop()
            program.stop()
    typer.echo("已停止。Stopped.")


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
