"""What a start loads: nothing that it has no use for. Loading is most of the time from a death to the next picture."""

import subprocess
import sys

import pytest

from mingjing.identity.passwords import Passwords, accept
from mingjing.kernel.errors import MingjingError

UNUSED = {"alembic", "av", "fastapi", "mako", "openpyxl", "prometheus_client", "pypinyin", "zxcvbn"}


@pytest.mark.parametrize("module", ["mingjing.__main__", "mingjing.app.demo"])
def test_a_start_loads_nothing_for_later(module: str) -> None:
    ask = f"import sys, {module}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    loaded = subprocess.run(
        [sys.executable, "-c", ask], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "sqlalchemy" in loaded
    assert not UNUSED & set(loaded)


def test_collecting_garbage_goes_on_after_loading() -> None:
    ask = "import gc, mingjing.__main__; print(gc.isenabled(), gc.get_freeze_count() > 10_000)"
    told = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout
    assert told == "True True\n"


def test_an_unknown_account_costs_the_work_of_a_known_one() -> None:
    passwords = Passwords(memory_kib=1024, passes=1)
    known = passwords.hash("correct horse battery")
    assert passwords._of_nobody.rsplit("$", 2)[0] == known.rsplit("$", 2)[0]
    assert len(passwords._of_nobody) == len(known)
    assert not passwords.verify(None, "correct horse battery")
    assert passwords.verify(known, "correct horse battery")


def test_a_guessable_password_is_still_refused() -> None:
    with pytest.raises(MingjingError) as raised:
        accept("password1234", [])
    assert raised.value.code == "AUTH-010"
