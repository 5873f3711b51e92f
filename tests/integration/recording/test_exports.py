"""An export is ordered, cut in a child, digested, taken once more with a journal entry, and expires."""

import hashlib
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.places import town
from tests.recorder import HOUR, SECOND, Recorder, recorder, segment

from mingjing.identity.caller import Caller
from mingjing.identity.scope import Reach
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError
from mingjing.recording import exports
from mingjing.recording.exports import Exporter
from mingjing.recording.schema import ExportWish


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Recorder:
    return recorder(town(empty_database), tmp_path / "pool")


def caller(user: str = "us_aaaaaaaaaaaa") -> Caller:
    return Caller(
        user=user, account="li", name="李某", organisation="or_x", must_change_password=False,
        roles=("reviewer",), held=(("reviewer", Reach()),), lent=(), source="", session="se_1",
    )  # fmt: skip


def film(at: Recorder, stream: str, start_us: int) -> None:
    told = at.store(stream, start_us, start_us + 4 * SECOND)
    path = at.site.pools["main"] / told.path
    path.parent.mkdir(parents=True, exist_ok=True)
    command = [
        "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=320x240:r=25:d=4", "-c:v", "libx264",
        "-preset", "ultrafast", "-g", "25", "-bf", "0", "-movflags", "frag_keyframe+empty_moov",
        "-f", "mp4", str(path),
    ]  # fmt: skip
    subprocess.run(command, check=True)


def order(at: Recorder, channel: str, from_us: int, until_us: int) -> str:
    wish = ExportWish(channels=[channel], from_us=from_us, until_us=until_us, reason="案件 12 号")
    with at.site.database.transaction() as tx:
        return exports.order(tx, caller(), wish).id


def test_an_export_is_cut_digested_taken_and_expires(at: Recorder) -> None:
    channel = at.town.add().row.id
    start = at.clock.now_us()
    film(at, f"{channel}.main", start)
    film(at, f"{channel}.main", start + 10 * SECOND)
    at.clock.advance(20 * SECOND)
    made = order(at, channel, start + SECOND, start + 13 * SECOND)
    exporter = Exporter(at.site)
    assert exporter.run_one()
    assert not exporter.run_one()
    with at.site.database.transaction() as tx:
        row = exports.export(tx.session, caller(), made)
        assert (row.state, row.problem) == ("done", None)
        assert [gap["reason"] for gap in row.gaps] == ["unknown"]
        path = exports.take(tx, caller(), made, None, at.site)
        assert hashlib.sha256(path.read_bytes()).hexdigest() == row.files[0]["sha256"]
        assert len(str(row.files[0]["sm3"])) == 64
        with pytest.raises(MingjingError):
            exports.export(tx.session, caller("us_bbbbbbbbbbbb"), made)
    at.clock.advance(8 * 24 * HOUR)
    exporter.expire()
    assert not path.exists()


def test_an_export_of_nothing_is_refused_and_a_cancelled_one_leaves_no_file(at: Recorder) -> None:
    channel = at.town.add().row.id
    start = at.clock.now_us()
    with pytest.raises(MingjingError) as refused:
        order(at, channel, start, start + SECOND)
    assert refused.value.code == "REC-011"
    film(at, f"{channel}.main", start)
    made = order(at, channel, start, start + SECOND)
    with at.site.database.transaction() as tx:
        exports.cancel(tx, caller(), made, at.site)
    assert not Exporter(at.site).run_one()
    assert not (at.site.exports / made).exists()


def test_a_segment_whose_file_is_broken_fails_the_export_in_words(at: Recorder) -> None:
    channel = at.town.add().row.id
    start = at.clock.now_us()
    told = at.store(f"{channel}.main", start, start + 4 * SECOND)
    path = at.site.pools["main"] / told.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"nothing")
    made = order(at, channel, start, start + SECOND)
    assert Exporter(at.site).run_one()
    with at.site.database.transaction() as tx:
        row = exports.export(tx.session, caller(), made)
        assert row.state == "failed"
        assert row.problem


def test_two_exporters_at_once_cut_each_job_once(at: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = at.town.add().row.id
    start = at.clock.now_us()
    at.store(f"{channel}.main", start, start + 60 * SECOND)
    ordered = [order(at, channel, start + n * SECOND, start + (n + 1) * SECOND) for n in range(4)]
    both, cut = threading.Barrier(2), []

    def cutting(task: dict[str, Any], _cancelled: Callable[[], bool]) -> Iterator[dict[str, object]]:
        both.wait(30)  # neither is done before the other has taken a job as well
        cut.append(Path(task["output"]).parent.name)
        Path(task["output"]).write_bytes(b"a clip")
        yield from ()

    monkeypatch.setattr(exports, "clip", cutting)
    with ThreadPoolExecutor(2) as threads:
        for _ in range(2):
            rounds = [threads.submit(Exporter(at.site).run_one) for _ in range(2)]
            assert [one.result(60) for one in rounds] == [True, True]
    assert sorted(cut) == sorted(ordered)
    with at.site.database.transaction() as tx:
        assert {exports.export(tx.session, caller(), made).state for made in ordered} == {"done"}


@pytest.mark.parametrize(
    ("codecs", "audio", "refused"),
    [("avc1.640028,alaw", True, True), ("avc1.640028,alaw", False, False), ("hvc1.1.6.L93", False, True)],
)
def test_a_range_in_which_the_format_changes_is_refused_with_the_parts_that_can_be_had(
    at: Recorder, codecs: str, audio: bool, refused: bool
) -> None:
    channel = at.town.add().row.id
    start = at.clock.now_us()
    at.store(f"{channel}.main", start, start + 4 * SECOND)
    changed = segment(f"{channel}.main", start + 4 * SECOND, start + 8 * SECOND)
    at.handler([changed.model_copy(update={"codecs": codecs})])
    at.clock.advance(20 * SECOND)
    wish = ExportWish(
        channels=[channel], from_us=start, until_us=start + 8 * SECOND, audio=audio, reason="案件 12 号"
    )
    with at.site.database.transaction() as tx:
        if not refused:
            assert exports.order(tx, caller(), wish).state == "queued"
            return
        with pytest.raises(MingjingError) as told:
            exports.order(tx, caller(), wish)
    assert told.value.code == "REC-032"
    assert told.value.facts["parts"] == [
        {"from_us": start, "until_us": start + 4 * SECOND},
        {"from_us": start + 4 * SECOND, "until_us": start + 8 * SECOND},
    ]
