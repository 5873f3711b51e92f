"""Files by their digest: kept once, never handed out where they were altered."""

import hashlib
from pathlib import Path

import pytest

from mingjing.kernel.files import FileLostError, FileStore, digest_of


def test_what_is_kept_is_read_again_and_is_closed_to_others(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")
    digest = store.keep(b"sign")
    assert digest == hashlib.sha256(b"sign").hexdigest() == digest_of(store.path(digest))
    assert store.read(digest) == b"sign"
    assert store.path(digest).stat().st_mode & 0o777 == 0o600
    assert store.path(digest).parent.stat().st_mode & 0o777 == 0o700


def test_the_same_content_is_kept_once(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    assert store.keep(b"sign") == store.keep(b"sign")
    assert len(list(tmp_path.glob("*/*"))) == 1


@pytest.mark.parametrize("content", [b"", b"sigN", None], ids=["empty", "another", "gone"])
def test_what_is_not_what_was_kept_is_not_handed_out(tmp_path: Path, content: bytes | None) -> None:
    store = FileStore(tmp_path)
    digest = store.keep(b"sign")
    if content is None:
        store.path(digest).unlink()
    else:
        store.path(digest).write_bytes(content)
    with pytest.raises(FileLostError):
        store.read(digest)


def test_a_copy_is_taken_in_only_where_it_holds_what_it_is_called(tmp_path: Path) -> None:
    one, other = FileStore(tmp_path / "one"), FileStore(tmp_path / "other")
    digest = one.keep(b"sign")
    assert other.copy_from(one.path(digest), digest)
    assert other.read(digest) == b"sign"
    wrong = hashlib.sha256(b"another").hexdigest()
    assert not other.copy_from(one.path(digest), wrong)
    assert not other.copy_from(tmp_path / "nothing", wrong)
    assert len(list(other.folder.glob("*/*"))) == 1


def test_a_kill_between_writing_and_naming_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FileStore(tmp_path)

    def killed(_: Path, __: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(OSError, match="Input/output"):
        store.keep(b"sign")
    monkeypatch.undo()
    assert store.read(store.keep(b"sign")) == b"sign"
