"""What `serve` says when everything runs: where the console is and how to sign in."""

import shlex
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from mingjing.configuration import Settings
from mingjing.identity.roles import ROLES
from mingjing.identity.service.first_start import FreshAccount
from mingjing.kernel.settings import DataSettings

FOR_VIDEO, FOR_JOURNAL = "demo-operator-admin", "demo-audit-admin"


def greeting(found: Settings, port: int, fresh: Sequence[FreshAccount], took_s: float) -> str:
    """The whole text; with accounts, their passwords and roles where some were made."""
    host = "127.0.0.1" if found.server.host in {"0.0.0.0", "::"} else found.server.host  # noqa: S104 - compared
    scheme = "https" if found.server.secure else "http"
    lines = ["", f"  明镜 Mingjing  {scheme}://{host}:{port}/    ({took_s:.1f} s)", ""]
    if fresh:
        lines += [*_table(fresh), ""]
        if any(one.account == FOR_VIDEO for one in fresh):
            lines += [
                f"  看视频请用 {FOR_VIDEO} 登录，看日志请用 {FOR_JOURNAL}。",
                f"  For video sign in as {FOR_VIDEO}, for the journal as {FOR_JOURNAL}.",
            ]
        lines.append("  密码只显示这一次。Passwords are shown this once.")
    else:
        lines.append(f"  忘记密码 forgot a password: {_reset(found)}")
    return "\n".join([*lines, "  Ctrl-C 停止 stops.", "", ""])


def _table(fresh: Sequence[FreshAccount]) -> list[str]:
    head = ("账号 account", "密码 password", "职能 role")
    rows = [(one.account, one.password, _roles(one.roles)) for one in fresh]
    widths = [max(_width(row[column]) for row in [head, *rows]) for column in (0, 1)]
    return [
        f"  {_padded(account, widths[0])}  {_padded(password, widths[1])}  {role}"
        for account, password, role in [head, *rows]
    ]


def _roles(codes: Sequence[str]) -> str:
    names = [ROLES[code].name for code in codes]
    return "、".join(name.zh for name in names) + "  " + ", ".join(name.en for name in names)


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - _width(text))


def _reset(found: Settings) -> str:
    """The command from here: the program's script may lie in a virtual environment that no PATH names."""
    script = Path(sys.executable).with_name("mingjing")
    words = ["mingjing"]
    if script.exists():
        words = [str(script.relative_to(Path.cwd()) if script.is_relative_to(Path.cwd()) else script)]
    words += ["user", "reset", "ACCOUNT"]
    if found.data.directory != DataSettings().directory:
        words += ["--data", str(found.data.directory)]
    return shlex.join(words)
