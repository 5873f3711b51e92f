"""Recordings of other makers' devices, through the child and the real plane. FFmpeg writes them, ffprobe counts."""

import dataclasses
import json
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.places import ACTOR, Town, town
from tests.recorder import HOUR, MINUTE, recorder

from mingjing.audit.model import JournalRow
from mingjing.identity.actions import Action
from mingjing.kernel.clock import SetClock
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError
from mingjing.media.node import LocalArchive
from mingjing.recording import importing
from mingjing.recording.schema import Imported, ImportWish
from mingjing.recording.site import RecordingSite

SECONDS, SEGMENT_SECONDS = 10, 4
"""Two cuts, and a rest."""

H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-bf", "0"]
REORDERED = ["-c:v", "libx264", "-preset", "veryfast", "-g", "50", "-bf", "2"]
H265 = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:bframes=0", "-g", "50"]
AAC = ["-c:a", "aac", "-ar", "16000"]
ALAW = ["-c:a", "pcm_alaw", "-ar", "8000"]
FRAGMENTS = ["-movflags", "frag_keyframe+empty_moov+default_base_moof"]


def film(path: Path, *options: str, seconds: int = SECONDS) -> Path:
    source = ["-f", "lavfi", "-i", f"testsrc2=s=160x96:r=25:d={seconds}"]
    sound = ["-f", "lavfi", "-i", f"sine=f=440:r=16000:d={seconds}"] if "-c:a" in options else []
    subprocess.run(["ffmpeg", "-v", "error", *source, *sound, *options, str(path)], check=True)
    return path


def packets(path: Path, kind: str) -> list[tuple[float, float]]:
    """When each packet of a track begins and how long it lasts."""
    command = [
        "ffprobe", "-v", "error", "-select_streams", f"{kind}:0",
        "-show_entries", "packet=pts_time,duration_time", "-of", "json", str(path),
    ]  # fmt: skip
    found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["packets"]
    return [(float(one.get("pts_time", 0)), float(one.get("duration_time", 0))) for one in found]


def whole(files: list[Path], seconds: float) -> bool:
    """Whether the sound of segments that follow each other has no hole, at the cuts least of all."""
    began = int(files[0].name.split("-")[0]) / 1e6 if files else 0
    # Pictures that are shown in another order than they are stored begin a little after their segment.
    until = packets(files[0], "a")[0][0] if seconds else 0.0
    if until > 0.2:
        return False
    for file in files:
        origin = int(file.name.split("-")[0]) / 1e6 - began
        for at, lasts in packets(file, "a"):
            if abs(origin + at - until) > 0.07:
                return False
            until = origin + at + lasts
    return until > seconds - 0.1


@dataclasses.dataclass
class Place:
    """A town with one camera, and the plane's own archive of files."""

    town: Town
    site: RecordingSite
    channel: str
    start_us: int

    def bring(self, file: Path, start_us: int | None = None) -> Imported:
        wish = ImportWish(path=str(file), channel=self.channel, start_us=start_us or self.start_us)
        scope = self.town.scope(Action.RECORDING_IMPORT)
        return importing.bring_in(self.town.database, ACTOR, scope, wish, self.site)

    def refused(self, file: Path, start_us: int | None = None) -> str:
        with pytest.raises(MingjingError) as raised:
            self.bring(file, start_us)
        assert not list(self.site.exports.iterdir()), "the copy is left behind"
        return raised.value.code

    def files(self) -> list[Path]:
        return sorted(next(iter(self.site.pools.values())).rglob("*.mp4"))


