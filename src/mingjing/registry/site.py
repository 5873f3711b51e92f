"""What the register is given about the site: camera networks, the sealer, the media node, and who knows states."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from mingjing.devices.rtsp.address import IpNetwork
from mingjing.kernel.secrets import Sealer
from mingjing.media.model import StreamStats
from mingjing.media.node import MediaNode
from mingjing.registry.imports import Imports
from mingjing.registry.schema import RecordingNow


@dataclass(frozen=True, slots=True)
class Assigned:
    """The plan of a camera, as recording knows it."""

    plan: str
    retention_days: int


class Facts(Protocol):
    """What other rooms know of cameras; recording gives the answers, wired in `app.py`."""

    def stats(self) -> dict[str, StreamStats]:
        """Every stream's state by stream id, at most a second or two old."""

    def recording(self, channels: Sequence[str]) -> dict[str, RecordingNow]: ...

    def plans(self, channels: Sequence[str]) -> dict[str, Assigned]: ...


class NoFacts:
    """The answers where nobody records."""

    def stats(self) -> dict[str, StreamStats]:
        return {}

    def recording(self, channels: Sequence[str]) -> dict[str, RecordingNow]:  # noqa: ARG002  protocol
        return {}

    def plans(self, channels: Sequence[str]) -> dict[str, Assigned]:  # noqa: ARG002  protocol
        return {}


@dataclass(frozen=True)
class CameraSite:
    """Put on the program's state by `app.py` as `cameras`."""

    sealer: Sealer
    networks: tuple[IpNetwork, ...]
    node: MediaNode
    facts: Facts = field(default_factory=NoFacts)
    imports: Imports = field(default_factory=Imports)
