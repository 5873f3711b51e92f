"""The command line: what it prints, and its exit codes."""

import json
import shutil
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest
from typer.testing import CliRunner

import mingjing.cli.camera
from mingjing.app.continuity import CHECKPOINTS
from mingjing.audit.keeper import Keeper
from mingjing.audit.service import SYSTEM, Object, record
from mingjing.cli import application
from mingjing.configuration import Settings, read
from mingjing.kernel.clock import SystemClock
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.settings import described
from mingjing.media.causes import Cause, Leg, LegState
from mingjing.media.memory import MemoryNode
from mingjing.media.model import LegReport, Probe, RtspSource, StreamSpec

ROOT = Path(__file__).parents[2]
URL = "rtsp://10.3.7.21:554/Streaming/Channels/101"


def test_every_setting_is_described_and_the_page_is_what_the_program_has() -> None:
    page = described(Settings())
    assert (ROOT / "docs/ref/settings.md").read_text(encoding="utf-8") == page
    assert "| — |\n" not in page, "a setting has no meaning written down"
    assert CliRunner().invoke(application, ["config", "reference"]).output == page


def test_config_show_names_sources_and_masks_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "mingjing.toml"
    file.write_text('[server]\nport = 9000\n[database]\nurl = "postgresql://a:hush@h/d"\n', encoding="utf-8")
    monkeypatch.setenv("MINGJING_MEDIA_PORT", "9001")
    shown = CliRunner().invoke(application, ["config", "show", "-c", str(file), "--data", str(tmp_path)])
    assert shown.exit_code == 0
    lines = {line.split()[0]: line for line in shown.output.splitlines()}
    assert "9000" in lines["server.port"]
    assert str(file) in lines["server.port"]
    assert "environment MINGJING_MEDIA_PORT" in lines["media.port"]
    assert "flag" in lines["data.directory"]
    assert "hush" not in shown.output


def test_a_setting_that_does_not_exist_and_a_missing_database_are_errors_of_the_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = CliRunner().invoke(application, ["user", "list", "--data", str(tmp_path)])
    assert isinstance(empty.exception, MingjingError)
    assert empty.exception.code == "SYS-070"
    monkeypatch.setenv("MINGJING_SERVER_PROT", "1")
    wrong = CliRunner().invoke(application, ["config", "show"])
    assert isinstance(wrong.exception, MingjingError)
    assert wrong.exception.code == "SYS-030"
    assert CliRunner().invoke(application, ["no-such-command"]).exit_code == 2


@pytest.mark.parametrize(("state", "code"), [(LegState.OK, 0), (LegState.FAILED, 1)])
def test_an_address_is_tried_leg_by_leg_in_words(
    data: Path, monkeypatch: pytest.MonkeyPatch, state: LegState, code: int
) -> None:
    node = MemoryNode()
    cause = Cause.WRONG_PASSWORD if state is LegState.FAILED else None
    node.next_probe = Probe(legs=[LegReport(leg=Leg.AUTHENTICATED, state=state, cause=cause)])
    monkeypatch.setattr(mingjing.cli.camera, "prober", lambda _: node)
    monkeypatch.setenv("CAMERA_PASSWORD", "hush-hush")
    tried = CliRunner().invoke(application, ["camera", "test", URL, "--user", "admin", "--data", str(data)])
    assert tried.exit_code == code, tried.output
    assert ("口令" in tried.output) is (code == 1)
    assert "hush-hush" not in tried.output


class _Asked(MemoryNode):
    """Remembers what was to be probed."""

    def probe(self, spec: StreamSpec, timeout_ms: int) -> Probe:
        self.put_stream(spec)
        return super().probe(spec, timeout_ms)


@pytest.mark.parametrize(("options", "allowed"), [([], True), (["--no-basic"], False)])
def test_basic_can_be_forbidden_to_a_camera(
    data: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], allowed: bool
) -> None:
    node = _Asked()
    monkeypatch.setattr(mingjing.cli.camera, "prober", lambda _: node)
    monkeypatch.setenv("CAMERA_PASSWORD", "hush-hush")
    tried = CliRunner().invoke(
        application, ["camera", "test", URL, "--user", "admin", *options, "--data", str(data)]
    )
    assert tried.exit_code == 0, tried.output
    (asked,) = node.specs.values()
    assert isinstance(asked.source, RtspSource)
    assert asked.source.allow_basic is allowed


def test_the_journal_is_held_against_checkpoints_kept_elsewhere(data: Path, tmp_path: Path) -> None:
    """An older database with all that lay beside it is whole in itself."""
    found, _ = read(None, {"data.directory": data}, {})
    with closing(Database(found.database_url(), SystemClock())) as database:
        keeper = Keeper(database, found.data.keys() / "journal.key", data / CHECKPOINTS)
        for number in range(3):
            with database.transaction() as tx:
                record(tx, SYSTEM, "camera.change", Object("camera", f"ch_{number}"))
            handed_out = keeper.sign()
            if number == 1:
                shutil.copytree(data, tmp_path / "older")
    assert handed_out is not None
    kept = tmp_path / "kept.jsonl"
    kept.write_text(json.dumps(asdict(handed_out) | {"public_key": "77f0"}) + "\n", encoding="utf-8")

    def verified(*more: str) -> tuple[int, str]:
        ended = CliRunner().invoke(application, ["verify", "journal", "--data", str(data), *more])
        return ended.exit_code, ended.output

    assert verified("--checkpoints", str(kept))[0] == 0
    shutil.rmtree(data)
    (tmp_path / "older").rename(data)
    assert verified()[0] == 0
    code, said = verified("--checkpoints", str(kept))
    assert code == 1
    assert f"entry {handed_out.seq} (cut)" in said
    kept.write_text("{}\n", encoding="utf-8")
    assert verified("--checkpoints", str(kept))[0] == 2
