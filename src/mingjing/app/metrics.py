"""Prometheus figures of streams, disks and the process, read from the rooms when asked."""

import shutil
from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from mingjing.media.causes import StreamState
from mingjing.recording.site import RecordingSite


class PlaneCollector(Collector):
    """Figures by stream id: no camera's name, no address."""

    def __init__(self, site: RecordingSite) -> None:
        self._site = site

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        label = ["stream"]
        playing = GaugeMetricFamily("mingjing_stream_playing", "1 while video frames arrive", labels=label)
        recording = GaugeMetricFamily("mingjing_stream_recording", "1 while fragments are kept", labels=label)
        fps = GaugeMetricFamily("mingjing_stream_frames_per_second", "Video frames a second", labels=label)
        rate = GaugeMetricFamily("mingjing_stream_bits_per_second", "Bits a second", labels=label)
        last = GaugeMetricFamily(
            "mingjing_stream_last_frame_timestamp_seconds", "Wall clock of the newest frame", labels=label
        )
        again = CounterMetricFamily("mingjing_stream_reconnects", "Connections after the first", labels=label)
        viewers = GaugeMetricFamily("mingjing_stream_viewers", "Deliveries that run", labels=label)
        for name, at in self._site.stats().items():
            playing.add_metric([name], at.state is StreamState.PLAYING)
            recording.add_metric([name], at.recording)
            fps.add_metric([name], at.fps or 0)
            rate.add_metric([name], at.bitrate_bps or 0)
            last.add_metric([name], (at.last_frame_us or 0) / 1e6)
            again.add_metric([name], at.reconnects)
            viewers.add_metric([name], at.viewers)
        yield from (playing, recording, fps, rate, last, again, viewers)
        free = GaugeMetricFamily("mingjing_storage_free_bytes", "Free bytes of a pool", labels=["pool"])
        total = GaugeMetricFamily("mingjing_storage_total_bytes", "Bytes of a pool", labels=["pool"])
        for pool, root in self._site.pools.items():
            usage = shutil.disk_usage(root)
            free.add_metric([pool], usage.free)
            total.add_metric([pool], usage.total)
        yield from (free, total)
