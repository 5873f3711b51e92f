"""The composition root: the only room that knows every room, and who listens to what."""

import secrets
import socket
import threading
from dataclasses import dataclass
from importlib import metadata, resources
from ipaddress import ip_network
from pathlib import Path
from types import TracebackType

import structlog
from pydantic import SecretStr

from mingjing.app.continuity import (
    BACKUPS,
    CHECKPOINTS,
    FILES,
    refuse_absent_storages,
    refuse_lost_database,
)
from mingjing.app.ending import end_with_rights
from mingjing.app.feeding import feed_consoles
from mingjing.app.gathering import gather, named
from mingjing.app.origins import console_origins
from mingjing.audit.keeper import Keeper
from mingjing.audit.service import SYSTEM, Object, record
from mingjing.backup.room import BackupRoom
from mingjing.backup.taking import Source
from mingjing.configuration import Settings
from mingjing.governance.room import GovernanceRoom
from mingjing.identity import room as identity_room
from mingjing.identity.denials import Denials
from mingjing.identity.passwords import Passwords
from mingjing.identity.service.first_start import (
    FreshAccount,
    ensure_demo_accounts,
    ensure_first_administrator,
)
from mingjing.identity.service.sign_in import forget_old_attempts
from mingjing.kernel.clock import Clock, SystemClock
from mingjing.kernel.data_directory import DataDirectory, Identity, close_to_others, known_identity, sealer_of
from mingjing.kernel.db import Database
from mingjing.kernel.descriptors import open_most, shares
from mingjing.kernel.durable import make_directory
from mingjing.kernel.errors import MingjingError, define
from mingjing.kernel.events import EventBus
from mingjing.kernel.files import FileStore
from mingjing.kernel.installation import bind, note_storages
from mingjing.kernel.migrate import upgrade
from mingjing.kernel.secrets import Sealer
from mingjing.media.model import Listening, PlaneConfig, StorageRoot
from mingjing.media.node import LocalArchive, LocalNode, MediaNode
from mingjing.operations.room import OperationsRoom
from mingjing.operations.series import Ring
from mingjing.operations.site import OperationsSite
from mingjing.recording import plans
from mingjing.recording.facts import RecordingFacts
from mingjing.recording.room import RecordingRoom
from mingjing.recording.site import RecordingSite
from mingjing.registry import room as registry_room
from mingjing.registry.imports import interrupt
from mingjing.registry.site import CameraSite
from mingjing.territory.service import ensure_shipped
from mingjing.web.feed import Feed

_log = structlog.get_logger(__name__)

CHECKPOINT_SECONDS = 3600
STOP_MS = 3000


PLANE_REFUSES = define(
    "SYS-046",
    409,
    title=("媒体平面拒绝启动", "The media plane refuses to start"),
    detail=("{problem}。", "{problem}."),
    remedy=(
        "请挂载正确的磁盘或改正配置；若该磁盘上的录像确属本系统，请运行 mingjing recordings adopt-disk 目录。",
        "Mount the right disk, or correct the settings; if the recordings on that disk do belong here, run "
        "`mingjing recordings adopt-disk DIRECTORY`.",
    ),
)


def version() -> str:
    """The version of the installed package; of a source tree that is not installed, `0+source`."""
    try:
        return metadata.version("mingjing")
    except metadata.PackageNotFoundError:
        return "0+source"


@dataclass(frozen=True)
class Keys:
    """Secrets of this installation, in files outside the data directory, and of this run."""

    folder: Path
    sealer: Sealer
    ticket: bytes


