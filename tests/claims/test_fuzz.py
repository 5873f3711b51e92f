"""What `fuzz.py` makes of libFuzzer's words; that libFuzzer finds anything is `make fuzz`."""

from pathlib import Path

from tests.claims import fuzz


def test_a_hang_is_one_that_hangs_again(tmp_path: Path) -> None:
    kept = tmp_path / "timeout-1"
    kept.write_bytes(b"input")
    said = f"ERROR: libFuzzer: timeout after 1 seconds\nartifact_prefix='x'; Test unit written to {kept}\n"
    assert not fuzz.machine_was_busy(["grep", "-q", "another"], said)
    assert kept.exists()
    assert fuzz.machine_was_busy(["grep", "-q", "input"], said)
    assert not kept.exists()


def test_a_crash_is_never_the_machines_fault(tmp_path: Path) -> None:
    kept = tmp_path / "crash-1"
    kept.write_bytes(b"input")
    said = f"ERROR: libFuzzer: deadly signal\nTest unit written to {kept}\n"
    assert not fuzz.machine_was_busy(["grep", "-q", "input"], said)
    assert not fuzz.machine_was_busy(["true"], "ERROR: libFuzzer: timeout after 1 seconds\n")
    assert kept.exists()
