"""Copies of a whole database: SQLite page by page beside a running program, any database row by row.

A backup is always a SQLite file, so that one from PostgreSQL can be restored into either. Rows are read in one
snapshot and written in one transaction; parents go before children.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text

from mingjing.kernel.db import Base, Database

BATCH = 5_000
"""Rows held in memory at once."""


def copy_pages(source: Path, target: Path) -> None:
    """A sound copy of a SQLite file in use.

    Readers and the writer go on meanwhile. Raises sqlite3.DatabaseError where source or copy are not sound.
    """
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as copy:
        old.backup(copy)
        if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError(f"the copy {target.name} is not sound")


def copy_rows(source: Database, target: Database) -> None:
    """Every row of `source` into the empty tables of `target`, which have the same schema."""
    snapshot = {} if source.is_sqlite else {"isolation_level": "REPEATABLE READ"}
    engine = source.engine.execution_options(yield_per=BATCH, **snapshot)
    with engine.connect() as reading, target.engine.begin() as writing, reading.begin():
        for table in Base.metadata.sorted_tables:
            for rows in _batches(reading, table):
                writing.execute(insert(table), rows)
        if not target.is_sqlite:
            _count_on(writing)


def count_rows(database: Database) -> dict[str, int]:
    """Rows of every table."""
    with database.engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
        }


def _batches(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    found = connection.execute(select(table)).mappings()
    parent = next((key for key in table.foreign_keys if key.column.table is table), None)
    if parent is not None:
        rows = [dict(row) for row in found]
        yield from filter(None, [_parents_first(rows, parent.parent.name, parent.column.name)])
        return
    for batch in found.partitions(BATCH):
        yield [dict(row) for row in batch]


def _parents_first(rows: list[dict[str, Any]], parent: str, key: str) -> list[dict[str, Any]]:
    """The rows of a tree, each after the one that it hangs on."""
    below: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        below.setdefault(row[parent], []).append(row)
    ordered = list(below.get(None, []))
    for row in ordered:
        ordered += below.get(row[key], [])
    return ordered


def _count_on(connection: Connection) -> None:
    """Let PostgreSQL's counters go on after the highest number that was put in."""
    for table in Base.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None:
            continue
        name = connection.execute(
            text("SELECT pg_get_serial_sequence(:table, :column)"),
            {"table": table.name, "column": column.name},
        ).scalar_one()
        highest = connection.execute(select(func.max(column))).scalar_one()
        if name is not None and highest is not None:
            connection.execute(text("SELECT setval(:name, :highest)"), {"name": name, "highest": highest})
