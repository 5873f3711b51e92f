"""`mingjing doctor` finds what is wrong with a machine, and says in both languages what to do."""

import socket
import sqlite3
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mingjing.audit.queries import Filter, entries
from mingjing.cli import application, doctor
from mingjing.cli.mlps3 import gathering
from mingjing.cli.options import store
from mingjing.configuration import read
from mingjing.kernel.data_directory import DataDirectory
from mingjing.kernel.errors import MingjingError
from tests.places import JIANGXIA

EVERYWHERE = "0.0.0.0"  # noqa: S104 - looked at, not listened on
FREE = {f"MINGJING_{name}_PORT": "0" for name in ("SERVER", "MEDIA", "MEDIA_RTSP")}


def asked(data: Path, **settings: str) -> Result:
    return CliRunner().invoke(application, ["doctor", "--data", str(data)], env=FREE | settings)


@pytest.fixture(autouse=True)
def _small_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LEAST_FREE_BYTES", 1)


def test_a_fit_machine_is_found_fit_before_anything_is_made(tmp_path: Path) -> None:
    found = asked(tmp_path / "data")
    assert found.exit_code == 0, found.output
    assert "h264 hevc aac mjpeg" in found.output
    assert not (tmp_path / "data").exists()


def test_a_port_that_is_taken_is_named_unless_the_running_system_has_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = str(held.getsockname()[1])
        stranger = asked(tmp_path / "data", MINGJING_MEDIA_PORT=port)
        with DataDirectory(tmp_path / "data"):
            ourselves = asked(tmp_path / "data", MINGJING_MEDIA_PORT=port)
    assert stranger.exit_code == 1
    assert f"■ 端口 media.port: 127.0.0.1:{port}" in stranger.output
    assert "或改用其他端口（media.port）" in stranger.output
    assert "choose another port (media.port)" in stranger.output
    assert ourselves.exit_code == 0, ourselves.output


def test_open_directories_full_disks_and_an_open_console_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    data.chmod(0o755)
    monkeypatch.setattr(doctor, "LEAST_FREE_BYTES", 1 << 60)
    found = asked(data, MINGJING_SERVER_HOST=EVERYWHERE)
    assert found.exit_code == 1
    for wrong in ("■ 数据目录 data.directory", "■ 存储 storage", "■ 暴露面 exposure"):
        assert wrong in found.output
    assert f"chmod 700 {data}" in found.output
    behind = asked(
        data,
        MINGJING_SERVER_HOST=EVERYWHERE,
        MINGJING_SERVER_SECURE="true",
        MINGJING_SERVER_PUBLIC_ORIGINS='["https://video.example.cn"]',
    )
    assert behind.output.count("■") == 2


def test_weak_settings_are_told_and_count_where_others_can_reach(tmp_path: Path) -> None:
    weak = {
        "MINGJING_IDENTITY_SECOND_FACTOR": "off",
        "MINGJING_MEDIA_CAMERA_NETWORKS": '["0.0.0.0/0"]',
        "MINGJING_SERVER_TRUSTED_PROXIES": '["*"]',
        "MINGJING_SERVER_SECURE": "true",
        "MINGJING_LOG_LEVEL": "debug",
    }
    alone = asked(tmp_path / "data", **weak)
    assert (alone.exit_code, alone.output.count("偏弱 weak")) == (0, 5), alone.output
    reached = asked(tmp_path / "data", MINGJING_SERVER_HOST=EVERYWHERE, **weak)
    assert reached.exit_code == 1
    assert "Set it to administrators or all" in reached.output


def test_key_files_that_others_can_read_are_named(tmp_path: Path) -> None:
    keys = tmp_path / "data.keys"
    keys.mkdir(mode=0o700)
    (keys / "sealing.key").write_bytes(bytes(32))
    (keys / "sealing.key").chmod(0o644)
    found = asked(tmp_path / "data")
    assert found.exit_code == 1
    assert f"chmod 600 {keys / 'sealing.key'}" in found.output


def test_a_clock_from_before_this_program_is_not_believed() -> None:
    assert not doctor._clock(time.gmtime(0)).holds


def judged(data: Path, *options: str, **settings: str) -> Result:
    return CliRunner().invoke(
        application, ["doctor", "--mlps3", *options, "--data", str(data)], env=FREE | settings
    )


@pytest.fixture
def staffed(data: Path) -> Path:
    """A data directory with the three administrators, and a journal whose chain was followed once."""
    for account, role in (("wang", "system_admin"), ("li", "security_admin"), ("zhao", "audit_admin")):
        added = CliRunner().invoke(application, ["user", "add", account, "--role", role, "--data", str(data)])
        assert added.exit_code == 0, added.output
    assert CliRunner().invoke(application, ["verify", "journal", "--data", str(data)]).exit_code == 0
    return data


def line_of(found: Result, number: str) -> str:
    return next(line for line in found.output.splitlines() if line[2:].startswith(f"{number} "))


def test_level_three_of_a_fresh_directory_names_the_missing_administrators(data: Path) -> None:
    found = judged(data)
    assert found.exit_code == 1, found.output
    assert "8.1.4.3 c 之后的分条编号凭记忆" in found.output
    assert line_of(found, "8.1.4.2 d").endswith("不符合 not met")
    assert "mingjing user add ACCOUNT --role system_admin" in found.output
    assert not (data.with_name("data.keys") / "journal.key").exists(), "looking must make no key"


