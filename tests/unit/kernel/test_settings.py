"""File < environment < flags; each value knows its source; unknown keys are refused with the nearest name."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from mingjing.kernel.errors import MingjingError
from mingjing.kernel.settings import Section, explained, load


class _Server(Section):
    host: str = "127.0.0.1"
    port: int = 8360
    origins: tuple[str, ...] = ()


class _Database(Section):
    url: SecretStr = SecretStr("")


class _Settings(Section):
    server: _Server = _Server()
    database: _Database = _Database()


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mingjing.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_flags_beat_the_environment_which_beats_the_file(tmp_path: Path) -> None:
    file = _file(tmp_path, '[server]\nhost = "10.0.0.1"\nport = 1\norigins = ["http://a"]\n')
    environment = {
        "MINGJING_SERVER_PORT": "2",
        "MINGJING_SERVER_ORIGINS": '["http://b", "http://c"]',
        "HOME": "/",
    }
    settings, sources = load(
        _Settings, file=file, environment=environment, flags={"server.port": 3, "server.host": None}
    )
    assert (settings.server.host, settings.server.port) == ("10.0.0.1", 3)
    assert settings.server.origins == ("http://b", "http://c")
    assert sources["server.host"] == str(file)
    assert sources["server.origins"] == "environment MINGJING_SERVER_ORIGINS"
    assert sources["server.port"] == "flag"


def test_explained_masks_secrets_and_names_defaults() -> None:
    settings, sources = load(_Settings, environment={"MINGJING_DATABASE_URL": "postgresql://u:topsecret@h/d"})
    rows = {row.name: row for row in explained(settings, sources)}
    assert rows["database.url"].shown == "***"
    assert rows["server.port"].source == "default"
    assert "topsecret" not in repr(rows)


def test_an_unknown_key_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(MingjingError) as raised:
        load(_Settings, file=_file(tmp_path, "[server]\nprot = 1\n"))
    assert raised.value.facts["nearest"] == "server.port"
    with pytest.raises(MingjingError) as raised:
        load(_Settings, environment={"MINGJING_SERVER_HOTS": "x"})
    assert raised.value.facts["nearest"] == "MINGJING_SERVER_HOST"


def test_a_bad_value_names_its_source_and_does_not_repeat_it() -> None:
    with pytest.raises(MingjingError) as raised:
        load(_Settings, environment={"MINGJING_SERVER_PORT": "topsecret"})
    assert raised.value.facts["name"] == "server.port"
    assert "MINGJING_SERVER_PORT" in raised.value.detail.en
    assert "topsecret" not in str(raised.value)


def test_a_broken_file_says_where(tmp_path: Path) -> None:
    with pytest.raises(MingjingError) as raised:
        load(_Settings, file=_file(tmp_path, "[server\n"))
    assert raised.value.code == "SYS-032"


def test_a_file_nested_without_end_is_refused_with_its_name(tmp_path: Path) -> None:
    file = tmp_path / "deep.toml"
    file.write_text("a = " + "[" * 5000, encoding="utf-8")
    with pytest.raises(MingjingError) as raised:
        load(_Settings, file=file)
    assert raised.value.code == "SYS-032"
    assert "deep.toml" in raised.value.detail.en
