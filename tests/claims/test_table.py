"""The table names every promise once, and shows a figure only where one was measured."""

import importlib
from pathlib import Path

import pytest

from tests.claims import document, fuzz, measured, table


def test_every_promise_stands_in_the_table_once() -> None:
    names = [claim.id for claim in table.CLAIMS]
    assert names == [f"R{n}" for n in range(1, 25)] + [f"S{n}" for n in range(1, 16)] + ["SIM"]


def test_every_harness_and_test_that_it_names_exists() -> None:
    root = Path(__file__).parents[2]
    for claim in table.CLAIMS:
        if claim.harness:
            assert callable(importlib.import_module(f"tests.claims.{claim.harness}").main)
        assert bool(claim.harness or claim.test) != bool(claim.lacks), claim.id
        for path in filter(None, claim.test.split(", ")):
            assert (root / path).exists(), f"{claim.id}: {path}"


def test_what_was_not_measured_shows_a_question_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measured, "FOLDER", tmp_path)
    monkeypatch.setattr(measured, "KEPT", tmp_path)
    kill = table.CLAIMS[0]
    assert table.row(kill, measured.read("R1")).startswith("R1   ? ")
    measured.write("R1", n=3, lost_acked=["a", "b"], holds=False)
    shown = table.row(kill, measured.read("R1"))
    assert "FAILS" in shown
    assert "lost_acked 2" in shown
    page = document.page()
    assert "| R1 | " in page
    assert "| **no** | n 3, lost_acked 2 |" in page
    assert "| R2 | the nth system call fails: same promises, error told | ? |" in page
    assert "| ? | not built yet: cluster |" in page


def test_inputs_are_read_from_what_libfuzzer_says_and_silence_is_no_success() -> None:
    assert fuzz.executed("x\nstat::number_of_executed_units: 1234\nstat::y: 5") == 1234
    assert fuzz.executed("error: no such target") == 0
    assert not fuzz.holds({"targets": 1, "failed": ["sdp: ERROR: libFuzzer: timeout"]})
    assert len(fuzz.targets()) >= 16
