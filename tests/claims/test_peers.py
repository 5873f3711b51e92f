"""Peers beside us: the harness with the one that is always there, and the tables that its figures make."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.claims import document, measured
from tests.claims.peers import __main__ as harness
from tests.claims.peers import full, kill, page, results
from tests.claims.peers.left import plays, readable
from tests.claims.peers.recorders import Ffmpeg
from tests.claims.shim import Writes


@pytest.mark.timeout(180)
def test_a_peer_is_killed_and_what_it_left_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measured, "FOLDER", tmp_path)
    monkeypatch.setattr(measured, "KEPT", tmp_path)
    monkeypatch.setattr(Ffmpeg, "life_s", (0.5, 2.0))
    harness.record("kill", "ffmpeg", runs=1, streams=2, seed=1)
    harness.record("kill", "ffmpeg", runs=2, streams=2, seed=1)
    found = results.read("R1", "ffmpeg")
    assert found is not None
    assert (found["n"], found["samples"], found["files"]) == (2, 4, 4)
    assert (found["missing"], found["unplayable"]) == (0, 0)
    assert 0 <= found["lost_s_median"] <= found["lost_s_max"]
    assert f"| ffmpeg -c copy | {found['version']} |" in page.section()


@pytest.mark.timeout(120)
@pytest.mark.skipif(os.geteuid() != 0, reason="a small file system is mounted, which needs root")
def test_a_recorder_that_a_full_disk_ended_is_shown_as_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measured, "FOLDER", tmp_path)
    monkeypatch.setattr(measured, "KEPT", tmp_path)
    monkeypatch.setattr(Ffmpeg, "settled_s", 2.0)
    monkeypatch.setattr(full, "RESUME_S", 2.0)
    monkeypatch.setattr(full, "FULL_S", 3.0)
    found = harness.record("full", "ffmpeg", runs=1, streams=1, seed=1).whole()
    assert (found["ended"], found["resumed"], found["unplayable"]) == (1, 0, 0)
    assert "No space left" in found["said"]
    assert found["lost_s_max"] >= found["full_s"]


def test_what_is_no_video_neither_plays_nor_is_read(tmp_path: Path) -> None:
    empty, noise = tmp_path / "empty.mp4", tmp_path / "noise.mp4"
    empty.touch()
    noise.write_bytes(bytes(range(256)) * 64)
    assert not plays(empty)
    assert not plays(noise)
    assert readable(empty) == readable(noise) == []


def test_a_slow_disk_is_slow_for_any_program_and_below_its_path_alone(tmp_path: Path) -> None:
    slow = tmp_path / "slow"
    slow.mkdir()
    writes = Writes(tmp_path)
    writes.of(slow)
    writes.delay(0.05, 0.1)
    for number, target in enumerate((tmp_path, slow, slow)):
        command = ["dd", "if=/dev/zero", f"of={target}/{number}", "bs=1", "count=3"]
        process = subprocess.Popen([*writes.prefix, *command], stderr=subprocess.DEVNULL)
        assert process.wait(20) == 0
        assert (target / str(number)).stat().st_size == 3
        assert writes.delayed == 3 * number
    writes.delay(0, 0)


def test_the_page_shows_each_recorder_once_ours_first_and_what_was_not_measured_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measured, "FOLDER", tmp_path)
    monkeypatch.setattr(measured, "KEPT", tmp_path)
    monkeypatch.setattr(document, "PAGE", tmp_path / "page.md")
    assert page.section() == ""
    assert "Beside its peers" not in document.page()
    document.PAGE.write_text("# A\n\n## Beside its peers\n\nas it was\n", encoding="utf-8")
    assert document.page().endswith("\n## Beside its peers\n\nas it was\n")
    for kind, lost in (("mediamtx", 0.1), ("ours", 0.9)):
        facts = {"name": kind, "settings": "s", "version": "v"}
        run = {"lost_s": [lost, lost], "missing": 0, "files": 2, "unplayable": ["a.mp4"]}
        results.Record("R1", kind, facts, kill.summary).add(run)
    told = document.page()
    rows = [line.rsplit("|", 2)[0] for line in told.splitlines() if "| 1 of 2 |" in line]
    assert rows == [
        "| **ours** | v | s | 1 | 2 | 0.9 s | 0.9 s | 0 | 1 of 2 ",
        "| mediamtx | v | s | 1 | 2 | 0.1 s | 0.1 s | 0 | 1 of 2 ",
    ]
    behind = "lost at the median 0.1 against 0.9, lost at worst 0.1 against 0.9"
    assert f"Ahead of ours: mediamtx (s): {behind}.\n" in told


def test_a_measurement_goes_on_where_it_stopped_but_not_with_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measured, "FOLDER", tmp_path)
    monkeypatch.setattr(measured, "KEPT", tmp_path)
    run = {"lost_s": [0.5], "missing": 0, "files": 1, "unplayable": []}

    def opened(version: str) -> results.Record:
        return results.Record("R1", "ours", {"version": version}, kill.summary)

    opened("1").add(run)
    opened("1").add(run)
    assert len(opened("1").runs) == 2
    assert opened("2").runs == []