def test_level_three_follows_the_facts_of_the_installation(staffed: Path, tmp_path: Path) -> None:
    (tmp_path / "claims").mkdir()
    measured = '{"claim": "S6", "n": 40, "end_ms_p99": 310, "holds": true}'
    (tmp_path / "claims" / "S6.json").write_text(measured, encoding="utf-8")
    found = judged(staffed, "--claims", str(tmp_path / "claims"), MINGJING_SERVER_HOST="127.0.0.1")
    assert line_of(found, "8.1.4.2 d").endswith(": 符合 met")
    assert line_of(found, "8.1.4.1 d").endswith(": 部分符合 partly met")
    assert "second_factor = administrators; set up by 0/3 administrators" in found.output
    with store(read(None, {"data.directory": staffed}, {})[0]) as database, database.reading() as session:
        written = entries(session, Filter(), 1, None).total
    assert f"the journal's {written} entries hold as a chain" in found.output
    assert "S6 holds: n 40, end_ms_p99 310" in found.output
    assert "S2: no measured figure here" in found.output


def test_level_three_tells_a_weak_setting_a_lax_key_and_an_unknown_proxy(staffed: Path) -> None:
    (staffed.with_name("data.keys") / "sealing.key").chmod(0o644)
    weak = judged(
        staffed,
        MINGJING_IDENTITY_SECOND_FACTOR="off",
        MINGJING_SERVER_HOST=EVERYWHERE,
        MINGJING_SERVER_TRUSTED_PROXIES='["*"]',
    )
    assert weak.exit_code == 1
    for number in ("8.1.4.1 c", "8.1.4.1 d", "8.1.4.4 c", "8.1.4.8 b"):
        assert line_of(weak, number).endswith("不符合 not met"), number
    assert "sealing.key 0644" in weak.output


def test_level_three_ends_well_where_nothing_is_unmet(
    staffed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = str(tmp_path / "elsewhere")
    kept = CliRunner().invoke(
        application, ["backup", "now", "--data", str(staffed)], env={"MINGJING_BACKUP_DIRECTORY": elsewhere}
    )
    assert kept.exit_code == 0, kept.output
    same_disk = judged(staffed, MINGJING_BACKUP_DIRECTORY=elsewhere)
    assert (same_disk.exit_code, same_disk.output.count("■")) == (1, 1), same_disk.output
    assert line_of(same_disk, "8.1.4.9 b").endswith("不符合 not met")
    monkeypatch.setattr(gathering, "on_other_disk", lambda folder, data: True)
    assert judged(staffed, MINGJING_BACKUP_DIRECTORY=elsewhere).exit_code == 0


def test_level_three_opens_each_camera_password_with_the_key(
    staffed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAMERA_PASSWORD", "hush-hush")
    wish = ["camera", "add", "大门东", "rtsp://10.3.7.21/101", "--division", JIANGXIA, "--user", "admin"]
    added = CliRunner().invoke(application, [*wish, "--data", str(staffed)])
    assert added.exit_code == 0, added.output
    sealed = judged(staffed)
    assert "1/1 camera passwords sealed" in sealed.output
    assert line_of(sealed, "8.1.4.8 b").endswith("部分符合 partly met")
    (staffed.with_name("data.keys") / "sealing.key").write_bytes(bytes(32))
    foreign = judged(staffed)
    assert "of 1 camera passwords 0 are sealed and open with the key" in foreign.output
    assert line_of(foreign, "8.1.4.8 b").endswith("不符合 not met")


def test_level_three_names_the_entry_at_which_the_journal_breaks(staffed: Path) -> None:
    with sqlite3.connect(staffed / "mingjing.sqlite3") as database:
        database.executescript(
            "DROP TRIGGER journal_no_update; UPDATE journal SET actor_name = 'x' WHERE seq = 2"
        )
    broken = judged(staffed)
    assert "the journal's chain breaks at entry 2" in broken.output
    for number in ("8.1.4.3 c", "8.1.4.7 b"):
        assert line_of(broken, number).endswith("不符合 not met"), number


def test_an_encrypted_volume_is_seen_through_what_lies_on_it(tmp_path: Path) -> None:
    crypt, logical, plain = (tmp_path / name for name in ("crypt", "logical", "plain"))
    for device, uuid in ((crypt, "CRYPT-LUKS2-0f"), (logical, "LVM-0f")):
        (device / "dm").mkdir(parents=True)
        (device / "dm" / "uuid").write_text(uuid, encoding="ascii")
    (logical / "slaves" / "dm-0").parent.mkdir()
    (logical / "slaves" / "dm-0").symlink_to(crypt)
    plain.mkdir()
    assert gathering._encrypted(crypt)
    assert gathering._encrypted(logical)
    assert not gathering._encrypted(plain)
    (logical / "slaves" / "sdb").symlink_to(plain)
    assert not gathering._encrypted(logical), "half of it lies open"


def test_level_three_wants_data_to_judge(tmp_path: Path) -> None:
    found = judged(tmp_path / "none")
    assert isinstance(found.exception, MingjingError)
    assert found.exception.code == "SYS-070"
