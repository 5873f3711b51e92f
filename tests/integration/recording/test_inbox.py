"""Files that a signed-in person brings in come from the inbox and from nowhere else on the machine."""

import dataclasses
import os
from pathlib import Path

import pytest
from tests.places import town
from tests.program import program
from tests.recorder import recorder

from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError
from mingjing.recording import importing
from mingjing.recording.importing import in_inbox
from mingjing.recording.site import RecordingSite


@pytest.fixture
def site(empty_database: Database, tmp_path: Path) -> RecordingSite:
    inbox = tmp_path / "inbox"
    (inbox / "discs").mkdir(parents=True)
    (inbox / "discs" / "a.mp4").write_bytes(b"film")
    (tmp_path / "inbox-not").mkdir()
    (tmp_path / "inbox-not" / "b.mp4").write_bytes(b"secret")
    (inbox / "link.mp4").symlink_to(tmp_path / "inbox-not" / "b.mp4")
    (inbox / "inner.mp4").symlink_to(inbox / "discs" / "a.mp4")
    os.mkfifo(inbox / "pipe")
    return dataclasses.replace(recorder(town(empty_database), tmp_path / "pool").site, inbox=inbox)


def test_a_file_of_the_inbox_is_found(site: RecordingSite, tmp_path: Path) -> None:
    real = tmp_path / "inbox" / "discs" / "a.mp4"
    assert in_inbox(site, "discs/a.mp4") == real
    assert in_inbox(site, "inner.mp4") == real


def test_everything_else_is_one_and_the_same_refusal(site: RecordingSite, tmp_path: Path) -> None:
    names = [
        "../inbox-not/b.mp4",
        str(tmp_path / "inbox-not" / "b.mp4"),
        "link.mp4",
        "pipe",
        "discs",
        ".",
        "absent",
    ]
    names += ["/dev/zero", "/proc/self/environ", "a\0b", "discs/../../inbox-not/b.mp4", "x" * 999]
    told = set()
    for name in names:
        with pytest.raises(MingjingError) as raised:
            in_inbox(site, name)
        told.add((raised.value.code, raised.value.detail.en))
    assert len(told) == 1
    with pytest.raises(MingjingError):
        in_inbox(dataclasses.replace(site, inbox=None), "discs/a.mp4")


def test_the_route_knows_the_inbox_alone(
    empty_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = program(empty_database, tmp_path)
    channel = whole.recorder.town.add().row.id
    client = whole.client()
    client.headers.update(whole.signed_in(whole.person("wang", "operator_admin")[0]))
    reached: list[str] = []
    monkeypatch.setattr(importing, "bring_in", lambda *given: reached.append(given[3].path))
    wish = {"path": str(Path(__file__).absolute()), "channel": channel, "start_us": 0}
    answer = client.post("/api/v1/recordings/import", json=wish)
    assert (answer.json()["code"], reached) == ("REC-020", [])
