"""The simulation in CI size, that a seed is the same each time, and that it notices what is broken on purpose.

The media plane's half is a test of its crate (`media/src/simulation`).
"""

from pathlib import Path

import pytest

from tests.claims import measured, simulation
from tests.claims.worlds import Teeth, Worlds


@pytest.mark.timeout(600)
def test_two_hundred_seeds_of_the_control_plane_keep_every_promise() -> None:
    """CI size: what the full run of both halves measured stays as it is."""
    found = simulation.figures({"control": simulation.control(0, 200) | {"n": 200}})
    assert simulation.holds(found), found
    for what in ("deleted", "restarts", "jumps", "adopted", "refused_commits", "lost_answers", "outages"):
        assert found[f"control_{what}"] > 0, f"{what} never happened: {found}"
    if measured.read("SIM") is None:
        measured.write("SIM", **found, holds=True)


def test_a_seed_is_the_same_each_time(tmp_path: Path) -> None:
    worlds = Worlds(tmp_path)
    once, again, other = worlds.play(3), worlds.play(3), worlds.play(4)
    assert once == again
    assert once.trace != other.trace


@pytest.mark.parametrize(
    ("teeth", "words"),
    [
        (Teeth.EARLY, "is acknowledged and not committed"),
        (Teeth.FORGET_GAP, "nothing is said of|lost for"),
        (Teeth.TWICE, "spans overlap"),
        (Teeth.DELETE_HELD, "is gone, and nobody decided so"),
    ],
)
def test_a_promise_that_is_broken_on_purpose_is_noticed(teeth: Teeth, words: str, tmp_path: Path) -> None:
    worlds = Worlds(tmp_path)
    broken = next((found for seed in range(60) if (found := worlds.play(seed, teeth).broken)), "")
    assert any(word in broken for word in words.split("|")), broken


def test_a_run_that_was_broken_off_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played: list[tuple[int, int]] = []

    def piece(from_seed: int, until_seed: int) -> simulation.Piece:
        if len(played) == 2:
            raise KeyboardInterrupt
        played.append((from_seed, until_seed))
        return {"failed": [], "sum": {"acknowledged": until_seed - from_seed, "tail_ms_max": until_seed}}

    monkeypatch.setitem(simulation.PLAY, "control", piece)
    file = tmp_path / "simulation.json"
    with pytest.raises(KeyboardInterrupt):
        simulation.run(3 * simulation.PIECE, ("control",), simulation.Progress(file, fresh=False))
    played.pop(0)
    found = simulation.run(3 * simulation.PIECE, ("control",), simulation.Progress(file, fresh=False))
    assert played[-1] == (2 * simulation.PIECE, 3 * simulation.PIECE)
    assert found["control_acknowledged"] == found["control_n"] == 3 * simulation.PIECE
    assert found["control_tail_ms_max"] == 3 * simulation.PIECE
