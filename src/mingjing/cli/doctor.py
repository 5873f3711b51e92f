"""`mingjing doctor`: is this machine fit, and what to do where it is not."""

import os
import shutil
import socket
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typer

from mingjing.cli.options import Config, Data, settings
from mingjing.configuration import Settings

LEAST_FREE_BYTES = 5_000_000_000
LEAST_FILES = 4096


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: does it hold, what was seen, what to do."""

    name: str
    holds: bool
    seen: str
    remedy: str = ""


def doctor(config: Config = None, data: Data = None) -> None:
    """Check ports, disk, clock, codecs, file modes and limits; exit 1 where something is wrong."""
    findings = list(examine(settings(config, data)))
    for one in findings:
        typer.secho(f"{'●' if one.holds else '■'} {one.name}: {one.seen}", fg=None if one.holds else "red")
        if not one.holds:
            typer.echo(f"    → {one.remedy}")
    if not all(one.holds for one in findings):
        raise typer.Exit(1)


def examine(found: Settings) -> Iterator[Finding]:
    """Every check on this machine with these settings."""
    yield from _ports(found)
    yield from _disks(found)
    yield _clock()
    yield _codecs()
    yield from _modes(found)
    yield _files()
    yield _exposure(found)


def _ports(found: Settings) -> Iterator[Finding]:
    media_host = found.media.host or found.server.host
    wanted = [
        ("server.port", found.server.host, found.server.port),
        ("media.port", media_host, found.media.port),
    ]
    if found.media.rtsp_port >= 0:
        wanted.append(("media.rtsp_port", media_host, found.media.rtsp_port))
    for name, host, port in wanted:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as cause:
                remedy = f"Stop what listens there (or Mingjing already runs), or set {name}"
                yield Finding(name, False, f"{host}:{port}: {cause.strerror}", remedy)
            else:
                yield Finding(name, True, f"{host}:{port} is free")


def _disks(found: Settings) -> Iterator[Finding]:
    for root in found.storage_roots():
        there = next(path for path in (root, *root.parents) if path.exists())
        if not os.access(there, os.W_OK):
            yield Finding("storage", False, f"{root}: not writable", f"Give this user the directory {there}")
            continue
        free = shutil.disk_usage(there).free
        yield Finding(
            "storage",
            free >= LEAST_FREE_BYTES,
            f"{root}: {free / 1e9:.1f} GB free",
            "Free space, or set storage.roots to a larger disk",
        )


def _clock() -> Finding:
    year = time.gmtime().tm_year
    synchronised = Path("/run/systemd/timesync/synchronized").exists() or any(
        Path(path).exists() for path in ("/var/lib/chrony", "/var/lib/ntpsec", "/var/lib/ntp")
    )
    seen = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())
    if year < 2026:
        return Finding("clock", False, seen, "Set the clock and keep it by NTP before recording anything")
    return Finding("clock", True, seen + ("" if synchronised else " (no time service was found; run chrony)"))


def _codecs() -> Finding:
    try:
        import av  # noqa: PLC0415 - loading it is what is being checked

        missing = [name for name in ("h264", "hevc", "aac", "mjpeg") if name not in av.codecs_available]
    except ImportError as cause:
        return Finding("codecs", False, str(cause), "Reinstall the package `av`")
    return Finding("codecs", not missing, "missing: " + ", ".join(missing) if missing else "h264 hevc aac mjpeg",
                   "Reinstall the package `av`")  # fmt: skip


def _modes(found: Settings) -> Iterator[Finding]:
    for name, path in (("data.directory", found.data.directory), ("keys", found.data.keys())):
        if not path.exists():
            yield Finding(name, True, f"{path}: will be made at the first start")
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        yield Finding(name, not mode & 0o007, f"{path}: mode {mode:04o}", f"chmod o-rwx {path}")


def _files() -> Finding:
    import resource  # noqa: PLC0415 - POSIX only

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    remedy = f"Raise LimitNOFILE to {LEAST_FILES} or more"
    return Finding("open files", soft >= 1024, f"at most {soft}", remedy)


def _exposure(found: Settings) -> Finding:
    local = found.server.host in {"127.0.0.1", "::1", "localhost"}
    if local or found.server.secure:
        return Finding("exposure", True, "the console is on loopback or behind TLS")
    return Finding(
        "exposure",
        False,
        f"the console listens on {found.server.host} without TLS",
        "Put a TLS proxy in front and set server.secure, or listen on 127.0.0.1",
    )
