"""The control plane's parsers over their seeds and some hundred neighbours, in every test run."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice

import pytest

from tests.claims import fuzz, hostile, measured

COUNTS = {"python_spreadsheet": 12, "python_query": 300}
COUNT = 1500

Opened = dict[str, tuple[hostile.Target, tuple[bytes, ...]]]


@pytest.fixture(scope="module")
def opened() -> Iterator[Opened]:
    with ExitStack() as stack:
        yield hostile.opened(stack)


@pytest.fixture(scope="module")
def ran() -> Iterator[dict[str, int]]:
    """Inputs by target. They are half of S1: the media plane's are run by Rust, and by libFuzzer in `make fuzz`."""
    counts: dict[str, int] = {}
    yield counts
    if len(counts) == len(fuzz.PYTHON):
        failed = [name for name, count in counts.items() if not count]
        figures = {"targets": len(counts), "of": len(fuzz.targets()), "inputs": sum(counts.values())}
        measured.write("S1", **figures, failed=failed, holds=False if failed else None)


@pytest.mark.parametrize("name", fuzz.PYTHON)
def test_a_parser_stands_its_seeds_and_their_neighbours(
    opened: Opened, ran: dict[str, int], name: str
) -> None:
    target, seeds = opened[name]
    most = COUNTS.get(name, COUNT)
    ran[name] = 0
    ran[name] = hostile.run(target, seeds, seconds=600, most=most)
    assert ran[name] == most


def test_every_parser_is_named_in_the_claim(opened: Opened) -> None:
    assert sorted(opened) == list(fuzz.PYTHON)


def test_a_fault_is_told_with_its_input() -> None:
    def breaks(content: bytes) -> None:
        if content == b"b":
            raise ZeroDivisionError

    with pytest.raises(AssertionError, match=r"ZeroDivisionError.* for b'b'"):
        hostile.run(breaks, (b"a", b"b"), seconds=1, most=10)


def test_neighbours_differ_and_come_back_with_the_seed() -> None:
    one, again = (list(islice(hostile.neighbours((b"abc",), hostile.chances(5)), 50)) for _ in range(2))
    assert one == again
    assert len(set(one)) > 20


@pytest.mark.parametrize("day", ["2026-02-30", "0000-00-00", "0001-01-01", "9999-12-31"])
def test_a_day_that_no_calendar_has_is_a_mistake_of_the_asker(opened: Opened, day: str) -> None:
    target, _ = opened["python_query"]
    for path in ("completeness", "days"):
        target(f"recordings/{path}?day={day}".encode())
