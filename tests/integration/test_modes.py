"""Who can read what lies on the disk: directories and files are closed, mended where they stood open."""

import stat
from pathlib import Path

import pytest

from mingjing.app import Program
from mingjing.kernel.data_directory import close_to_others
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.secrets import key_file
from tests.integration.test_program import settings_in


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_directory_that_stood_open_is_closed_at_the_start_with_what_lies_in_it(tmp_path: Path) -> None:
    found = settings_in(tmp_path)
    with Program(found):
        pass
    data = found.data.directory
    data.chmod(0o755)
    for file in data.glob("*"):
        if file.is_file():
            file.chmod(0o666)
    with Program(found):
        assert mode(data) == 0o700
        assert all(not mode(file) & 0o027 for file in data.iterdir() if file.is_file())
        assert all(not mode(root) & 0o027 for root in found.storage_roots())
        assert mode(found.data.keys()) == 0o700


def test_keys_that_stood_open_are_refused_with_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    key_file(folder / "a.key")
    folder.chmod(0o755)
    with pytest.raises(MingjingError) as refused:
        key_file(folder / "a.key")
    assert refused.value.code == "SYS-010"
    assert f"chmod 700 {folder}" in refused.value.remedy.en
    folder.chmod(0o700)
    (folder / "a.key").chmod(0o640)
    with pytest.raises(MingjingError) as refused:
        key_file(folder / "a.key")
    assert f"chmod 600 {folder / 'a.key'}" in refused.value.remedy.en


def test_a_link_in_the_directory_is_not_followed(tmp_path: Path) -> None:
    outside, data = tmp_path / "outside", tmp_path / "data"
    outside.write_text("x")
    outside.chmod(0o644)
    data.mkdir(mode=0o700)
    (data / "link").symlink_to(outside)
    close_to_others(data)
    assert mode(outside) == 0o644
