"""The text log on an operator's terminal: nothing that others choose can steer it or pass for an entry."""

import io
import logging
import sys

import pytest
import structlog

from mingjing.kernel import log
from mingjing.kernel.text import shown

HOSTILE = "\x1b[2J\x1b]0;owned\x07\r\n2026-11-26T00:00:00Z [info] forged \x9b31m\u202e\u2028\ud800"
# A lone surrogate in a captured message cannot be carried from a test's process to the one that reports.
CAPTURED = HOSTILE.replace("\ud800", "")
STEERING = "\x1b\x07\r\x9b\u202e\u2028\ud800"


@pytest.fixture(params=["text", "json"])
def written(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    kept, level = logging.getLogger().handlers[:], logging.getLogger().level
    out = io.StringIO()
    monkeypatch.setattr(sys, "stderr", out)
    log.configure("info", request.param)
    request.addfinalizer(lambda: logging.getLogger().setLevel(level))
    request.addfinalizer(lambda: logging.getLogger().handlers.__setitem__(slice(None), kept))
    return out


def harmless(text: str) -> None:
    assert not set(text) & set(STEERING), text
    assert not any(line.startswith("2026-11-26T00:00:00Z") for line in text.splitlines())
    assert "forged" in text


def test_a_hostile_path_reaches_no_terminal(written: io.StringIO) -> None:
    structlog.get_logger("x").error("unexpected_error", path=HOSTILE, more={HOSTILE: [HOSTILE]})
    harmless(written.getvalue())
    assert len(written.getvalue().splitlines()) == 1


def test_neither_does_a_librarys_own_message(written: io.StringIO) -> None:
    logging.getLogger("library").warning("odd peer %s", CAPTURED)
    harmless(written.getvalue())
    assert len(written.getvalue().splitlines()) == 1


def test_nor_a_traceback_that_quotes_it(written: io.StringIO) -> None:
    try:
        raise ValueError(CAPTURED)
    except ValueError as error:
        structlog.get_logger("x").error("unexpected_error", exc_info=error)
        logging.getLogger("library").exception("it failed")
    harmless(written.getvalue())
    assert "ValueError" in written.getvalue()


def test_nor_what_a_variable_held_when_it_failed(written: io.StringIO) -> None:
    held = "0123456789abcdef"
    try:
        raise ValueError(len(held))
    except ValueError as error:
        structlog.get_logger("x").error("unexpected_error", exc_info=error)
        logging.getLogger("library").exception("it failed")
    assert written.getvalue().count("ValueError: 16") == 2
    assert held not in written.getvalue()


def test_ordinary_text_stays_as_it_is() -> None:
    assert shown("实验小学大门东 ok ✓") == "实验小学大门东 ok ✓"
    assert shown("a\x1bb") == "a\\x1bb"
