"""What a newcomer reads when everything runs, and when it cannot."""

import re
import socket
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mingjing.cli import application
from mingjing.cli.greeting import greeting
from mingjing.configuration import Settings, read
from mingjing.identity.service.first_start import FreshAccount
from mingjing.kernel.data_directory import DataDirectory
from mingjing.kernel.errors import MingjingError

ADMIN = FreshAccount("admin", "aaaa-bbbb-cccc-dddd", ("security_admin", "operator_admin"))
DEMO = FreshAccount("demo-operator-admin", "eeee-ffff-gggg-hhhh", ("operator_admin",))


def test_the_address_stands_first_and_a_table_says_who_may_sign_in() -> None:
    text = greeting(Settings(), 8360, [ADMIN, DEMO], 1.25)
    assert text.strip().splitlines()[0] == "明镜 Mingjing  http://127.0.0.1:8360/    (1.2 s)"
    rows = re.findall(r"^  (\S+) +(\S{19})  (.+)$", text, re.MULTILINE)
    assert [(account, password) for account, password, _ in rows] == [
        (ADMIN.account, ADMIN.password), (DEMO.account, DEMO.password)
    ]  # fmt: skip
    assert "业务管理员" in rows[1][2]
    assert "Operations administrator" in rows[1][2]
    assert "看视频请用 demo-operator-admin" in text
    assert "看视频" not in greeting(Settings(), 8360, [ADMIN], 1)


def test_columns_line_up_where_a_character_takes_two() -> None:
    head, first = [
        line
        for line in greeting(Settings(), 1, [ADMIN], 1).splitlines()
        if "role" in line or "admin  " in line
    ]
    assert len(head[: head.index("密码")].encode("gb18030")) == first.index(ADMIN.password)


def test_later_starts_say_how_to_get_back_in_with_a_command_that_works_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "mingjing").touch()
    monkeypatch.setattr(sys, "executable", str(programs / "python"))
    monkeypatch.chdir(tmp_path)
    assert ".venv/bin/mingjing user reset ACCOUNT\n" in greeting(Settings(), 1, [], 1)
    found, _ = read(None, {"data.directory": Path("my data")}, {})
    assert "user reset ACCOUNT --data 'my data'\n" in greeting(found, 1, [], 1)


def test_a_second_copy_is_told_that_it_is_one_and_a_strange_port_holder_is_named(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with socket.create_server(("127.0.0.1", 0)) as held:
        start = ["serve", "--port", str(held.getsockname()[1]), "--data", str(data)]
        with DataDirectory(data):
            second = CliRunner().invoke(application, start).exception
        alone = CliRunner().invoke(application, start).exception
    assert isinstance(second, MingjingError)
    assert isinstance(alone, MingjingError)
    assert (second.code, alone.code) == ("SYS-040", "SYS-071")