class Program:
    """The whole system in one process: opened, started, stopped in order. A context manager."""

    def __init__(
        self, settings: Settings, *, listener: socket.socket | None = None, clock: Clock | None = None
    ) -> None:
        """Take the data directory, bring the database up, put the rooms together. Nothing is recorded yet.

        `listener` is the bound socket of the console, whose port the media plane must know as an origin.
        Raises errors of the catalogue, SYS-0xx, each saying what to do.
        """
        self.settings = settings
        self.clock = clock or SystemClock()
        self.console_port = listener.getsockname()[1] if listener else settings.server.port
        self.data = DataDirectory(settings.data.directory)
        try:
            self._open()
        except BaseException:
            self.data.close()
            raise

    def _open(self) -> None:
        settings = self.settings
        directory, folder = settings.data.directory, settings.data.keys()
        close_to_others(directory)
        self.keys = Keys(folder, sealer_of(directory, folder), secrets.token_bytes(32))
        before = known_identity(directory)
        self.identity = self.data.identity(self.keys.sealer.key_id, folder, self.clock)
        self.bus = EventBus()
        self.database = Database(settings.database_url(), self.clock, self.bus)
        refuse_lost_database(settings, before, self.database)
        upgrade(self.database, migrations(), directory / BACKUPS)
        with self.database.transaction() as tx:
            bind(tx, self.identity.installation)
        refuse_absent_storages(settings, self.identity.installation, self.database)
        self.keeper = Keeper(self.database, folder / "journal.key", directory / CHECKPOINTS)
        self.passwords = Passwords(settings.identity.argon2_memory_kib, settings.identity.argon2_passes)
        self.feed = Feed()
        self.denials = Denials()
        self.node: MediaNode = LocalNode(self._plane_config())
        self.recording = RecordingRoom(self._recording_site())
        self.operations = OperationsRoom(self._operations_site(), self.recording.site)
        self.governance = GovernanceRoom(self.database, settings.governance)
        self.files = FileStore(directory / FILES)
        gather(self.database, self.files, directory)
        interrupt(self.database)
        self.cameras = CameraSite(
            sealer=self.keys.sealer,
            networks=tuple(ip_network(one) for one in settings.media.camera_networks),
            node=self.node,
            facts=RecordingFacts(self.recording.site),
        )
        self.backup = BackupRoom(
            backup_source(settings, self.database, self.identity, self.keeper), settings.backup
        )
        self._wire()
        self.listening: Listening | None = None
        self._stopping = threading.Event()
        self._keeping = threading.Thread(target=self._keep_house, name="housekeeping", daemon=True)

    def first_start(self, *, demo: bool) -> list[FreshAccount]:
        """Make what a first start makes; the accounts whose one-time passwords are to be shown."""
        with self.database.transaction() as tx:
            ensure_shipped(tx)
            plans.ensure_default(tx)
            first = ensure_first_administrator(tx, self.passwords)
            made = [first] if first else []
            if demo:
                made += ensure_demo_accounts(tx, self.passwords)
        return made

    def start(self) -> Listening:
        """Open the media ports, read back what is on disk, begin to record.

        Raises OSError naming the port, SYS-046 where the plane refuses a disk or a setting.
        """
        try:
            self.listening = self.node.start()
        except ValueError as refused:
            raise MingjingError(PLANE_REFUSES, problem=str(refused)) from refused
        with self.database.transaction() as tx:
            note_storages(tx, [self.recording.site.storage(pool) for pool in self.settings.pools()])
        self.recording.start()
        self.operations.start()
        self.governance.start()
        with self.database.transaction() as tx:
            record(tx, SYSTEM, "system.start", Object("system", "program"), {"version": version()})
        # Signed at once, beside the database: that a program has run here is known without it.
        self.keeper.sign()
        self._keeping.start()
        self.backup.start()
        return self.listening

    def runs(self) -> bool:
        """Whether what records is at work: a thread that has ended would be seen by nobody else."""
        return self.recording.runs()

    def stop(self) -> None:
        """Stop taking viewers, close segments, commit the index, leave. A second call does nothing."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        self.backup.stop()
        self.feed.close()
        if self.listening is not None:
            self.operations.stop()
            self.governance.stop()
            self.recording.quiet()
            self.node.stop(STOP_MS)
            self.recording.stop()
            self.denials.flush(self.database)
            with self.database.transaction() as tx:
                record(tx, SYSTEM, "system.stop", Object("system", "program"))
            self.keeper.sign()
        self.database.close()
        self.data.close()

    def __enter__(self) -> "Program":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _plane_config(self) -> PlaneConfig:
        media, server = self.settings.media, self.settings.server
        host = media.host or server.host
        shown = f"[{host}]" if ":" in host else host
        pools = self.settings.pools()
        for root in pools.values():
            make_directory(root, 0o750)
            close_to_others(root, beyond=0o027)
        return PlaneConfig(
            storage=[
                StorageRoot(id=f"{self.identity.installation}/{pool}", root=str(root))
                for pool, root in pools.items()
            ],
            http_listen=f"{shown}:{media.port}",
            rtsp_listen=None if media.rtsp_port < 0 else f"{shown}:{media.rtsp_port}",
            ticket_key=SecretStr(self.keys.ticket.hex()),
            allowed_origins=console_origins(self.settings, self.console_port),
            segment_seconds=media.segment_seconds,
            fragment_ms=media.fragment_ms,
            sync_ms=media.sync_ms,
            camera_networks=media.camera_networks,
            limits=self._limits(),
        )

    def _limits(self) -> dict[str, int]:
        """The configured ones; connections no more than leave descriptors for recording."""
        limits = self.settings.limits
        fit = min(limits.connections, shares(open_most()).media)
        if fit < limits.connections:
            _log.info("connections_limited_by_open_files", configured=limits.connections, each_media_port=fit)
        return limits.model_dump() | {"connections": fit}

    def _recording_site(self) -> RecordingSite:
        exports = self.settings.data.directory.absolute() / "exports"
        make_directory(exports, 0o700)
        return RecordingSite(
            database=self.database,
            node=self.node,
            archive=LocalArchive(),
            pools=self.settings.pools(),
            installation=self.identity.installation,
            exports=exports,
            exports_at_once=self.settings.storage.exports_at_once,
            inbox=self.settings.inbox(),
            sealer=self.keys.sealer,
        )

    def _operations_site(self) -> OperationsSite:
        return OperationsSite(
            node=self.node,
            ticket_key=self.keys.ticket,
            series=Ring(),
        )

    def _wire(self) -> None:
        identity_room.wire(self.bus)
        registry_room.wire(self.bus)
        self.recording.wire(self.bus)
        self.operations.wire(self.bus)
        self.governance.wire(self.bus)
        feed_consoles(self.bus, self.feed)
        end_with_rights(self.bus, self.database, self.node, self.feed)

    def _keep_house(self) -> None:
        while not self._stopping.wait(CHECKPOINT_SECONDS):
            try:
                self.denials.flush(self.database)
                self.keeper.sign()
                with self.database.transaction() as tx:
                    forget_old_attempts(tx)
            except Exception:
                # An hour without a checkpoint is told and tried again; the journal itself goes on.
                _log.exception("housekeeping_failed")


def backup_source(settings: Settings, database: Database, identity: Identity, keeper: Keeper) -> Source:
    """What a backup of this installation is made of."""
    directory = settings.data.directory
    return Source(
        database=database,
        data=directory,
        identity=identity,
        scripts=migrations(),
        checkpoints=directory / CHECKPOINTS,
        directory=settings.backups(),
        version=version(),
        public=lambda: keeper.public,
        files=FileStore(directory / FILES),
        named=named,
    )


def migrations() -> Path:
    """Where the migration scripts lie."""
    return Path(str(resources.files("mingjing") / "migrations"))
