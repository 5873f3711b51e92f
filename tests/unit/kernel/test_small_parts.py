"""Identifiers, text at the door, pages, clocks, the data directory."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing.kernel.clock import SetClock
from mingjing.kernel.data_directory import DataDirectory
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.ids import is_id, new_id
from mingjing.kernel.paging import cursor, cut, position
from mingjing.kernel.text import block, line


def test_an_identifier_says_its_kind() -> None:
    made = new_id("ch")
    assert is_id("ch", made)
    assert not is_id("us", made)
    assert not is_id("ch", made + "\n")
    assert len({new_id("ch") for _ in range(1000)}) == 1000


@pytest.mark.parametrize("bad", ["a\x00b", "a\x1b[31mb", "a\nb", "a\u202eb", "a\u2028b", "\x7fa"])
def test_control_characters_are_refused_not_cleaned(bad: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        line(bad)


def test_a_name_is_normalised_and_stripped() -> None:
    assert line("  e\u0301 东门岗亭 ") == "é 东门岗亭"
    assert block("一\r\n二") == "一\n二"


@given(st.text(max_size=100))
def test_a_position_survives_its_cursor(text: str) -> None:
    assert position(cursor(text)) == text


def test_a_cursor_that_nobody_gave_out_is_the_start() -> None:
    assert position("%%%") is None
    assert position(None) is None


def test_a_page_is_cut_where_more_follows() -> None:
    page = cut([1, 2, 3], limit=2, total=9, key=str)
    assert (list(page.items), page.total, position(page.next)) == ([1, 2], 9, "2")
    assert cut([1, 2], limit=2, total=2, key=str).next is None


def test_a_jump_of_the_wall_clock_leaves_the_monotonic_one_alone() -> None:
    clock = SetClock()
    wall, steady = clock.now_us(), clock.monotonic_us()
    clock.jump(-5)
    clock.advance(2)
    assert (clock.now_us() - wall, clock.monotonic_us() - steady) == (-3, 2)


def test_a_second_copy_on_one_data_directory_is_refused(tmp_path: Path) -> None:
    with DataDirectory(tmp_path / "data"), pytest.raises(MingjingError) as raised:
        DataDirectory(tmp_path / "data")
    assert raised.value.code == "SYS-040"
    DataDirectory(tmp_path / "data").close()


def test_a_directory_keeps_its_identity_and_refuses_foreign_keys(tmp_path: Path) -> None:
    with DataDirectory(tmp_path / "data") as data:
        first = data.identity("aaaa", tmp_path, SetClock())
        assert data.identity("aaaa", tmp_path, SetClock(wall_us=1)) == first
        with pytest.raises(MingjingError) as raised:
            data.identity("bbbb", tmp_path, SetClock())
        assert raised.value.code == "SYS-042"


def test_a_database_without_identity_is_not_adopted(tmp_path: Path) -> None:
    (tmp_path / "mingjing.sqlite3").write_bytes(b"")
    with DataDirectory(tmp_path) as data, pytest.raises(MingjingError) as raised:
        data.identity("aaaa", tmp_path, SetClock())
    assert raised.value.code == "SYS-041"
