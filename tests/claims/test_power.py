"""Claim R3 for the whole program, and the disk that forgets by which it is measured.

Times are figures here, as in `test_faults.py`: `make fault NAME=power` judges them.
"""

from pathlib import Path

import pytest

from mingjing.audit.chain import Checkpoint
from mingjing.audit.service import CheckpointFile
from mingjing.kernel.clock import SetClock
from mingjing.kernel.data_directory import DataDirectory
from mingjing.kernel.durable import make_directory, sync
from mingjing.kernel.secrets import key_file
from tests.claims import lossy, power
from tests.claims.forgetful import PAGE, SECTOR, Disk, File, Named
from tests.claims.lossy import Lossy

mounted = pytest.mark.skipif(bool(lossy.missing()), reason=lossy.missing())

CUTS = 20
BUDGET_S = 75.0
"""Some ten cuts on a calm machine; `fuse_cuts` in `R3.json` says how many."""
SEEDS = range(200)


@pytest.mark.timeout(300)
@mounted
def test_cuts_under_the_whole_program_cost_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    found = power.run(tmp_path, cuts=CUTS, streams=2, seed=1, budget_s=BUDGET_S)
    power.add(found)
    assert found["cuts"] >= power.FEWEST
    assert power.holds(found, timed=False), found
    assert found["tail_ms_max"] < 60_000, "a stream did not record before a cut"


def _written(disk: Disk, name: str, data: bytes) -> File:
    file = disk.file(0o600)
    disk.name(Named(disk.root, name, file))
    file.write(0, data)
    return file


def _content(disk: Disk, name: str) -> bytes | None:
    node = disk.root.entries.get(name)
    return bytes(node.data) if isinstance(node, File) else None


def test_what_was_synced_is_there_after_any_cut() -> None:
    for seed in (None, *SEEDS):
        disk = Disk()
        file = _written(disk, "a", b"x" * 5000)
        file.sync()
        disk.sync(disk.root)
        file.write(5000, b"y" * 5000)
        found = disk.cut(seed)
        kept = _content(disk, "a")
        assert kept is not None
        assert kept[:5000] == b"x" * 5000
        assert (found.bytes > 0) == (kept[5000:] != b"y" * 5000)


def test_what_was_not_synced_is_there_whole_in_part_in_zeros_or_not() -> None:
    contents = set()
    for seed in SEEDS:
        disk = Disk()
        file = _written(disk, "a", b"")
        disk.sync(disk.root)
        file.write(0, b"1" * 2 * PAGE)
        file.write(0, b"2" * 2 * PAGE)
        disk.cut(seed)
        kept = _content(disk, "a")
        assert kept is not None
        sectors = [kept[at : at + SECTOR] for at in range(0, len(kept), SECTOR)]
        assert all(len(set(sector)) == 1 for sector in sectors), "torn within a sector"
        contents.add(bytes(sector[0] for sector in sectors))
    whole = 2 * PAGE // SECTOR
    assert {b"", b"\0" * whole, b"2" * whole} <= contents
    assert any(len(set(one[: whole // 2])) > 1 for one in contents), "no page was torn"


def test_a_name_is_there_once_its_directory_was_synced_and_a_rename_is_done_or_not() -> None:
    states = set()
    for seed in (None, *SEEDS):
        disk = Disk()
        file = _written(disk, "part", b"x")
        file.sync()
        disk.sync(disk.root)
        disk.name(Named(disk.root, "part", None), Named(disk.root, "done", file))
        _written(disk, "other", b"y")
        disk.cut(seed)
        states.add(frozenset(disk.root.entries))
    assert states == {frozenset(one) for one in ({"part"}, {"done"}, {"part", "other"}, {"done", "other"})}


def test_a_file_cut_short_is_as_it_was_or_cut_or_written_anew() -> None:
    contents = set()
    for seed in SEEDS:
        disk = Disk()
        file = _written(disk, "a", b"old old")
        file.sync()
        disk.sync(disk.root)
        file.cut(0)
        file.write(0, b"new")
        disk.cut(seed)
        contents.add(_content(disk, "a"))
    assert contents == {b"old old", b"", b"\0\0\0", b"new"}


@mounted
def test_the_mounted_disk_forgets_what_nobody_synced(tmp_path: Path) -> None:
    with Lossy(tmp_path / "disk") as disk:
        kept, lost = disk.place / "kept", disk.place / "lost"
        kept.write_bytes(b"k")
        sync(kept)
        sync(disk.place)
        lost.write_bytes(b"l")
        with kept.open("ab") as file:
            file.write(b"+")
        assert {kept, lost} == {*disk.place.iterdir()}
        found = disk.cut(None)
        assert (found.bytes > 0, found.names) == (True, 1)
        assert [*disk.place.iterdir()] == [kept]
        assert kept.read_bytes() == b"k"


@mounted
def test_what_a_first_start_makes_outlives_a_cut_right_after_it(tmp_path: Path) -> None:
    """Without its keys an installation opens none of its cameras' passwords, and refuses to start."""
    with Lossy(tmp_path / "disk") as disk:
        data, keys = disk.place / "srv" / "data", disk.place / "srv" / "data.keys"
        key = key_file(keys / "sealing.key")
        with DataDirectory(data) as at:
            identity = at.identity("0123", keys, SetClock())
        make_directory(data / "deep" / "down", 0o750)
        signed = [Checkpoint(number, "00", number, "k", "s") for number in (1, 2)]
        for one in signed:
            CheckpointFile(data / "checkpoints.jsonl").append(one)
        disk.cut(None)
        assert key_file(keys / "sealing.key") == key
        with DataDirectory(data) as at:
            assert at.identity("0123", keys, SetClock()) == identity
        assert (data / "deep" / "down").is_dir()
        assert CheckpointFile(data / "checkpoints.jsonl").read() == signed
