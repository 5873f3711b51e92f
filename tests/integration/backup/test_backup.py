"""A backup is made beside a running program, gives back all that was put in, and says so where it would not."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from typer.testing import CliRunner, Result

from mingjing.app import Program, backup_source
from mingjing.audit.model import JournalRow
from mingjing.backup import sets
from mingjing.backup.room import BackupRoom
from mingjing.backup.settings import BackupSettings
from mingjing.backup.taking import Source, drill, take
from mingjing.cli import application
from mingjing.configuration import Settings, read
from mingjing.identity.model import User
from mingjing.kernel.clock import DAY_US, SetClock
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.files import digest_of
from mingjing.kernel.ids import new_id
from mingjing.operations.model import Alarm
from mingjing.registry.dossiers.model import PictureRow
from tests.integration.test_continuity import film, ran  # noqa: F401 - a fixture
from tests.integration.test_program import settings_in


def placed(folder: Path, url: str) -> Settings:
    """Settings of a program on either database."""
    flags = {"data.directory": folder / "data", "server.port": 0, "media.port": 0, "media.rtsp_port": -1}
    environment = {} if url.startswith("sqlite") else {"MINGJING_DATABASE_URL": url}
    return read(None, flags, environment=environment)[0]


def command(found: Settings, *arguments: str) -> Result:
    environment = {"MINGJING_DATABASE_URL": found.database.url.get_secret_value()}
    return CliRunner().invoke(application, [*arguments, "--data", str(found.data.directory)], env=environment)


def source(program: Program) -> Source:
    return backup_source(program.settings, program.database, program.identity, program.keeper)


def accounts(program: Program) -> int:
    with program.database.reading() as session:
        return session.scalar(select(func.count()).select_from(User)) or 0


def actions(program: Program) -> list[str]:
    with program.database.reading() as session:
        return list(session.scalars(select(JournalRow.action).order_by(JournalRow.seq)))


def test_what_was_put_in_comes_back_and_what_was_there_is_set_aside(
    tmp_path: Path, bare_url: str, request: pytest.FixtureRequest
) -> None:
    found = placed(tmp_path, bare_url)
    with Program(found) as program:
        program.first_start(demo=False)
        program.keeper.sign()
        made = take(source(program), 3)
        before = accounts(program)
        program.first_start(demo=True)
        program.keeper.sign()
        assert accounts(program) > before
    if not bare_url.startswith("sqlite"):
        refused = command(found, "restore", str(made.folder), "--yes").exception
        assert isinstance(refused, MingjingError)
        assert refused.code == "BKP-003"
        found = placed(tmp_path, request.getfixturevalue("postgresql_server").fresh())
    told = command(found, "restore", "newest", "--yes")
    assert told.exit_code == 0, (told.output, told.exception)
    with Program(found) as program:
        assert accounts(program) == before
        assert "database.restore" in actions(program)
        verdict, _ = program.keeper.verify()
        assert verdict.ok, verdict
        # Numbers go on after the highest that was put back.
        program.first_start(demo=True)
    aside = list((found.data.directory / "backups").glob("replaced-*"))
    assert len(aside) == 1
    assert (aside[0] / "checkpoints.jsonl").exists()


def test_recordings_made_since_the_backup_are_taken_in(tmp_path: Path, film: Path) -> None:  # noqa: F811
    found = settings_in(tmp_path)
    ran(found)
    assert command(found, "backup", "now").exit_code == 0
    from tests.integration.test_continuity import LONG_AGO_US, brought_in  # noqa: PLC0415

    newer = brought_in(found, film, LONG_AGO_US)
    assert ran(found) == newer
    assert command(found, "restore", "newest", "--yes").exit_code == 0
    assert ran(found) == newer


def test_a_backup_with_one_changed_byte_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    found = settings_in(tmp_path)
    ran(found)
    assert command(found, "backup", "now").exit_code == 0
    made = sets.sets_in(found.backups())[-1]
    content = bytearray(made.file(sets.DATABASE).read_bytes())
    content[5000] ^= 1
    made.file(sets.DATABASE).write_bytes(content)
    before = (found.data.directory / "mingjing.sqlite3").read_bytes()
    refused = command(found, "restore", "newest", "--yes").exception
    assert isinstance(refused, MingjingError)
    assert refused.code == "BKP-001"
    assert (found.data.directory / "mingjing.sqlite3").read_bytes() == before
    assert command(found, "backup", "list").exit_code == 1
    assert command(found, "backup", "drill").exit_code == 1


def test_a_backup_of_another_installation_and_one_without_its_keys_are_refused(tmp_path: Path) -> None:
    mine, other = settings_in(tmp_path / "mine"), settings_in(tmp_path / "other")
    for one in (mine, other):
        ran(one)
        assert command(one, "backup", "now").exit_code == 0
    theirs = str(sets.sets_in(other.backups())[-1].folder)
    refused = command(mine, "restore", theirs, "--yes").exception
    assert isinstance(refused, MingjingError)
    assert refused.code == "BKP-002"
    fresh = settings_in(tmp_path / "fresh")
    refused = command(fresh, "restore", theirs, "--yes").exception
    assert isinstance(refused, MingjingError)
    assert refused.code == "SYS-042"
    assert not (fresh.data.directory / "mingjing.sqlite3").exists()
    shutil.copytree(other.data.keys(), fresh.data.keys())
    assert command(fresh, "restore", theirs, "--yes").exit_code == 0
    # The disks of the old machine are not here: that is a person's word to say.
    root = fresh.storage_roots()[0]
    root.mkdir()
    assert command(fresh, "recordings", "adopt-disk", str(root)).exit_code == 0
    assert ran(fresh) == 0


def test_no_backup_is_restored_under_a_running_program(tmp_path: Path) -> None:
    found = settings_in(tmp_path)
    with Program(found) as program:
        program.first_start(demo=False)
        take(source(program), 3)
        refused = command(found, "restore", "newest", "--yes").exception
    assert isinstance(refused, MingjingError)
    assert refused.code == "SYS-040"


def test_one_backup_a_day_is_made_by_itself_tried_out_once_a_month_and_the_oldest_go(tmp_path: Path) -> None:
    clock = SetClock(1_790_000_000_000_000)
    with Program(settings_in(tmp_path), clock=clock) as program:
        program.first_start(demo=False)
        room = BackupRoom(source(program), BackupSettings(keep=3))
        for _ in range(5):
            room.look()
            room.look()
            clock.advance(DAY_US)
        found = actions(program)
        assert found.count("backup.make") == 5
        assert found.count("backup.drill") == 1
        assert len(sets.sets_in(program.settings.backups())) == 3
        clock.advance(30 * DAY_US)
        room.look()
        assert actions(program).count("backup.drill") == 2


def test_a_backup_that_cannot_be_made_is_an_alarm_that_ends_with_the_next_one(tmp_path: Path) -> None:
    clock = SetClock(1_790_000_000_000_000)
    with Program(settings_in(tmp_path), clock=clock) as program:
        program.first_start(demo=False)
        at = program.settings.backups()
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_text("in the way")
        room = BackupRoom(source(program), BackupSettings())
        room.look()
        assert states(program) == {"backup_failed": "new"}
        at.unlink()
        room.look()
        assert sets.sets_in(at) == []
        clock.advance(3_600_000_000)
        room.look()
        assert states(program) == {"backup_failed": "resolved"}


def states(program: Program) -> dict[str, str]:
    with program.database.reading() as session:
        return {row.kind: row.state for row in session.scalars(select(Alarm))}


def test_a_drill_finds_a_row_that_is_gone_and_a_journal_that_was_altered(tmp_path: Path) -> None:
    with Program(settings_in(tmp_path)) as program:
        program.first_start(demo=True)
        program.keeper.sign()
        for damage, word in (
            ("DELETE FROM sign_in_attempts", None),
            ("DELETE FROM role_assignments WHERE rowid = 1", "role_assignments"),
            (
                "DROP TRIGGER journal_no_update; UPDATE journal SET actor_name = 'x' WHERE seq = 3",
                "journal entry 3",
            ),
        ):
            made = take(source(program), 9)
            with closing(sqlite3.connect(made.file(sets.DATABASE))) as store:
                store.executescript(damage)
            signed_anew(made)
            problems = drill(source(program), sets.read(made.folder)).problems
            assert (word is None and problems == []) or any(str(word) in one for one in problems), problems
            shutil.rmtree(made.folder)


def signed_anew(made: sets.Set) -> None:
    """A manifest that fits the damage: whoever can write a backup can write this."""
    path = made.file(sets.MANIFEST)
    raw = json.loads(path.read_text())
    file = made.file(sets.DATABASE)
    raw["files"][sets.DATABASE] = {"bytes": file.stat().st_size, "sha256": digest_of(file)}
    path.write_text(json.dumps(raw))


def proved(program: Program, content: bytes) -> str:
    """A picture of a dossier that was kept; its digest."""
    digest = program.files.keep(content)
    with program.database.transaction() as tx:
        tx.session.add(
            PictureRow(
                id=new_id("pi"), camera="ch_1", kind="sign", at_us=tx.now_us(), who="us_1", who_name="王敏", sha256=digest,
                bytes=len(content), stood={},
            )
        )  # fmt: skip
    return digest


def test_files_go_along_with_each_backup_and_come_back_with_it(tmp_path: Path) -> None:
    found, clock = settings_in(tmp_path), SetClock()
    with Program(found, clock=clock) as program:
        program.first_start(demo=False)
        first = proved(program, b"first")
        earlier = take(source(program), 3)
        second = proved(program, b"second")
        # Within the same second.
        made = take(source(program), 3)
        assert made.name > earlier.name
        assert [one.name for one in sets.sets_in(program.settings.backups())] == [earlier.name, made.name]
        assert made.files() == {first: 5, second: 6}
        assert drill(source(program), made).held
    shutil.rmtree(found.data.directory / "files")
    told = command(found, "restore", "newest", "--yes")
    assert told.exit_code == 0, (told.output, told.exception)
    with Program(found) as program:
        assert (program.files.read(first), program.files.read(second)) == (b"first", b"second")


def test_a_file_kept_once_lies_once_beside_all_backups_and_outlives_the_oldest(tmp_path: Path) -> None:
    clock = SetClock(1_790_000_000_000_000)
    with Program(settings_in(tmp_path), clock=clock) as program:
        program.first_start(demo=False)
        digest = proved(program, b"sign")
        for _ in range(4):
            take(source(program), 2)
            clock.advance(DAY_US)
        kept = sets.sets_in(program.settings.backups())
        assert len(kept) == 2
        assert [one.lacking() for one in kept] == [[], []]
        assert len(list(kept[0].store.folder.glob("*/*"))) == 1
        assert kept[0].store.read(digest) == b"sign"


@pytest.mark.parametrize("damage", ["altered", "gone"])
def test_a_file_that_does_not_hold_in_the_backup_fails_drill_and_list(tmp_path: Path, damage: str) -> None:
    found = settings_in(tmp_path)
    with Program(found) as program:
        program.first_start(demo=False)
        digest = proved(program, b"sign")
        made = take(source(program), 3)
        path = made.store.path(digest)
        if damage == "gone":
            path.unlink()
        else:
            path.write_bytes(b"SIGN")
        done = drill(source(program), made)
    assert done.problems == [f"file {digest} is missing or altered"]
    if damage == "gone":
        assert command(found, "backup", "list").exit_code == 1


def test_a_file_lost_before_its_first_backup_is_an_alarm_and_the_database_is_copied(tmp_path: Path) -> None:
    clock = SetClock(1_790_000_000_000_000)
    with Program(settings_in(tmp_path), clock=clock) as program:
        program.first_start(demo=False)
        digest = proved(program, b"sign")
        program.files.path(digest).write_bytes(b"SIGN")
        BackupRoom(source(program), BackupSettings()).look()
        (made,) = sets.sets_in(program.settings.backups())
        assert made.lacking() == [digest]
        assert states(program) == {"backup_failed": "new"}


def test_a_restore_goes_on_without_a_file_that_is_lost_and_says_so(tmp_path: Path) -> None:
    found = settings_in(tmp_path)
    with Program(found) as program:
        program.first_start(demo=False)
        digest = proved(program, b"sign")
        made = take(source(program), 3)
        made.store.path(digest).unlink()
    shutil.rmtree(found.data.directory / "files")
    told = command(found, "restore", "newest", "--yes")
    assert told.exit_code == 0, (told.output, told.exception)
    assert "1 个材料或照片文件不在备份中" in told.output


def test_a_backup_of_a_version_without_files_still_holds(tmp_path: Path) -> None:
    with Program(settings_in(tmp_path)) as program:
        program.first_start(demo=False)
        proved(program, b"sign")
        made = take(source(program), 3)
        raw = json.loads(made.file(sets.MANIFEST).read_text())
        del raw["files"][sets.LIST]
        made.file(sets.MANIFEST).write_text(json.dumps(raw))
        assert drill(source(program), sets.read(made.folder)).held


def test_pictures_of_earlier_versions_are_brought_over_at_start(tmp_path: Path) -> None:
    found = settings_in(tmp_path)
    with Program(found) as program:
        digest = program.files.keep(b"sign")
    earlier = found.data.directory / "register" / "pictures" / digest[:2] / f"{digest}.jpg"
    earlier.parent.mkdir(parents=True)
    (found.data.directory / "files" / digest[:2] / digest).rename(earlier)
    with Program(found) as program:
        assert program.files.read(digest) == b"sign"
    assert not earlier.exists()


def test_what_retention_deleted_since_the_backup_is_not_missed(tmp_path: Path, film: Path) -> None:  # noqa: F811
    found = settings_in(tmp_path)
    from tests.integration.test_continuity import brought_in  # noqa: PLC0415

    ran(found)
    made = brought_in(found, film, 1_700_000_000_000_000)
    assert ran(found) == made
    with Program(found) as program, program.database.transaction() as tx:
        # As if they had been recorded long ago: past the floor of thirty days by now.
        tx.session.execute(text("UPDATE segments SET stored_us = end_us"))
    assert command(found, "backup", "now").exit_code == 0
    for file in found.storage_roots()[0].rglob("*.mp4"):
        file.unlink()
    assert command(found, "restore", "newest", "--yes").exit_code == 0
    with Program(found) as program:
        program.start()
        program.recording._check.join(20)
        assert "segment_doubted" not in states(program)
        assert "recording.miss" not in actions(program)
