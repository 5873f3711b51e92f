"""Looks at this installation for the table of level 3.

Nothing is changed by it and no key is made; only the schema is brought up to date, as by every command.
"""

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from mingjing.app.continuity import CHECKPOINTS
from mingjing.audit.keeper import Keeper
from mingjing.audit.queries import entry
from mingjing.backup import sets
from mingjing.backup.room import last_drill_us
from mingjing.cli.mlps3.facts import Account, Backups, Facts, Journal, Measured
from mingjing.cli.moments import shown
from mingjing.cli.options import store
from mingjing.configuration import Settings
from mingjing.identity import queries as identity
from mingjing.kernel.data_directory import Identity, known_identity
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.secrets import Sealer, key_file
from mingjing.recording.trusted_clock import clock_state
from mingjing.registry import queries as registry

PAGE = 500
FIGURES_MOST = 8
TIME_SERVICES = (
    "/run/systemd/timesync/synchronized",
    "/var/lib/chrony",
    "/var/lib/ntpsec",
    "/var/lib/ntp",
)


def gather(found: Settings, claims: Path) -> Facts:
    """Everything that the table is judged by. Raises SYS-070 where there are no data yet, SYS-044, SYS-045."""
    known = known_identity(found.data.directory)
    with store(found) as database:
        now_us = database.clock.now_us()
        with database.reading() as session:
            accounts = tuple(_accounts(session))
            cameras, passwords, sealed = _cameras(session, found)
            clock = clock_state(session, now_us)
        return Facts(
            now_us=now_us,
            installed_us=known.created_us if known else now_us,
            settings=found,
            accounts=accounts,
            journal=_journal(database, found),
            backups=_backups(found),
            lax=tuple(_lax(found, known)),
            cameras=cameras,
            passwords=passwords,
            sealed=sealed,
            synchronised=time_service(),
            clock_doubts=clock.doubts if clock.paused_since_us is not None else (),
            plain_volumes=tuple(_plain_volumes(found)),
            claims=measured(claims),
        )


def time_service() -> bool:
    """Whether a service that keeps the clock was found on this machine."""
    return any(Path(one).exists() for one in TIME_SERVICES)


def measured(folder: Path) -> dict[str, Measured]:
    """What the harnesses of claims last measured, by claim; empty where nothing was."""
    found = {}
    for file in sorted(folder.glob("[RS]*.json")) if folder.is_dir() else ():
        try:
            said = json.loads(file.read_text(encoding="utf-8"))
            holds = said.get("holds")
            day = shown(file.stat().st_mtime_ns // 1000)[:10]
        except (OSError, ValueError, AttributeError):
            continue  # cut short, or no claim
        figures = [
            f"{name} {len(value) if isinstance(value, list) else value}"
            for name, value in said.items()
            if name not in {"claim", "holds", "seed"} and not isinstance(value, dict)
        ]
        text = f"{', '.join(figures[:FIGURES_MOST])} ({day})"
        found[file.stem] = Measured(holds if isinstance(holds, bool) else None, text)
    return found


def _accounts(session: Session) -> Iterator[Account]:
    after: str | None = None
    while True:
        page = identity.users(session, None, PAGE, after)
        held = identity.assignments(session, [row.id for row in page.items])
        for row in page.items:
            yield Account(
                account=row.account,
                roles=frozenset(one.role for one in held[row.id]),
                enabled=row.enabled,
                demo=row.demo,
                second_factor=row.totp_sealed is not None,
                must_change_password=row.must_change_password,
                active_us=max(row.created_us, row.last_sign_in_us or 0),
            )
        after = page.next
        if after is None:
            return


def _journal(database: Database, found: Settings) -> Journal:
    key = found.data.keys() / "journal.key"
    with database.reading() as session:
        first = entry(session, 1)
        first_us = first.at_us if first else None
    if not key.exists():
        return Journal(first_us=first_us, problem=f"{key}: 缺失 is missing")
    try:
        verdict, _ = Keeper(database, key, found.data.directory / CHECKPOINTS).verify()
    except MingjingError as error:
        return Journal(first_us=first_us, problem=error.code)
    return Journal(verdict.entries, verdict.checkpoints, first_us, verdict.broken_seq, verdict.reason or "")


def _backups(found: Settings) -> Backups:
    folder = found.backups()
    kept = sets.sets_in(folder)
    if not kept:
        return Backups()
    newest = kept[-1]
    return Backups(
        count=len(kept),
        newest_us=newest.manifest.made_us,
        faults=tuple(newest.faults()),
        drill_us=last_drill_us(folder),
        elsewhere=on_other_disk(newest.folder, found.data.directory),
    )


def on_other_disk(folder: Path, data: Path) -> bool:
    return folder.stat().st_dev != data.stat().st_dev


def _lax(found: Settings, known: Identity | None) -> Iterator[str]:
    """Directories and key files that others can enter or read, with their modes."""
    keys = found.data.keys()
    private = [found.data.directory, keys, *(keys.iterdir() if keys.is_dir() else ())]
    for path in private:
        if path.exists() and (mode := stat.S_IMODE(path.stat().st_mode)) & 0o077:
            yield f"{path} {mode:04o}"
    if known is not None and not keys.is_dir():
        yield f"{keys} 缺失 missing"


def _cameras(session: Session, found: Settings) -> tuple[int, int, int]:
    """Cameras, those with a password, and those whose password is sealed and opens with the key."""
    cameras = registry.every_camera(session)
    kept = [one for one in cameras if one.row.sealed_password is not None]
    sealer = _sealer(found)
    return len(cameras), len(kept), sum(sealer is not None and _opens(one, sealer) for one in kept)


def _sealer(found: Settings) -> Sealer | None:
    file = found.data.keys() / "sealing.key"
    try:
        return Sealer(key_file(file)) if file.exists() else None
    except MingjingError:
        return None


def _opens(camera: registry.Registered, sealer: Sealer) -> bool:
    try:
        registry.credentials_of(camera, sealer)
    except MingjingError:
        return False
    return True


def _plain_volumes(found: Settings) -> Iterator[str]:
    """Directories of data and recordings on volumes of which no encryption by the kernel (dm-crypt) is seen."""
    for path in (found.data.directory.absolute(), *found.storage_roots()):
        there = next(one for one in (path, *path.parents) if one.exists())
        device = there.stat().st_dev
        if not _encrypted(Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}")):
            yield str(path)


def _encrypted(device: Path) -> bool:
    """Whether a block device, or what it lies on, is a dm-crypt volume."""
    try:
        if (device / "dm" / "uuid").read_text(encoding="ascii").startswith("CRYPT-"):
            return True
    except OSError:
        pass  # no device-mapper volume
    below = list((device / "slaves").iterdir()) if (device / "slaves").is_dir() else []
    return bool(below) and all(_encrypted(one) for one in below)