@pytest.fixture
def place(
    empty_database: Database, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Place:
    monkeypatch.setattr(importing, "SEGMENT_SECONDS", SEGMENT_SECONDS)
    at = town(empty_database)
    found = recorder(at, tmp_path / "pool")
    site = dataclasses.replace(found.site, archive=LocalArchive(), exports=tmp_path / "exports")
    return Place(at, site, at.add().row.id, clock.now_us() - HOUR)


FORMS = [
    ("fragments.mp4", [*H264, *AAC, *FRAGMENTS]),
    ("plain.mp4", [*H264, *AAC]),
    ("body.mov", [*REORDERED, *ALAW]),
    ("disc.mkv", [*H265, *AAC]),
    ("disc.ts", [*H264, *AAC]),
    ("reordered.ts", [*REORDERED, *AAC]),
    ("recorder.mpg", [*H264]),
    ("old.avi", [*H264, *ALAW]),
    ("cloud.flv", [*H264, *AAC]),
]


@pytest.mark.parametrize(("name", "options"), FORMS, ids=[name for name, _ in FORMS])
def test_every_picture_and_sound_of_a_file_is_kept(
    place: Place, tmp_path: Path, name: str, options: list[str]
) -> None:
    made = film(tmp_path / name, *options)
    found = place.bring(made)
    assert found.segments == len(place.files()) >= 2
    assert abs(found.until_us - found.from_us - SECONDS * 1_000_000) < 200_000
    assert sum(len(packets(file, "v")) for file in place.files()) == len(packets(made, "v"))
    assert whole(place.files(), SECONDS if found.sound else 0)
    assert (found.sound is not None, found.sound_left_out) == ("-c:a" in options, None)
    assert not list(place.site.exports.iterdir())


def test_a_sound_that_cannot_be_kept_is_left_out_and_said(place: Place, tmp_path: Path) -> None:
    made = film(tmp_path / "a.mkv", *H264, "-c:a", "mp2", seconds=5)
    found = place.bring(made)
    assert (found.sound, found.sound_left_out) == (None, "mp2")
    with place.town.database.reading() as session:
        entry = session.scalars(select(JournalRow).where(JournalRow.action == "recording.bring_in")).one()
    assert json.loads(entry.facts)["sound_left_out"] == "mp2"


def test_what_cannot_be_kept_is_refused_in_its_own_words(place: Place, tmp_path: Path) -> None:
    noise = tmp_path / "noise.mp4"
    noise.write_bytes(bytes(range(256)) * 4096)
    sound = tmp_path / "sound.mkv"
    tone = ["-f", "lavfi", "-i", "sine=d=2", "-c:a", "aac"]
    subprocess.run(["ffmpeg", "-v", "error", *tone, str(sound)], check=True)
    locked = ["-encryption_scheme", "cenc-aes-ctr", "-encryption_key", "0" * 32, "-encryption_kid", "1" * 32]
    playlist = tmp_path / "list.m3u8"
    playlist.write_text(f"#EXTM3U\n#EXTINF:2,\n{film(tmp_path / 'in.ts', *H264, seconds=2)}\n")
    (tmp_path / "empty.ts").touch()
    assert place.refused(noise) == "REC-022"
    assert place.refused(tmp_path / "empty.ts") == "REC-022"
    assert place.refused(playlist) == "REC-022"
    assert place.refused(sound) == "REC-023"
    assert place.refused(film(tmp_path / "old.avi", "-c:v", "mpeg4", seconds=2)) == "REC-024"
    assert place.refused(film(tmp_path / "locked.mp4", *H264, *locked, seconds=2)) == "REC-025"
    assert place.files() == []


def test_a_file_that_was_torn_off_gives_what_is_whole(place: Place, tmp_path: Path) -> None:
    made = film(tmp_path / "whole.ts", *H264, seconds=20)
    torn = tmp_path / "torn.ts"
    torn.write_bytes(made.read_bytes()[: made.stat().st_size // 2])
    found = place.bring(torn)
    assert 5_000_000 < found.until_us - found.from_us < 15_000_000


def test_a_disc_whose_clock_was_set_plays_on(place: Place, tmp_path: Path) -> None:
    spliced = tmp_path / "spliced.ts"
    parts = [
        film(tmp_path / f"{number}.ts", *H264, "-output_ts_offset", str(offset), seconds=4)
        for number, offset in enumerate((5000, 10))
    ]
    spliced.write_bytes(b"".join(part.read_bytes() for part in parts))
    found = place.bring(spliced)
    assert abs(found.until_us - found.from_us - 8_000_000) < 200_000


def test_time_that_is_recorded_or_has_not_been_is_refused(place: Place, tmp_path: Path) -> None:
    made = film(tmp_path / "a.ts", *H264, seconds=10)
    place.bring(made)
    kept = place.files()
    assert place.refused(made) == "REC-026"
    assert place.refused(made, place.start_us + 5_000_000) == "REC-026"
    assert place.refused(made, place.town.database.clock.now_us() - 5_000_000) == "REC-027"
    assert place.files() == kept
    place.bring(made, place.start_us + MINUTE)
