"""Acceptance of the orders is asked of the embedded database; both engines are tried by the rooms' own tests."""

from pathlib import Path

import pytest


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """The address of an empty database."""
    return f"sqlite:///{tmp_path / 'mingjing.sqlite3'}"
