"""Many rows at once, by the way of each engine that is made for it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import Any, Final, cast

from sqlalchemy import DDL, Column, Dialect, Table, insert, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from mingjing.kernel.db import Base, Transaction

MANY: Final = 500
"""Rows at once from which on PostgreSQL may have to look at a table anew."""


def insert_rows(tx: Transaction, row: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows, each with the same members; none is inserted where there are none.

    SQLite gets one prepared statement and PostgreSQL one COPY, which sends no statement a row and waits for no answer.
    A member that is not named gets the database's default, or none; a JSON column gets None as the JSON value `null`.
    Raises what an insert raises.
    """
    if not rows:
        return
    table = cast(Table, row.__table__)
    connection = tx.session.connection()
    named = {one.key: one for one in table.c if one.key in rows[0]}
    given = any(one.default is not None for one in table.c if one.key not in named)
    if given or len(named) < len(rows[0]):
        # A default that the program gives, or a member that is no column.
        tx.session.execute(insert(table), rows)
        return
    values = _values(named, rows, connection.dialect)
    if connection.dialect.name == "postgresql":
        _copy(connection, table, named, values)
        _count(connection, table, len(rows))
    else:
        statement = insert(table).compile(dialect=connection.dialect, column_keys=list(named))
        connection.exec_driver_sql(statement.string, values)


def _values(
    named: Mapping[str, Column[Any]], rows: Sequence[Mapping[str, Any]], dialect: Dialect
) -> list[tuple[Any, ...]]:
    """The rows as the driver takes them."""
    columns = [_taken([one[name] for one in rows], column, dialect) for name, column in named.items()]
    return list(zip(*columns, strict=True))


def _taken(values: list[Any], column: Column[Any], dialect: Dialect) -> list[Any]:
    processor: Callable[[Any], Any] | None = column.type.dialect_impl(dialect).bind_processor(dialect)
    return values if processor is None else [processor(one) for one in values]


def _copy(
    connection: Connection, table: Table, named: Mapping[str, Column[Any]], values: list[tuple[Any, ...]]
) -> None:
    from psycopg.sql import SQL, Identifier  # noqa: PLC0415 - the driver is loaded where PostgreSQL is in use

    columns = SQL(", ").join([Identifier(one.name) for one in named.values()])
    statement = SQL("COPY {} ({}) FROM STDIN").format(Identifier(table.name), columns)
    failure = connection.dialect.loaded_dbapi.Error
    cursor: Any = connection.connection.cursor()
    try:
        with closing(cursor), cursor.copy(statement) as copy:
            for one in values:
                copy.write_row(one)
    except failure as problem:
        # As every other statement of the session fails: what catches that catches this.
        raise DBAPIError.instance(
            f"COPY {table.name}", None, problem, failure, dialect=connection.dialect
        ) from problem


def _count(connection: Connection, table: Table, more: int) -> None:
    """Have PostgreSQL look at a table that has grown by a quarter and more. It does so by itself a minute later; until
    then, and within this transaction, it would plan for the few rows that it remembers, and read thousands a row."""
    if more < MANY:
        return
    known = connection.execute(
        text("SELECT reltuples FROM pg_class WHERE oid = to_regclass(quote_ident(:name))"),
        {"name": table.name},
    ).scalar_one()
    if known < 4 * more:
        connection.execute(DDL("ANALYZE %(table)s").against(table))  # type: ignore[no-untyped-call]
