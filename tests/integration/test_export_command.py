"""A clip taken out at the machine's own shell: what is missing is said first, what was taken is journalled."""

import hashlib
import json
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mingjing.audit.model import JournalRow
from mingjing.cli import application
from mingjing.cli.moments import length, moment_us, shown
from mingjing.configuration import read
from mingjing.kernel.clock import SystemClock
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError
from tests.places import JIANGXIA

NAME = "大门东"
BEGIN = "2026-11-23T08:00:00"


@pytest.fixture
def house(data: Path) -> Path:
    """A data directory with one camera and 20 s of it from 08:00 Beijing time."""
    file = data.parent / "brought.mov"
    source = ["-f", "lavfi", "-i", "testsrc2=s=320x240:r=10:d=20", "-f", "lavfi", "-i", "sine=r=8000:d=20"]
    codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-bf", "0", "-c:a", "pcm_alaw"]
    subprocess.run(["ffmpeg", "-v", "error", *source, *codecs, str(file)], check=True, timeout=60)
    url = "rtsp://10.3.7.21:554/1"
    assert run(data, "camera", "add", NAME, url, "--division", JIANGXIA).exit_code == 0
    brought = run(data, "recordings", "import", str(file), "--channel", NAME, "--start", BEGIN)
    assert brought.exit_code == 0, brought.output
    assert "2026-11-23 08:00:00" in brought.output
    return data


def run(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(application, [*arguments, "--data", str(data)])


def export(data: Path, camera: str, begin: str, end: str, out: Path) -> Result:
    return run(
        data, "export", camera, "--from", begin, "--to", end, "--out", str(out), "--reason", "案件 12 号"
    )


def journal(data: Path) -> list[tuple[str, str, dict[str, object]]]:
    found, _ = read(None, {"data.directory": data}, {})
    database = Database(found.database_url(), SystemClock())
    with database.reading() as session:
        rows = session.query(JournalRow).filter(JournalRow.action.like("export.%")).order_by(JournalRow.seq)
        entries = [(row.action, row.actor_name, json.loads(row.facts)) for row in rows]
    database.close()
    return entries


def probed(clip: Path) -> dict[str, str]:
    asked = ["-show_entries", "format=duration:stream=codec_name", "-of", "json"]
    told = subprocess.run(["ffprobe", "-v", "error", *asked, str(clip)], check=True, capture_output=True)
    found = json.loads(told.stdout)
    return {"codecs": ",".join(s["codec_name"] for s in found["streams"]), "s": found["format"]["duration"]}


def test_a_whole_range_becomes_a_clip_that_the_journal_names_with_its_digest(house: Path) -> None:
    out = house.parent / "clip.mp4"
    done = export(house, NAME, "2026-11-23T08:00:05", "2026-11-23T08:00:15", out)
    assert done.exit_code == 0, done.output
    found = probed(out)
    assert found["codecs"] == "h264,aac"
    assert float(found["s"]) == pytest.approx(10, abs=1)
    digest = hashlib.sha256(out.read_bytes()).hexdigest()
    assert digest in done.output
    (ordered, who, facts), (finished, _, made) = journal(house)
    assert (ordered, finished) == ("export.order", "export.done")
    assert who.startswith("命令行 command line (")
    assert (facts["reason"], facts["file"], made["sha256"]) == ("案件 12 号", "clip.mp4", digest)
    assert out.stat().st_mode & 0o077 == 0


def test_what_is_missing_is_said_first_and_the_exit_code_says_that_something_is(house: Path) -> None:
    out = house.parent / "clip.mp4"
    done = export(house, NAME, "2026-11-23T08:00:10", "2026-11-23T08:01:00", out)
    assert done.exit_code == 1, done.output
    missing, written = done.output.index("缺失 missing"), done.output.index("已导出 exported")
    assert missing < written
    assert "2026-11-23 08:00:20 – 2026-11-23 08:01:00" in done.output
    assert out.exists()


def test_nothing_is_written_over_and_nothing_is_left_where_it_fails(house: Path) -> None:
    out = house.parent / "clip.mp4"
    out.write_bytes(b"mine")
    assert code(export(house, NAME, BEGIN, "2026-11-23T08:00:10", out)) == "REC-015"
    assert out.read_bytes() == b"mine"
    assert code(export(house, "没有", BEGIN, "2026-11-23T08:00:10", out)) == "SYS-072"
    elsewhere = house.parent / "other.mp4"
    assert code(export(house, NAME, "2026-11-20T08:00:00", "2026-11-20T08:01:00", elsewhere)) == "REC-011"
    assert code(export(house, NAME, "2026-11-20T08:00:00", "2026-11-23T08:01:00", elsewhere)) == "REC-010"
    before = set(house.parent.iterdir())
    (recorded,) = (house / "recordings").rglob("*.mp4")
    recorded.write_bytes(b"nothing of a film")
    assert code(export(house, NAME, BEGIN, "2026-11-23T08:00:10", elsewhere)) == "REC-014"
    assert [entry[0] for entry in journal(house)] == ["export.order", "export.failed"]
    assert set(house.parent.iterdir()) == before


def test_a_change_of_format_within_the_range_is_refused_with_its_parts_as_an_ordered_export_is(
    house: Path,
) -> None:
    narrow = house.parent / "narrow.mp4"
    source = ["-f", "lavfi", "-i", "testsrc2=s=160x120:r=10:d=10", "-c:v", "libx264", "-preset", "ultrafast"]
    subprocess.run(["ffmpeg", "-v", "error", *source, "-bf", "0", str(narrow)], check=True, timeout=60)
    at = "2026-11-23T08:00:20"
    brought = run(house, "recordings", "import", str(narrow), "--channel", NAME, "--start", at)
    assert brought.exit_code == 0, brought.output
    out = house.parent / "clip.mp4"
    refused = export(house, NAME, "2026-11-23T08:00:05", "2026-11-23T08:00:30", out)
    assert code(refused) == "REC-032"
    assert isinstance(refused.exception, MingjingError)
    assert refused.exception.facts["parts"] == [
        {"from_us": moment_us("2026-11-23T08:00:05"), "until_us": moment_us(at)},
        {"from_us": moment_us(at), "until_us": moment_us("2026-11-23T08:00:30")},
    ]
    assert not out.exists()
    assert journal(house) == []
    assert export(house, NAME, at, "2026-11-23T08:00:30", out).exit_code == 0


def code(done: Result) -> str:
    assert isinstance(done.exception, MingjingError), done.output
    return done.exception.code


def test_moments_are_beijing_time_unless_they_say_otherwise(data: Path) -> None:
    eight = 1_795_392_000_000_000
    assert moment_us(BEGIN) == moment_us("2026-11-23T00:00:00Z") == moment_us(str(eight)) == eight
    assert shown(eight + 1) == "2026-11-23 08:00:00"
    assert [length(us) for us in (2_500_000, 90_000_000, 3_660_000_000)] == [
        "2.5 s",
        "1 min 30 s",
        "1 h 1 min",
    ]
    wrong = export(data, NAME, "yesterday", BEGIN, data.parent / "clip.mp4")
    assert wrong.exit_code == 2
    assert "Beijing time" in wrong.output
