"""What a device family implements, so that register, recording and diagnosis reach a camera without knowing how.

Steering (PTZ) and a device's own recordings are not here: RTSP can do neither. A family that can gives its sources a
further protocol beside `Source`, and whoever wants it asks whether the source has it.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

from pydantic import SecretStr

from mingjing.media.model import Probe
from mingjing.media.node import MediaNode


@dataclass(frozen=True, slots=True)
class Entry:
    """What the register knows of one stream of a device: where it is and what to say there."""

    stream: str
    """`{channel}.main` or `{channel}.sub`."""
    url: str
    """Without credentials."""
    user: str | None = None
    password: SecretStr | None = None
    transport: Literal["auto", "tcp", "udp", "udp_only"] = "auto"
    allow_basic: bool = True
    audio: bool = True


class Source(Protocol):
    """One stream of a device as its family speaks. Two sources are equal where nothing would be done differently."""

    def describe(self, node: MediaNode, timeout_ms: int) -> Probe:
        """Look at it once, beside whatever runs: legs, format, oddities. Blocks. Raises ValueError with a sentence."""

    def open(self, node: MediaNode, *, record: bool) -> None:
        """Let the node know it: at once and for good where it is recorded, else when somebody watches.

        Again, with what has changed, is no error. Raises ValueError with a sentence.
        """

    def close(self, node: MediaNode) -> None:
        """End its session and forget it."""


class Family(Protocol):
    """A way to speak to devices: makes the source of an entry of the register."""

    def __call__(self, entry: Entry) -> Source: ...
