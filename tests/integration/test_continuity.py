"""Data, database, keys and disks that do not belong together are refused with what to do; what is only newer is kept."""

import shutil
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner, Result

from mingjing import _media
from mingjing.app import Program
from mingjing.cli import application
from mingjing.configuration import Settings
from mingjing.kernel.data_directory import known_identity
from mingjing.kernel.errors import MingjingError
from mingjing.media.node import IDENTITY_ON_DISK
from mingjing.recording.model import StoredSegment
from tests.e2e.clips import ffmpeg
from tests.integration.test_program import settings_in

SECOND_US = 1_000_000
LONG_AGO_US = 1_790_000_000 * SECOND_US


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty seconds of small pictures."""
    target = tmp_path_factory.mktemp("film") / "film.mov"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=64x48:r=4:d=20", "-c:v", "libx264", "-bf", "0", "-g", "4", target)
    return target


def ran(found: Settings) -> int:
    """Let the whole program run until it has looked at the archive; segments that its index knows then."""
    with Program(found) as program:
        program.first_start(demo=False)
        program.start()
        files = len(list(found.storage_roots()[0].rglob("*.mp4")))
        end = time.monotonic() + 30
        while _segments(program) < files and time.monotonic() < end:
            time.sleep(0.05)
        return _segments(program)


def _segments(program: Program) -> int:
    with program.database.reading() as session:
        return session.scalar(select(func.count()).select_from(StoredSegment)) or 0


def brought_in(found: Settings, film: Path, start_us: int) -> int:
    """Files that appear in the storage as recording makes them: on disk, and in no index."""
    root = found.storage_roots()[0]
    made = _media.import_file(str(root), str(film), "ch_aaaaaaaaaaaa.main", start_us, 10)
    return made.count('"digest"')


def lose_database(found: Settings) -> None:
    files = list(found.data.directory.glob("mingjing.sqlite3*"))
    assert files
    for file in files:
        file.unlink()


def refusal(found: Settings) -> MingjingError:
    """Why the program does not start."""
    with pytest.raises(MingjingError) as refused, Program(found) as program:
        program.first_start(demo=False)
        program.start()
    return refused.value


def command(found: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(application, [*arguments, "--data", str(found.data.directory)])


def test_a_lost_database_is_refused_and_made_anew_from_the_files_only_on_command(
    tmp_path: Path, film: Path
) -> None:
    found = settings_in(tmp_path)
    ran(found)
    made = brought_in(found, film, LONG_AGO_US)
    kept = command(found, "recordings", "rebuild", "--new-database").exception
    assert isinstance(kept, MingjingError)
    assert kept.code == "SYS-048"
    lose_database(found)
    before = sorted(found.data.directory.rglob("*"))
    told = refusal(found)
    assert told.code == "SYS-044"
    assert "--new-database" in told.remedy.en
    listed = command(found, "user", "list").exception
    assert isinstance(listed, MingjingError)
    assert listed.code == "SYS-044"
    assert sorted(found.data.directory.rglob("*")) == before
    anew = command(found, "recordings", "rebuild", "--new-database")
    assert anew.exit_code == 0, anew.output
    assert f"entered: {made} segments" in anew.output
    assert ran(found) == made
    assert command(found, "verify", "journal").exit_code == 0


def test_a_rebuild_lists_what_is_damaged_and_says_that_it_read_no_pictures(
    tmp_path: Path, film: Path
) -> None:
    found = settings_in(tmp_path)
    ran(found)
    made = brought_in(found, film, LONG_AGO_US)
    whole, cut = sorted(found.storage_roots()[0].rglob("*.mp4"))[:2]
    content = bytearray(whole.read_bytes())
    content[len(content) // 2] ^= 0xFF
    whole.write_bytes(content)
    believed = command(found, "recordings", "rebuild")
    assert (believed.exit_code, f"entered: {made} segments" in believed.output) == (0, True), believed.output
    assert "verify recordings --depth hash" in believed.output
    assert command(found, "verify", "recordings", "--depth", "hash").exit_code == 1
    lose_database(found)
    cut.write_bytes(cut.read_bytes()[:-100])
    listed = command(found, "recordings", "rebuild", "--new-database")
    assert listed.exit_code == 1, listed.output
    told = [line for line in listed.output.splitlines() if line.startswith("pool0\t")]
    assert [line.split("\t")[1] for line in told] == [str(cut.relative_to(found.storage_roots()[0]))]
    assert "damaged: 1" in listed.output
    help_text = " ".join(command(found, "recordings", "rebuild", "--help").output.split())
    assert "verify recordings --depth hash" in help_text


def test_a_first_start_that_made_nothing_yet_may_be_repeated(tmp_path: Path) -> None:
    found = settings_in(tmp_path)
    with Program(found):
        pass
    lose_database(found)
    assert ran(found) == 0


def test_an_older_copy_of_the_database_goes_on_and_takes_in_what_was_recorded_since(
    tmp_path: Path, film: Path
) -> None:
    found = settings_in(tmp_path)
    first = brought_in_after(found, film, LONG_AGO_US)
    copy = tmp_path / "copy.sqlite3"
    shutil.copy(found.data.directory / "mingjing.sqlite3", copy)
    newer = brought_in_after(found, film, LONG_AGO_US + 3600 * SECOND_US)
    assert (first, newer) == (newer - first, 2 * first)
    lose_database(found)
    shutil.copy(copy, found.data.directory / "mingjing.sqlite3")
    assert ran(found) == newer


def brought_in_after(found: Settings, film: Path, start_us: int) -> int:
    ran(found)
    brought_in(found, film, start_us)
    return ran(found)


def test_the_database_of_another_installation_is_refused_and_left_alone(tmp_path: Path) -> None:
    mine, other = settings_in(tmp_path / "mine"), settings_in(tmp_path / "other")
    ran(mine)
    ran(other)
    lose_database(mine)
    strange = mine.data.directory / "mingjing.sqlite3"
    shutil.copy(other.data.directory / "mingjing.sqlite3", strange)
    content = strange.read_bytes()
    assert refusal(mine).code == "SYS-045"
    assert strange.read_bytes() == content
    asked = command(mine, "record", "list").exception
    assert isinstance(asked, MingjingError)
    assert asked.code == "SYS-045"


def test_a_disk_of_another_installation_is_refused_until_a_person_says_that_it_belongs(
    tmp_path: Path, film: Path
) -> None:
    mine, other = settings_in(tmp_path / "mine"), settings_in(tmp_path / "other")
    ran(mine)
    made = brought_in_after(other, film, LONG_AGO_US)
    root = mine.storage_roots()[0]
    shutil.rmtree(root)
    shutil.copytree(other.storage_roots()[0], root)
    told = refusal(mine)
    theirs = known_identity(other.data.directory)
    assert told.code == "SYS-046"
    assert theirs is not None
    assert theirs.installation in told.detail.en
    assert "adopt-disk" in told.remedy.en
    brought = command(
        mine, "recordings", "import", str(film), "--channel", "ch_x", "--start", "2026-11-23T08:00"
    )
    assert brought.exit_code != 0
    assert command(mine, "recordings", "adopt-disk", str(root)).exit_code == 0
    assert ran(mine) == made


def test_recordings_without_their_identity_file_are_refused(tmp_path: Path, film: Path) -> None:
    found = settings_in(tmp_path)
    made = brought_in_after(found, film, LONG_AGO_US)
    root = found.storage_roots()[0]
    (root / IDENTITY_ON_DISK).unlink()
    told = refusal(found)
    assert told.code == "SYS-046"
    assert IDENTITY_ON_DISK in told.detail.en
    assert not (root / IDENTITY_ON_DISK).exists()
    assert command(found, "recordings", "adopt-disk", str(root)).exit_code == 0
    assert ran(found) == made


def test_a_disk_that_is_not_mounted_is_not_recorded_under(tmp_path: Path) -> None:
    found = settings_in(tmp_path)
    ran(found)
    root = found.storage_roots()[0]
    shutil.rmtree(root)
    root.mkdir()
    told = refusal(found)
    assert told.code == "SYS-047"
    assert str(root) in told.remedy.en
    assert list(root.iterdir()) == []
    elsewhere = command(found, "recordings", "adopt-disk", str(tmp_path)).exception
    assert isinstance(elsewhere, MingjingError)
    assert elsewhere.code == "REC-021"
    assert command(found, "recordings", "adopt-disk", str(root)).exit_code == 0
    assert ran(found) == 0


def test_no_new_key_is_made_beside_data_that_have_one(tmp_path: Path) -> None:
    found = settings_in(tmp_path)
    ran(found)
    away = tmp_path / "away"
    found.data.keys().rename(away)
    assert refusal(found).code == "SYS-042"
    assert not found.data.keys().exists()
    away.rename(found.data.keys())
    assert ran(found) == 0
