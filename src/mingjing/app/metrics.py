"""Prometheus figures of streams, queues and disks, read from the rooms when asked."""

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from mingjing.kernel.disks import room
from mingjing.media.causes import StreamState
from mingjing.media.model import StreamStats
from mingjing.recording.site import RecordingSite

_Reading = Callable[[StreamStats], float]

_GAUGES: tuple[tuple[str, str, _Reading], ...] = (
    ("playing", "1 while video frames arrive", lambda at: at.state is StreamState.PLAYING),
    ("recording", "1 while fragments are kept", lambda at: at.recording),
    ("frames_per_second", "Video frames a second", lambda at: at.fps or 0),
    ("bits_per_second", "Bits a second", lambda at: at.bitrate_bps or 0),
    (
        "last_frame_timestamp_seconds",
        "Wall clock of the newest frame",
        lambda at: (at.last_frame_us or 0) / 1e6,
    ),
    ("viewers", "Deliveries that run", lambda at: at.viewers),
    ("write_queue_bytes", "Payload between the camera and the disk", lambda at: at.queue.bytes),
    ("write_queue_jobs", "Writes between the camera and the disk", lambda at: at.queue.jobs),
)
_COUNTERS: tuple[tuple[str, str, _Reading], ...] = (
    ("reconnects", "Connections after the first", lambda at: at.reconnects),
    ("dropped_fragments", "Fragments that the disk was too slow for", lambda at: at.queue.dropped_fragments),
)


class SiteCollector(Collector):
    """Figures by stream id: no camera's name, no address."""

    def __init__(self, site: RecordingSite) -> None:
        self._site = site

    def collect(self) -> Iterator[Metric]:
        streams = self._site.stats()
        for name, text, reading in _GAUGES:
            gauge = GaugeMetricFamily(f"mingjing_stream_{name}", text, labels=["stream"])
            for stream, at in streams.items():
                gauge.add_metric([stream], reading(at))
            yield gauge
        for name, text, reading in _COUNTERS:
            counter = CounterMetricFamily(f"mingjing_stream_{name}", text, labels=["stream"])
            for stream, at in streams.items():
                counter.add_metric([stream], reading(at))
            yield counter
        yield from self._queues()
        yield from self._disks()

    def _queues(self) -> Iterator[Metric]:
        queues = self._site.node.queues()
        yield GaugeMetricFamily(
            "mingjing_plane_events_waiting", "Events of the media plane not yet drained", queues.events
        )
        yield GaugeMetricFamily(
            "mingjing_segments_unacknowledged", "Stored segments that no index has yet", queues.unacknowledged
        )

    def _disks(self) -> Iterator[Metric]:
        free = GaugeMetricFamily("mingjing_storage_free_bytes", "Free bytes of a pool", labels=["pool"])
        total = GaugeMetricFamily(
            "mingjing_storage_total_bytes", "Bytes of a pool, used and free", labels=["pool"]
        )
        there = GaugeMetricFamily("mingjing_storage_up", "1 while a pool's disk answers", labels=["pool"])
        for pool, root in self._site.pools.items():
            try:
                found = room(root)
            except OSError:
                there.add_metric([pool], 0)
                continue
            there.add_metric([pool], 1)
            free.add_metric([pool], found.free_bytes)
            total.add_metric([pool], found.total_bytes)
        yield from (there, free, total)


def figures(site: RecordingSite) -> CollectorRegistry:
    """Everything that `/metrics` tells."""
    registry = CollectorRegistry()
    registry.register(SiteCollector(site))
    ProcessCollector(registry=registry)
    return registry
