"""`mingjing doctor` finds what is wrong with a machine, and says in both languages what to do."""

import socket
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mingjing.cli import application, doctor
from mingjing.kernel.data_directory import DataDirectory

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
