"""What a monitoring system reads."""

import re
from pathlib import Path

from fastapi.testclient import TestClient
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from mingjing.app import Program
from mingjing.app.console import console
from mingjing.app.metrics import figures
from mingjing.kernel.db import Database
from mingjing.media.model import ClockJump, StreamStats, WriteQueue
from tests.contract import hold
from tests.integration.test_program import settings_in
from tests.places import town
from tests.program import program
from tests.recorder import recorder

PAGE = Path(__file__).parents[2] / "docs/ref/figures.md"


def test_streams_queues_and_disks_are_told_and_a_lost_disk_hides_nothing_else(
    empty_database: Database, tmp_path: Path
) -> None:
    recording = recorder(town(empty_database), tmp_path / "disk")
    queue = WriteQueue(bytes=4096, jobs=2, dropped_fragments=3)
    recording.node.stats["ch_a.main"] = StreamStats(
        stream="ch_a.main",
        fps=25,
        bitrate_bps=2e6,
        last_frame_us=1_500_000,
        reconnects=7,
        recording=True,
        viewers=2,
        queue=queue,
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
        'mingjing_stream_write_queue_jobs{stream="ch_a.main"} 2.0',
        'mingjing_stream_bits_per_second{stream="ch_a.main"} 2e+06',
        'mingjing_stream_last_frame_timestamp_seconds{stream="ch_a.main"} 1.5',
        'mingjing_stream_dropped_fragments_total{stream="ch_a.main"} 3.0',
        "mingjing_plane_events_waiting 1.0",
        'mingjing_storage_up{pool="main"} 1.0',
        'mingjing_storage_up{pool="gone"} 0.0',
    ):
        assert line in told.splitlines()
    assert 'mingjing_storage_free_bytes{pool="main"}' in told
    assert 'mingjing_storage_free_bytes{pool="gone"}' not in told


def test_a_reader_of_another_house_understands_the_figures_and_no_label_names_a_person_or_a_secret(
    empty_database: Database, tmp_path: Path
) -> None:
    whole = program(empty_database, tmp_path)
    channel = whole.recorder.town.add().row.id
    whole.recorder.show(f"{channel}.main")
    reader, _ = whole.person("figures-reader", "operator_admin")
    client = whole.client()
    client.headers.update(whole.signed_in(reader))

    answer = client.get("/metrics")

    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    families = list(text_string_to_metric_families(answer.text))
    assert {family.name for family in families} > {
        f"mingjing_stream_{name}"
        for name in ("frames_per_second", "bits_per_second", "reconnects", "viewers")
    }
    ours = {line.split()[2] for line in answer.text.splitlines() if line.startswith("# TYPE mingjing_")}
    assert sorted(re.findall(r"^\| `(mingjing_\w+)`", PAGE.read_text(encoding="utf-8"), re.M)) == sorted(ours)
    for family in families:
        assert family.documentation
        assert family.type in {"gauge", "counter"}
        for sample in family.samples:
            assert set(sample.labels) <= {"stream", "pool"}, sample
            assert sample.labels.get("stream") in {None, f"{channel}.main"}
            assert sample.labels.get("pool") in {None, "main"}


def test_figures_are_for_who_may_read_them(empty_database: Database, tmp_path: Path) -> None:
    whole = program(empty_database, tmp_path)
    watcher, _ = whole.person("watcher", "duty_officer")
    assert whole.client().get("/metrics").status_code == 401
    client = whole.client()
    client.headers.update(whole.signed_in(watcher))
    assert client.get("/metrics").status_code == 403


def test_alive_is_said_always_and_ready_only_while_everything_works(tmp_path: Path) -> None:
    with Program(settings_in(tmp_path)) as running:
        app = console(running)
        client = hold(TestClient(app, base_url="http://127.0.0.1:8360"), app)
        assert client.get("/healthz").json() == {"alive": True}
        early = client.get("/readyz")
        assert (early.status_code, early.json()) == (503, {"ready": False, "missing": ["media", "recording"]})

        running.first_start(demo=False)
        running.start()
        assert client.get("/readyz").json() == {"ready": True, "missing": []}

        running.recording.ticker.stop()
        late = client.get("/readyz")
        assert (late.status_code, late.json()["missing"]) == (503, ["recording"])
        assert client.get("/healthz").status_code == 200
