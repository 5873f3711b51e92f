"""Every command of the command line, given rubbish: words that say what to do and a known exit code, never a traceback."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from mingjing.cli import application, main
from mingjing.kernel.data_directory import DataDirectory

EXIT_CODES = {0, 1, 2}
STEERS_A_TERMINAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
RUBBISH = (
    "", " ", "-", "\x1b[31mred\x07", "\u202e", "no\nsuch", "ch_none", "../../etc/passwd", "'; drop table users; --", "%s%n",
    "{0.__class__}", "\udcff", "0", "-1", "1e309", "9" * 400, "x" * 5000, "/dev/null", "/proc/self/mem", "/proc/nothing/here",
)  # fmt: skip
WELL: dict[str, tuple[str, ...]] = {
    "serve": (),
    "user add": ("someone", "--name", "Some One", "--role", "operator"),
    "user list": (),
    "user reset": ("someone",),
    "user disable": ("someone",),
    "config show": (),
    "config reference": (),
    "verify journal": ("--checkpoints", "FILE"),
    "verify recordings": ("--depth", "size"),
    "camera add": ("Gate", "rtsp://10.3.7.21/1", "--division", "420115", "--sub", "rtsp://10.3.7.21/2", "--user", "admin",
                   "--organisation", ""),
    "camera test": ("rtsp://127.0.0.1:1/none", "--user", "admin", "--transport", "tcp"),
    "camera list": ("gate",),
    "clock show": (),
    "clock confirm": ("--reason", "Checked with the time server"),
    "recordings import": ("FILE", "--channel", "ch_none", "--start", "2026-11-23T08:00:00"),
    "recordings rebuild": (),
    "recordings adopt-disk": ("FOLDER",),
    "record list": ("--hours", "1"),
    "backup now": (),
    "backup list": (),
    "backup drill": (),
    "restore": ("newest", "--yes"),
    "export": ("ch_none", "--from", "2026-11-23T08:00:00", "--to", "2026-11-23T08:01:00", "--out", "FOLDER/clip.mp4",
               "--reason", "Asked for"),
    "doctor": (),
    "openapi": (),
    "division load": ("FILE",),
}  # fmt: skip
"""Every command with arguments that it takes; FILE and FOLDER stand for what the test has made."""
READS_ONLY = frozenset({"config show", "doctor", "backup list"})
OBEYING = ("setpriv", "--bounding-set=-dac_override") if os.geteuid() == 0 else ()
"""Makes root obey the modes of files, as anybody else must."""


def leaves(at: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if not hasattr(at, "commands"):
        yield name, at
        return
    for part, inner in at.commands.items():
        yield from leaves(inner, f"{name} {part}".strip())


COMMANDS = dict(leaves(typer.main.get_command(application)))
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """The program as a shell starts it, with nobody at the keyboard."""
    monkeypatch.setenv("CAMERA_PASSWORD", "far-from-secret")
    monkeypatch.chdir(tmp_path)
    file, folder = tmp_path / "noise.mp4", tmp_path / "empty"
    file.write_bytes(bytes(range(256)) * 64)
    folder.mkdir()

    def started(*words: str) -> tuple[int, str]:
        made = [word.replace("FILE", str(file)).replace("FOLDER", str(folder)) for word in words]
        monkeypatch.setattr(sys, "argv", ["mingjing", *made])
        monkeypatch.setattr(sys, "stdin", io.StringIO(""))
        code: object = 0
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        said, complained = capfd.readouterr()
        assert isinstance(code, int)
        return code, said + complained

    return started


def misuses(command: str) -> Iterator[list[str]]:
    """The command with each of its arguments in turn replaced by each piece of rubbish, and two too many."""
    well = list(WELL[command])
    for place, word in enumerate(well):
        if not word.startswith("--"):
            for rubbish in RUBBISH:
                yield [*well[:place], rubbish, *well[place + 1 :]]
    yield [*well, "one", "too many"]
    yield [*well, "--no-such-option"]


def test_no_command_is_left_out_and_none_that_is_gone_is_kept() -> None:
    assert set(COMMANDS) == set(WELL)


@pytest.mark.parametrize("command", sorted(set(WELL) - {"serve"}))
def test_rubbish_gets_words_and_an_exit_code(command: str, data: Path, run: Run) -> None:
    where = [] if "reference" in command or command == "openapi" else ["--data", str(data)]
    for words in misuses(command):
        code, said = run(*command.split(), *where, *words)
        assert code in EXIT_CODES, (words, said)
        assert "Traceback" not in said, (words, said)
        assert not STEERS_A_TERMINAL.search(said), (words, said)
        assert code == 0 or said.strip(), f"{words}: fails and says nothing"


@pytest.mark.parametrize("command", sorted(set(WELL) - {"config reference", "openapi"}))
def test_a_directory_that_is_not_ours_gets_words(command: str, tmp_path: Path, run: Run) -> None:
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "mingjing.sqlite3").write_bytes(b"not a database" * 100)
    file = tmp_path / "file"
    file.write_text("a file", encoding="utf-8")
    for where in (foreign, file, file / "below", Path("/proc/nothing"), Path("x" * 5000), Path("\udcff")):
        if command == "serve" and where.name == "\udcff":
            continue  # a name like any other: it would start
        code, said = run(*command.split(), *WELL[command], "--data", str(where))
        if command not in ("doctor", "config show", "backup list"):
            assert code in (1, 2), (where, said)
        assert "Traceback" not in said, (where, said)
        assert said.strip()
    left = {path.name for path in foreign.iterdir()}
    assert left <= {"mingjing.sqlite3", "lock"}, "no more than a lock is left in what is not ours"
    assert (foreign / "mingjing.sqlite3").read_bytes() == b"not a database" * 100


@pytest.mark.parametrize("command", sorted(set(WELL) - {"config reference", "openapi"}))
def test_beside_a_running_program_a_command_works_or_says_who_holds_the_directory(
    command: str, data: Path, run: Run
) -> None:
    assert run("backup", "now", "--data", str(data))[0] == 0
    with DataDirectory(data):
        code, said = run(*command.split(), *WELL[command], "--data", str(data))
    assert code in EXIT_CODES, said
    assert "Traceback" not in said
    assert code == 0 or said.strip()
    if command in ("serve", "restore"):
        assert code == 2
        assert "SYS-040" in said


@pytest.mark.parametrize("command", sorted(set(WELL) - {"config reference", "openapi"}))
def test_a_directory_that_may_not_be_written_gets_words(command: str, data: Path, tmp_path: Path) -> None:
    file = tmp_path / "noise.mp4"
    file.write_bytes(bytes(range(256)) * 64)
    made = [word.replace("FILE", str(file)).replace("FOLDER", str(tmp_path)) for word in WELL[command]]
    for path in (data, *data.rglob("*")):
        path.chmod(path.stat().st_mode & ~0o222)
    ended = subprocess.run(
        [*OBEYING, sys.executable, "-m", "mingjing", *command.split(), *made, "--data", str(data)],
        env=os.environ | {"CAMERA_PASSWORD": "far-from-secret"},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    said = ended.stdout + ended.stderr
    assert "Traceback" not in said, said
    assert said.strip()
    assert ended.returncode in ((0, 1, 2) if command in READS_ONLY else (1, 2)), said


@pytest.mark.parametrize("command", sorted(set(WELL) - {"config reference", "openapi"}))
def test_settings_that_cannot_be_read_get_words(command: str, tmp_path: Path, run: Run) -> None:
    noise = tmp_path / "noise.toml"
    noise.write_bytes(bytes(range(256)))
    for config in (noise, tmp_path, tmp_path / "none.toml", Path("/proc/self/mem"), Path("x" * 5000)):
        code, said = run(
            *command.split(), *WELL[command], "--config", str(config), "--data", str(tmp_path / "d")
        )
        assert code in (1, 2), (config, said)
        assert "Traceback" not in said
        assert said.strip()
    assert not (tmp_path / "d").exists()


def test_a_start_with_rubbish_is_refused(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "file"
    file.write_text("a file", encoding="utf-8")
    for flag in ("--host", "--port"):
        for rubbish in RUBBISH:
            code, said = run("serve", "--data", str(file), flag, rubbish)
            assert code == 2, (flag, rubbish, said)
            assert "Traceback" not in said
            assert not STEERS_A_TERMINAL.search(said)
