"""Acceptance of the orders is asked of the embedded database; both engines are tried by the rooms' own tests."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def database_url(laid_sqlite: Path, tmp_path: Path) -> str:
    """The address of a database with its tables and no row."""
    shutil.copyfile(laid_sqlite, tmp_path / "mingjing.sqlite3")
    return f"sqlite:///{tmp_path / 'mingjing.sqlite3'}"
