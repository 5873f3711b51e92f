"""Connections leave descriptors to what records, whatever the machine allows."""

import subprocess
import sys

import pytest

from mingjing.kernel.descriptors import KEPT_LEAST, shares


@pytest.mark.parametrize("most", [160, 256, 1024, 4096, 65_536])
def test_all_doors_together_leave_a_quarter_and_at_least_the_least(most: int) -> None:
    found = shares(most)
    left = most - 2 * found.media - found.console
    assert left >= max(most // 4, KEPT_LEAST)
    assert min(found.media, found.console) >= 8


def test_where_there_is_hardly_anything_a_door_still_opens() -> None:
    assert (shares(64).media, shares(64).console) == (1, 1)


def test_what_may_be_had_for_the_asking_is_asked_for() -> None:
    asked = (
        "import resource; from mingjing.kernel.descriptors import open_most;"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (128, 512));"
        "print(open_most(), resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    told = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    assert told.stdout.split(maxsplit=1) == ["512", "(512, 512)\n"]
