"""What every test may ask for: a clock that is set, and an empty database on either engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mingjing.kernel.clock import SetClock
from mingjing.kernel.db import Database
from tests import postgresql


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.Server]:
    with postgresql.running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database; a test that asks for it runs on both engines."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'mingjing.sqlite3'}"
    server = request.getfixturevalue("postgresql_server")
    assert isinstance(server, postgresql.Server)
    return server.fresh()


@pytest.fixture
def empty_database(database_url: str, clock: SetClock) -> Iterator[Database]:
    """A database without a single table."""
    database = Database(database_url, clock)
    yield database
    database.close()
