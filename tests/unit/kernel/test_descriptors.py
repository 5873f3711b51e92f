"""Connections leave descriptors to what records, whatever the machine allows."""

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
