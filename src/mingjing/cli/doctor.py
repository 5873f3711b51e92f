"""`mingjing doctor`: is this machine fit, and what to do where it is not."""

import os
import shutil
import socket
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from mingjing.backup import sets
from mingjing.backup.room import late
from mingjing.cli.mlps3.gathering import gather, time_service
from mingjing.cli.mlps3.people import LOOPBACK
from mingjing.cli.mlps3.printing import tell
from mingjing.cli.mlps3.table import failed, table
from mingjing.cli.options import Config, Data, settings
from mingjing.configuration import Settings
from mingjing.kernel.clock import HOUR_US
from mingjing.kernel.data_directory import DataDirectory, known_identity
from mingjing.kernel.descriptors import open_most
from mingjing.kernel.errors import MingjingError, Text

LEAST_FREE_BYTES = 5_000_000_000
LEAST_FILES = 4096
EARLIEST_YEAR = 2026
CODECS = ("h264", "hevc", "aac", "mjpeg")

NO_REMEDY = Text("", "")


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: does it hold, what was seen, what to do."""

    name: Text
    holds: bool
    seen: str
    remedy: Text = NO_REMEDY


def doctor(
    mlps3: Annotated[
        bool,
        typer.Option("--mlps3", help="Show how GB/T 22239-2019 level 3 (等保三级) stands here, by clause"),
    ] = False,
    claims: Annotated[Path, typer.Option(help="With --mlps3: folder of what `make claims` measured")] = Path(
        "build/claims"
    ),
    config: Config = None,
    data: Data = None,
) -> None:
    """Check ports, disk, clock, codecs, file modes, limits and weak settings, and say what to do.

    Exit code 1 where something is wrong.

    Beside a running system its own ports count as well. `--mlps3` judges data, which must be there.
    """
    if mlps3:
        _assess(settings(config, data), claims)
        return
    findings = list(examine(settings(config, data)))
    for one in findings:
        line = f"{'●' if one.holds else '■'} {one.name.zh} {one.name.en}: {one.seen}"
        typer.secho(line, fg=None if one.holds else "red")
        if not one.holds:
            typer.echo(f"    → {one.remedy.zh}\n      {one.remedy.en}")
    if not all(one.holds for one in findings):
        raise typer.Exit(1)


def _assess(found: Settings, claims: Path) -> None:
    rows = table(gather(found, claims))
    tell(rows)
    if failed(rows):
        raise typer.Exit(1)


def examine(found: Settings) -> Iterator[Finding]:
    """Every check on this machine with these settings."""
    yield from _ports(found, ours=_runs(found))
    yield from _disks(found)
    yield _clock(time.gmtime())
    yield _codecs()
    yield from _modes(found)
    yield _files()
    yield _exposure(found)
    yield from _weak(found)
    yield _backups(found, time.time_ns() // 1000)


def _runs(found: Settings) -> bool:
    """Whether a program runs on these data."""
    if not found.data.directory.is_dir():
        return False
    try:
        DataDirectory(found.data.directory).close()
    except MingjingError:
        return True
    return False


def _ports(found: Settings, *, ours: bool) -> Iterator[Finding]:
    media_host = found.media.host or found.server.host
    wanted = [
        ("server.port", found.server.host, found.server.port),
        ("media.port", media_host, found.media.port),
    ]
    if found.media.rtsp_port >= 0:
        wanted.append(("media.rtsp_port", media_host, found.media.rtsp_port))
    for name, host, port in wanted:
        title = Text("端口", name)
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as cause:
                remedy = Text(
                    f"停止占用该端口的程序，或改用其他端口（{name}）",
                    f"Stop what listens there, or choose another port ({name})",
                )
                seen = "本系统正在使用 used by the running system" if ours else cause.strerror
                yield Finding(title, ours, f"{host}:{port}: {seen}", remedy)
            else:
                yield Finding(title, True, f"{host}:{port} 空闲 free")


def _disks(found: Settings) -> Iterator[Finding]:
    title = Text("存储", "storage")
    for root in found.storage_roots():
        there = next(path for path in (root, *root.parents) if path.exists())
        if not os.access(there, os.W_OK):
            remedy = Text(f"把目录 {there} 交给运行本程序的账户", f"Give this user the directory {there}")
            yield Finding(title, False, f"{root}: 不可写 not writable", remedy)
            continue
        free = shutil.disk_usage(there).free
        yield Finding(
            title,
            free >= LEAST_FREE_BYTES,
            f"{root}: {free / 1e9:.1f} GB 可用 free",
            Text(
                "腾出空间，或把 storage.roots 指向更大的磁盘",
                "Free space, or set storage.roots to a larger disk",
            ),
        )


def _clock(now: time.struct_time) -> Finding:
    title = Text("时钟", "clock")
    seen = time.strftime("%Y-%m-%d %H:%M:%S UTC", now)
    if now.tm_year < EARLIEST_YEAR:
        remedy = Text(
            "先校准时钟并用 NTP 保持，再开始录像",
            "Set the clock and keep it by NTP before recording anything",
        )
        return Finding(title, False, seen, remedy)
    note = (
        "" if time_service() else "  (未发现授时服务，建议运行 chrony; no time service was found, run chrony)"
    )
    return Finding(title, True, seen + note)


def _codecs() -> Finding:
    title, remedy = Text("编解码", "codecs"), Text("重新安装软件包 av", "Reinstall the package `av`")
    try:
        import av  # noqa: PLC0415 - loading it is what is being checked

        missing = [name for name in CODECS if name not in av.codecs_available]
    except ImportError as cause:
        return Finding(title, False, str(cause), remedy)
    if missing:
        return Finding(title, False, "缺少 missing: " + ", ".join(missing), remedy)
    return Finding(title, True, " ".join(CODECS))


def _modes(found: Settings) -> Iterator[Finding]:
    for name, path in (
        (Text("数据目录", "data.directory"), found.data.directory),
        (Text("密钥", "keys"), found.data.keys()),
    ):
        if not path.exists():
            yield Finding(name, True, f"{path}: 首次启动时建立 made at the first start")
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        command = f"chmod 700 {path}"
        yield Finding(name, not mode & 0o077, f"{path}: {mode:04o}", Text(command, command))
    lax = [one for one in _files_of(found.data.keys()) if stat.S_IMODE(one.stat().st_mode) & 0o077]
    if lax:
        command = "chmod 600 " + " ".join(str(one) for one in lax)
        yield Finding(Text("密钥文件", "key files"), False, f"{len(lax)}", Text(command, command))


def _files_of(folder: Path) -> list[Path]:
    return [one for one in folder.iterdir() if one.is_file()] if folder.is_dir() else []


def _backups(found: Settings, now_us: int) -> Finding:
    title = Text("备份", "backups")
    if not found.backup.enabled:
        remedy = Text("设 backup.enabled = true", "Set backup.enabled = true")
        return Finding(title, False, "已关闭 switched off", remedy)
    kept = sets.sets_in(found.backups())
    if not kept:
        known = known_identity(found.data.directory)
        fresh = known is None or now_us - known.created_us < HOUR_US
        remedy = Text("启动系统，一分钟内即有第一份", "Start the system: the first is made within a minute")
        return Finding(title, fresh, f"{found.backups()}: 尚无 none yet", remedy)
    newest = kept[-1].manifest.made_us
    seen = f"{len(kept)}, 最近 newest {kept[-1].name}"
    if late(newest, now_us):
        remedy = Text(
            "看告警与日志；运行 mingjing backup now", "See alarms and log; run `mingjing backup now`"
        )
        return Finding(title, False, seen, remedy)
    if kept[-1].folder.stat().st_dev == found.data.directory.stat().st_dev:
        seen += "  (与数据同盘，建议另设 backup.directory; on the disk of the data, set backup.directory elsewhere)"
    return Finding(title, True, seen)


def _files() -> Finding:
    most = open_most()
    remedy = Text(f"把 LimitNOFILE 提高到 {LEAST_FILES} 以上", f"Raise LimitNOFILE to {LEAST_FILES} or more")
    return Finding(Text("打开文件数", "open files"), most >= LEAST_FILES, f"≤ {most}", remedy)


def _weak(found: Settings) -> Iterator[Finding]:
    """Settings that weaken what protects: told each by name; only what others can reach counts as wrong."""
    title, alone = Text("设置", "settings"), found.server.host in LOOPBACK
    weak = [
        (
            found.identity.second_factor == "off",
            'identity.second_factor = "off"',
            Text("设为 administrators 或 all", "Set it to administrators or all"),
        ),
        (
            not found.media.camera_networks or any(one.endswith("/0") for one in found.media.camera_networks),
            "media.camera_networks",
            Text("只列出摄像机所在网段", "List only the networks that cameras are in"),
        ),
        (
            found.server.secure and not found.server.public_origins,
            "server.public_origins = []",
            Text(
                "写入浏览器使用的地址，如 https://video.example.cn",
                "Enter the address that browsers use, such as https://video.example.cn",
            ),
        ),
        (
            any(one in {"*", "0.0.0.0/0", "::/0"} for one in found.server.trusted_proxies),
            "server.trusted_proxies",
            Text(
                "只列出代理自己的地址，否则任何人都能冒充来源地址",
                "List the proxy's own address alone, or anybody can claim any source",
            ),
        ),
        (
            found.log.level == "debug",
            'log.level = "debug"',
            Text("平时用 info", "Use info in daily operation"),
        ),
    ]
    for is_weak, name, remedy in weak:
        if is_weak:
            yield Finding(title, alone, f"{name} 偏弱 weak", remedy)


def _exposure(found: Settings) -> Finding:
    title = Text("暴露面", "exposure")
    if found.server.host in LOOPBACK:
        return Finding(title, True, f"{found.server.host}: 仅本机 loopback only")
    if found.server.secure:
        return Finding(title, True, "server.secure: 在 TLS 之后 behind TLS")
    return Finding(
        title,
        False,
        f"{found.server.host}: 控制台未经 TLS the console without TLS",
        Text(
            "在前面放置 TLS 代理并设 server.secure，或只监听 127.0.0.1",
            "Put a TLS proxy in front and set server.secure, or listen on 127.0.0.1",
        ),
    )
