"""A stream of an RTSP camera as a source: the media plane pulls it; nothing is said to the camera from here."""

from dataclasses import dataclass

from mingjing.devices.source import Entry
from mingjing.media.model import Probe, RtspSource, StreamSpec
from mingjing.media.node import MediaNode


@dataclass(frozen=True, slots=True)
class RtspCamera:
    """Implements `Source`."""

    entry: Entry

    def describe(self, node: MediaNode, timeout_ms: int) -> Probe:
        return node.probe(StreamSpec(stream=self.entry.stream, source=self._address()), timeout_ms)

    def open(self, node: MediaNode, *, record: bool) -> None:
        node.put_stream(
            StreamSpec(
                stream=self.entry.stream,
                source=self._address(),
                always_on=record,
                record=record,
                audio=self.entry.audio,
            )
        )

    def close(self, node: MediaNode) -> None:
        node.remove_stream(self.entry.stream)

    def _address(self) -> RtspSource:
        entry = self.entry
        return RtspSource(
            url=entry.url,
            user=entry.user,
            password=entry.password,
            transport=entry.transport,
            allow_basic=entry.allow_basic,
        )
