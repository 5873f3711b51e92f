"""What commands about cameras and recordings open: the register's and the recordings' sites, without a plane.

A running program notices what was written here within two seconds: its ticker reads the same tables.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_network

from pydantic import SecretStr

from mingjing.cli.options import store
from mingjing.configuration import Settings
from mingjing.kernel.data_directory import require_identity, sealer_of
from mingjing.kernel.db import Database
from mingjing.media.memory import MemoryNode
from mingjing.media.model import PlaneConfig
from mingjing.media.node import LocalArchive, LocalNode, MediaNode
from mingjing.operations import alarms
from mingjing.recording import plans
from mingjing.recording.events import SegmentDoubted
from mingjing.recording.site import RecordingSite
from mingjing.registry.events import CameraChanged, CameraRegistered, CameraRemoved, CamerasEntered
from mingjing.registry.site import CameraSite


@dataclass(frozen=True, slots=True)
class Opened:
    """The database with the sites around it."""

    database: Database
    cameras: CameraSite
    recording: RecordingSite


def prober(found: Settings) -> MediaNode:
    """A media plane that only tries addresses: it opens no port and keeps nothing."""
    return LocalNode(
        PlaneConfig(
            storage=[],
            http_listen="127.0.0.1:0",
            rtsp_listen=None,
            ticket_key=SecretStr(secrets.token_hex(32)),
            allowed_origins=[],
            camera_networks=found.media.camera_networks,
            limits=found.limits.model_dump(),
        )
    )


@contextmanager
def archive(found: Settings) -> Iterator[Opened]:
    """Open register and recordings. Raises SYS-070 where there are no data yet; SYS-041, -042, -045."""
    node = MemoryNode()
    with store(found) as database:
        folder, keys = found.data.directory, found.data.keys()
        sealer = sealer_of(folder, keys)
        identity = require_identity(folder, sealer.key_id, keys)
        recording = RecordingSite(
            database=database,
            node=node,
            archive=LocalArchive(),
            pools=found.pools(),
            installation=identity.installation,
            exports=found.data.directory.absolute() / "exports",
            sealer=sealer,
        )
        database.bus.within(CameraRegistered, lambda tx, event: plans.on_registered(tx, event, recording))
        database.bus.within(CamerasEntered, plans.on_entered)
        database.bus.within(CameraChanged, lambda tx, event: plans.on_changed(tx, event, recording))
        database.bus.within(CameraRemoved, plans.on_removed)
        database.bus.within(SegmentDoubted, alarms.on_segment_doubted)
        networks = tuple(ip_network(one) for one in found.media.camera_networks)
        yield Opened(database, CameraSite(sealer, networks, node), recording)
