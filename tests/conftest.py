"""What every test may ask for: a clock that is set, and a database on either engine, with its tables or without."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from mingjing import tables
from mingjing.kernel.clock import SetClock
from mingjing.kernel.db import Database
from tests import postgresql

ENGINES = ("sqlite", "postgresql")


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.Server]:
    with postgresql.running() as server:
        yield server


@pytest.fixture(scope="session")
def laid_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with every table and no row: a copy costs a tenth of making them."""
    at = tmp_path_factory.mktemp("laid") / "mingjing.sqlite3"
    _lay(f"sqlite:///{at}")
    return at


@pytest.fixture(scope="session")
def laid_postgresql(postgresql_server: postgresql.Server) -> str:
    """The name of a database with every table and no row."""
    _lay(postgresql_server.fresh(name="laid"))
    return "laid"


def _lay(url: str) -> None:
    database = Database(url, SetClock())
    tables.METADATA.create_all(database.engine)
    database.close()


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with its tables and no row; a test that asks for it runs on both engines."""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("laid_sqlite"), tmp_path / "mingjing.sqlite3")
        yield f"sqlite:///{tmp_path / 'mingjing.sqlite3'}"
        return
    laid, server = request.getfixturevalue("laid_postgresql"), request.getfixturevalue("postgresql_server")
    assert isinstance(server, postgresql.Server)
    url = server.fresh(like=laid)
    yield url
    server.drop(url)


@pytest.fixture
def empty_database(database_url: str, clock: SetClock) -> Iterator[Database]:
    """A database with its tables and no row."""
    database = Database(database_url, clock)
    yield database
    database.close()


@pytest.fixture(params=ENGINES)
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without a single table, on both engines."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'mingjing.sqlite3'}"
    server = request.getfixturevalue("postgresql_server")
    assert isinstance(server, postgresql.Server)
    return server.fresh()


@pytest.fixture
def bare_database(bare_url: str, clock: SetClock) -> Iterator[Database]:
    """A database without a single table."""
    database = Database(bare_url, clock)
    yield database
    database.close()
