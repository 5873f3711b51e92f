"""The service manager hears over a real datagram socket what systemd would; the unit file asks for it."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from mingjing.cli.supervisor import Supervisor, supervisor

UNIT = Path(__file__).parents[3] / "deploy" / "mingjing.service"


@pytest.fixture
def door(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(5)
        yield listening


def test_each_word_is_one_datagram(door: socket.socket) -> None:
    manager = Supervisor({"NOTIFY_SOCKET": door.getsockname()}, 7)
    manager.ready("http://127.0.0.1:8360/")
    manager.alive()
    manager.stopping()
    heard = [door.recv(1000).decode() for _ in range(3)]
    assert heard == ["READY=1\nSTATUS=http://127.0.0.1:8360/", "WATCHDOG=1", "STOPPING=1"]


def test_a_socket_of_the_kernel_s_own_names_is_found() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0mingjing-test-notify")
        listening.settimeout(5)
        Supervisor({"NOTIFY_SOCKET": "@mingjing-test-notify"}, 7).alive()
        assert listening.recv(100) == b"WATCHDOG=1"


def test_a_manager_that_reads_nothing_stops_nothing(
    door: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mingjing.cli.supervisor._PATIENCE_S", 0.01)
    manager = Supervisor({"NOTIFY_SOCKET": door.getsockname()}, 7)
    for _ in range(30):
        manager.alive()
    assert door.recv(100) == b"WATCHDOG=1"


def test_a_manager_that_is_gone_stops_nothing(tmp_path: Path) -> None:
    gone = Supervisor({"NOTIFY_SOCKET": str(tmp_path / "nobody")}, 7)
    gone.alive()
    Supervisor({}, 7).stopping()
    assert not (tmp_path / "nobody").exists()


@pytest.mark.parametrize(
    ("environment", "every_s"),
    [
        ({}, 30),
        ({"WATCHDOG_USEC": "20000000"}, 10),
        ({"WATCHDOG_USEC": "20000000", "WATCHDOG_PID": "7"}, 10),
        ({"WATCHDOG_USEC": "20000000", "WATCHDOG_PID": "8"}, 30),
        ({"WATCHDOG_USEC": "600000000"}, 30),
        ({"WATCHDOG_USEC": "soon"}, 30),
    ],
)
def test_it_is_told_twice_within_its_patience(environment: dict[str, str], every_s: int) -> None:
    assert Supervisor(environment, 7).every_s == every_s


def test_children_do_not_inherit_the_socket(monkeypatch: pytest.MonkeyPatch, door: socket.socket) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", door.getsockname())
    supervisor().alive()
    assert door.recv(100) == b"WATCHDOG=1"
    with pytest.raises(KeyError):
        monkeypatch.delenv("NOTIFY_SOCKET")


def test_the_unit_file_waits_for_the_word_and_watches() -> None:
    settings = dict(
        line.split("=", 1)
        for line in UNIT.read_text(encoding="utf-8").splitlines()
        if "=" in line and line[0] != "#"
    )
    assert settings["Type"] == "notify"
    assert int(settings["WatchdogSec"]) >= 2 * 30
    assert settings["NotifyAccess"] == "main"
