"""The assembled program with the real media plane: one a directory, once at first, clean at the end."""

from pathlib import Path

import pytest
from sqlalchemy import select

from mingjing.app import Program
from mingjing.app.console import console
from mingjing.configuration import Settings, read
from mingjing.identity.model import User
from mingjing.identity.roles import ROLES
from mingjing.kernel.errors import MingjingError


def settings_in(folder: Path) -> Settings:
    flags = {
        "data.directory": folder / "data",
        "server.port": 0,
        "media.port": 0,
        "media.rtsp_port": 0,
    }
    found, _ = read(None, flags, environment={})
    return found


def test_a_second_copy_on_the_same_data_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with Program(settings_in(tmp_path)), pytest.raises(MingjingError) as refused:
        Program(settings_in(tmp_path))
    assert refused.value.code == "SYS-040"
    assert "--data" in refused.value.remedy.en


def test_the_first_administrator_is_made_once_with_a_password_of_its_own(tmp_path: Path) -> None:
    with Program(settings_in(tmp_path)) as program:
        first = program.first_start(demo=False)
        again = program.first_start(demo=False)
    assert [one.account for one in first] == ["admin"]
    assert len(first[0].password) >= 16
    assert again == []


def test_demo_accounts_are_one_a_role_and_no_two_passwords_agree(tmp_path: Path) -> None:
    with Program(settings_in(tmp_path)) as program:
        made = program.first_start(demo=True)
    # And the first administrator.
    assert len(made) == len(ROLES) + 1
    assert len({one.password for one in made}) == len(made)


def test_it_starts_media_stops_and_starts_again_and_the_journal_is_whole(tmp_path: Path) -> None:
    for _ in range(2):
        with Program(settings_in(tmp_path)) as program:
            program.first_start(demo=False)
            listening = program.start()
            assert int(listening.http.rpartition(":")[2]) > 0
            assert console(program).state.portal.media_port == int(listening.http.rpartition(":")[2])
            verdict, _ = program.keeper.verify()
            assert verdict.ok
    with Program(settings_in(tmp_path)) as program:
        verdict, _ = program.keeper.verify()
    assert verdict.ok
    assert verdict.checkpoints >= 2


def test_nothing_looks_at_streams_any_more_once_the_media_plane_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking: list[tuple[bool, bool]] = []
    with Program(settings_in(tmp_path)) as program:
        program.first_start(demo=False)
        program.start()
        stop, recording = program.node.stop, program.recording

        def seen(limit_ms: int) -> None:
            looking.append((recording.ticker.runs(), recording.pump.runs()))
            stop(limit_ms)

        monkeypatch.setattr(program.node, "stop", seen)
        assert recording.runs()
    # What the plane announces last is still listened to.
    assert looking == [(False, True)]


def test_keys_lie_outside_the_data_and_are_closed_to_others(tmp_path: Path) -> None:
    found = settings_in(tmp_path)
    with Program(found):
        keys = found.data.keys()
        assert not keys.is_relative_to(found.data.directory)
        for path in keys.iterdir():
            assert path.stat().st_mode & 0o077 == 0


def test_nobody_is_there_before_the_first_start_and_no_two_installations_share_a_secret(
    tmp_path: Path,
) -> None:
    secrets: list[set[bytes]] = []
    for name in ("one", "two"):
        found = settings_in(tmp_path / name)
        with Program(found) as program:
            with program.database.reading() as session:
                assert session.scalars(select(User)).all() == []
            first = program.first_start(demo=False)
            assert first[0].password.casefold() not in {"admin", "password", "12345", "123456", "888888"}
            keys = {path.read_bytes() for path in found.data.keys().iterdir() if path.is_file()}
        secrets.append(keys | {one.password.encode() for one in first})
    assert len(secrets[0]) == len(secrets[1]) > 1
    assert not secrets[0] & secrets[1]
