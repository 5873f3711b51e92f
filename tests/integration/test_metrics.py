"""What a monitoring system reads."""

from pathlib import Path

from prometheus_client import generate_latest

from mingjing.app.metrics import figures
from mingjing.kernel.db import Database
from mingjing.media.model import ClockJump, StreamStats, WriteQueue
from tests.places import town
from tests.recorder import recorder


def test_streams_queues_and_disks_are_told_and_a_lost_disk_hides_nothing_else(
    empty_database: Database, tmp_path: Path
) -> None:
    recording = recorder(town(empty_database), tmp_path / "disk")
    queue = WriteQueue(bytes=4096, jobs=2, dropped_fragments=3)
    recording.node.stats["ch_a.main"] = StreamStats(
        stream="ch_a.main", fps=25, reconnects=7, recording=True, viewers=2, queue=queue
    )
    recording.node.tell(ClockJump(at_us=1, by_us=2))
    recording.site.pools["gone"] = tmp_path / "nowhere"

    told = generate_latest(figures(recording.site)).decode()

    for line in (
        'mingjing_stream_frames_per_second{stream="ch_a.main"} 25.0',
        'mingjing_stream_recording{stream="ch_a.main"} 1.0',
        'mingjing_stream_playing{stream="ch_a.main"} 0.0',
        'mingjing_stream_viewers{stream="ch_a.main"} 2.0',
        'mingjing_stream_reconnects_total{stream="ch_a.main"} 7.0',
        'mingjing_stream_write_queue_bytes{stream="ch_a.main"} 4096.0',
        'mingjing_stream_dropped_fragments_total{stream="ch_a.main"} 3.0',
        "mingjing_plane_events_waiting 1.0",
        'mingjing_storage_up{pool="main"} 1.0',
        'mingjing_storage_up{pool="gone"} 0.0',
    ):
        assert line in told.splitlines()
    assert 'mingjing_storage_free_bytes{pool="main"}' in told
    assert 'mingjing_storage_free_bytes{pool="gone"}' not in told
