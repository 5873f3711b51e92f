"""The long column: what was run is not run again, what was killed is, and continuous integration's figures stay."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.claims import document, measured, nightly, table
from tests.claims.cameras import ROOT
from tests.claims.nightly import Night, Piece

QUICK = "tests.claims.fake_piece"
FAKE = Piece("R1", QUICK, 0.01, ("--seed {seed} --n 3",) * 3, adds=("n",), least=("rate",))
OTHER = Piece("R2", QUICK, 0.01, ("--n 5",))
LONG = Piece("R3", QUICK, 50, ("--n 1",))
PATIENCE_S = 20.0


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(measured, "FOLDER", tmp_path)
    monkeypatch.setattr(measured, "KEPT", tmp_path)
    return tmp_path


def test_a_night_runs_everything_once_and_adds_up(folder: Path) -> None:
    assert nightly.main([], [FAKE, OTHER]) == 0
    long = measured.read_long("R1")
    assert long is not None
    assert (long["n"], long["runs"], long["of_runs"], long["holds"]) == (9, 3, 3, True)
    assert len(set(long["seeds"])) == 3  # type: ignore[call-overload]
    assert (long["worst"], long["rate"]) == (max(long["seeds"]), -max(long["seeds"]))  # type: ignore[call-overload]
    assert measured.read("R1") is None, "the column of continuous integration was overwritten"
    assert Night(folder / "nightly", [FAKE, OTHER]).over()


def test_what_is_done_in_a_round_is_not_done_again_and_the_next_round_has_other_seeds(folder: Path) -> None:
    nightly.main(["--only", "R1"], [FAKE, OTHER])
    first = measured.read_long("R1")
    nightly.main([], [FAKE, OTHER])
    assert measured.read_long("R1") == first
    nightly.main([], [FAKE, OTHER])
    second = measured.read_long("R1")
    assert first is not None
    assert second is not None
    assert not set(first["seeds"]) & set(second["seeds"])  # type: ignore[call-overload]


def test_nothing_is_begun_that_does_not_fit_but_a_shorter_piece_is(folder: Path) -> None:
    assert nightly.main(["--minutes", "2"], [LONG, OTHER]) == 0
    assert measured.read_long("R3") is None
    assert measured.read_long("R2") is not None
    assert "R3" in nightly.listed(Night(folder / "nightly", [LONG, OTHER]), [LONG])


def test_a_night_that_is_killed_loses_the_run_under_way_and_no_other(folder: Path) -> None:
    script = (
        "import sys; from tests.claims import nightly; "
        f"nightly.main([], [nightly.Piece('R1', {QUICK!r}, 1, ('--n 3', '--n 4', '--n 5 --asleep'))])"
    )
    file = folder / "nightly" / "R1.json"
    night = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, env=os.environ | {measured.ASIDE: str(folder)},
        stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    until = time.monotonic() + PATIENCE_S
    while not (file.exists() and len(json.loads(file.read_text())["runs"]) == 2):
        assert time.monotonic() < until
        time.sleep(0.05)
    os.kill(night.pid, signal.SIGTERM)
    assert night.wait(PATIENCE_S) != 0
    again = Piece("R1", QUICK, 1, ("--n 3", "--n 4", "--n 5"))
    found = Night(folder / "nightly", [again])
    assert found.missing(again) == [2]
    assert nightly.main([], [again]) == 0
    long = measured.read_long("R1")
    assert long is not None
    assert (long["n"], long["runs"]) == (12, 3)


def test_what_fails_tells_nothing_or_takes_too_long_does_not_hold(folder: Path) -> None:
    silent = nightly.made(OTHER, ["--silent"])
    assert silent["holds"] is False
    assert "ended with 3" in silent["error"]
    late = nightly.made(OTHER, ["--asleep"], most_s=0.5)
    assert late["holds"] is False
    assert nightly.main([], [Piece("R2", QUICK, 0.01, ("--n 1", "--n 1 --broken"))]) == 1
    long = measured.read_long("R2")
    assert long is not None
    assert long["holds"] is False


def test_what_told_no_figures_is_tried_again_and_holds_no_round_up(folder: Path) -> None:
    torn = Piece("R2", QUICK, 0.01, ("--n 1", "--silent"))
    mended = Piece("R2", QUICK, 0.01, ("--n 1", "--n 2"))
    assert nightly.main([], [torn]) == 1
    night = Night(folder / "nightly", [torn])
    assert (night.missing(torn), night.over()) == ([1], True)
    night = Night(folder / "nightly", [torn, FAKE])
    assert not night.over()
    assert nightly.main(["--only", "R2"], [mended, FAKE]) == 0
    long = measured.read_long("R2")
    assert long is not None
    assert (long["n"], long["runs"], long["holds"]) == (3, 2, True)


def test_a_run_with_a_goal_is_made_in_parts_that_add_up(folder: Path) -> None:
    runs = ("--n 40 --seed {seed} --most {left}", "--n 100 --seed {seed} --most {left}")
    far = Piece("R1", QUICK, 0.01, runs, goal=("n", 100), parts=("n",))
    assert nightly.main([], [far]) == 0
    long = measured.read_long("R1")
    assert long is not None
    assert (long["n"], long["runs"], long["of_runs"], long["holds"]) == (200, 2, 2, True)
    assert len(long["seeds"]) == 4  # type: ignore[arg-type]
    night = Night(folder / "nightly", [far])
    assert (night.missing(far), night.over()) == ([], True)


def test_a_part_is_gone_on_with_another_night(folder: Path) -> None:
    far = Piece("R1", QUICK, 0.01, ("--n 40 --most {left}",), goal=("n", 100), parts=("n",))
    night = Night(folder / "nightly", [far])
    part = {"number": 0, "arguments": [], "minutes": 0.0, "at": "2026-11-27T03:00:00+00:00"}
    night.keep(far, {**part, "figures": {"n": 70, "holds": True}})
    assert (night.missing(far), night.over()) == ([0], False)
    assert night.arguments(far, 0)[-1] == "30"
    # A part that tells nothing takes nothing away, ends this night's tries, and is tried again.
    night.keep(far, {**part, "figures": {"holds": False, "error": "no compiler"}})
    assert (night.missing(far), night.goes_on(far, 0), night.over()) == ([0], False, True)
    assert night.arguments(far, 0)[-1] == "30"
    night.keep(far, {**part, "figures": {"n": 30, "holds": True}})
    long = measured.read_long("R1")
    assert long is not None
    assert (long["n"], long["holds"], "error" in long, night.over()) == (100, True, False, True)


def test_a_part_that_found_something_ends_the_run(folder: Path) -> None:
    far = Piece("R1", QUICK, 0.01, ("--n 40 --most {left} --broken",), goal=("n", 100), parts=("n",))
    assert nightly.main([], [far]) == 1
    long = measured.read_long("R1")
    assert long is not None
    assert (long["n"], long["holds"]) == (40, False)
    assert Night(folder / "nightly", [far]).over()


def test_what_is_set_for_a_harness_is_no_setting_of_the_program() -> None:
    assert not measured.ASIDE.startswith("MINGJING_")


def test_two_nights_do_not_run_at_once(folder: Path) -> None:
    with nightly.alone(folder / "nightly"), pytest.raises(BlockingIOError):
        nightly.main([], [OTHER])


def test_both_columns_are_shown(folder: Path) -> None:
    measured.write("R1", n=20, holds=True)
    nightly.main(["--only", "R1", "--minutes", "0"], [FAKE])
    assert "at length" not in table.table()
    night = Night(folder / "nightly", [FAKE])
    run = {"number": 0, "arguments": [], "minutes": 1.0, "at": "2026-11-27T03:00:00+00:00"}
    night.keep(FAKE, {**run, "figures": {"n": 100, "holds": True}})
    assert "R1   holds  kill -9 anywhere" in table.table()
    assert "holds  at length, 2026-11-27, 1 of 3 runs: n 100" in table.table()
    assert "| yes: n 100, 1 of 3 runs, 2026-11-27 |" in document.page()


def test_one_real_piece_runs_and_is_kept(folder: Path) -> None:
    real = Piece("R16", "retention", 1, ("--histories 2000 --database 1 --budget 20 --seed {seed}",))
    nightly.main([], [real])
    long = measured.read_long("R16")
    assert long is not None
    assert (long["n"], long["failed"]) == (2000, [])


def test_every_piece_is_a_claim_with_its_harness_and_fits_in_an_hour() -> None:
    harnesses = {claim.id: claim.harness for claim in table.CLAIMS}
    assert len({piece.claim for piece in nightly.PIECES}) == len(nightly.PIECES)
    for piece in nightly.PIECES:
        assert piece.harness == harnesses[piece.claim]
        assert piece.minutes <= nightly.MOST_MINUTES
        assert piece.runs
    without = {one for one, harness in harnesses.items() if harness} - {
        piece.claim for piece in nightly.PIECES
    }
    assert without == {"S13"}, "supply asks for advisories elsewhere: make supply"
