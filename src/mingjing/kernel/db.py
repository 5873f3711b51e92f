"""The database: engine, one transaction a use case, declarative base, column types.

SQLite (WAL, synchronous=FULL, foreign keys on) or PostgreSQL through psycopg 3, both synchronous. A write takes
SQLite's one writer lock at its beginning (`BEGIN IMMEDIATE`), so that it waits in the queue instead of failing in
the middle. Migrations do not live here.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, cast

import structlog
from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    ColumnElement,
    Dialect,
    Engine,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    bindparam,
    create_engine,
    event,
    func,
    literal,
    text,
    update,
)
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from mingjing.kernel.clock import Clock
from mingjing.kernel.errors import MingjingError, define
from mingjing.kernel.events import EventBus
from mingjing.kernel.turns import Turns

_log = structlog.get_logger(__name__)

BUSY_TIMEOUT_MS = 30_000
POOL_CONNECTIONS = 16

DATABASE_AWAY = define(
    "SYS-020",
    503,
    title=("数据库不可用", "The database is not available"),
    detail=("无法连接或写入数据库。", "The database cannot be reached or written."),
    remedy=(
        "操作未执行。请检查数据库服务与磁盘空间后重试。",
        "Nothing was done. Check the database service and the disk space, then try again.",
    ),
)
DATABASE_URL_BAD = define(
    "SYS-021",
    500,
    title=("数据库地址无效", "The database address is not valid"),
    detail=("不支持的数据库地址：{scheme}。", "This kind of database is not supported: {scheme}."),
    remedy=(
        "请使用 sqlite:///文件路径 或 postgresql://主机/库名。",
        "Use sqlite:///path or postgresql://host/name.",
    ),
)
VALUE_REFUSED = define(
    "REQ-423",
    422,
    title=("数值或字符无法保存", "A value cannot be kept"),
    detail=(
        "请求中有数值超出范围，或含有不允许的字符。",
        "A number in the request is out of range, or a text holds a character that cannot be kept.",
    ),
    remedy=("请检查数值大小与不可见字符。", "Check the size of numbers, and for invisible characters."),
)

Us = Annotated[int, mapped_column(BigInteger)]
"""Microseconds since the Unix epoch, UTC."""
OptionalUs = Annotated[int | None, mapped_column(BigInteger)]
Id = Annotated[str, mapped_column(String(32))]
"""An identifier of `kernel.ids`."""
IdKey = Annotated[str, mapped_column(String(32), primary_key=True)]
Json = Annotated[dict[str, Any], mapped_column(JSON)]
Sequence64 = Annotated[
    int,
    # SQLite counts by itself only where the key is exactly INTEGER.
    mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
]
PathText = String(400).with_variant(String(400, collation="C"), "postgresql")
"""A materialised path `a/b/c/`, compared byte by byte on both databases so that a subtree is a range."""


class Base(DeclarativeBase):
    """The base of every table, with names for constraints that migrations can rely on."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Transaction:
    """One use case's transaction: the session, the clock, and what shall be said.

    Handed to every service function; made only by `Database`.
    """

    def __init__(self, session: Session, clock: Clock, bus: EventBus) -> None:
        self.session = session
        self.clock = clock
        self._bus = bus
        self._published: list[object] = []
        self._after: list[Callable[[], None]] = []

    def now_us(self) -> int:
        """Wall clock, microseconds UTC."""
        return self.clock.now_us()

    def publish(self, event: object) -> None:
        """Tell the listeners now, inside the transaction, and those outside once it is durable."""
        self._bus.deliver_within(self, event)
        self._published.append(event)

    def alone(self, name: str) -> None:
        """From here to the end, nobody else's transaction is inside `name`: counting before writing needs it.

        SQLite has one writer by nature; PostgreSQL is told by an advisory lock.
        """
        if self.session.get_bind().dialect.name == "postgresql":
            self.session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})

    def after_commit(self, act: Callable[[], None]) -> None:
        """Do `act` once the transaction is durable; its failure is logged and undoes nothing."""
        self._after.append(act)

    def settle(self) -> None:
        """Called by `Database` once the commit stands."""
        for event_ in self._published:
            self._bus.deliver_after(event_)
        for act in self._after:
            try:
                act()
            except Exception:
                # The act belongs to the outside world; what was committed stays true without it.
                _log.exception("after_commit_failed")


class Database:
    """The engine and the only way to a session.

    `transaction()` is for use cases that write, `reading()` for those that only read.
    """

    def __init__(self, url: str, clock: Clock, bus: EventBus | None = None) -> None:
        """Open the database at `url`. Raises SYS-021 for one that we do not know. Connects lazily."""
        self.clock = clock
        self.bus = bus or EventBus()
        self.url = _known(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite(self.url) if self.is_sqlite else _postgresql(self.url)
        self._writing = self.engine.execution_options(mingjing_begin="IMMEDIATE")
        self._turns = Turns() if self.is_sqlite else None

    @property
    def sqlite_path(self) -> Path | None:
        """The file of a SQLite database, None for PostgreSQL or memory."""
        name = self.url.database
        return Path(name) if self.is_sqlite and name and name != ":memory:" else None

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """One use case: everything in it is committed together, or nothing is.

        Raises SYS-020 where the database is away, full or locked for longer than the busy time-out, REQ-423 for a
        value that it cannot hold (a number beyond 64 bits, a NUL in a text).
        """
        tx: Transaction
        try:
            with (
                self._turn(),
                Session(self._writing, expire_on_commit=False) as session,
                session.begin(),
            ):
                tx = Transaction(session, self.clock, self.bus)
                # Opens the transaction at once: the writer's lock is taken before anything is read.
                session.connection()
                yield tx
        except OperationalError as cause:
            raise MingjingError(DATABASE_AWAY) from cause
        except (DataError, OverflowError) as cause:
            raise MingjingError(VALUE_REFUSED) from cause
        tx.settle()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Writers of SQLite in the order in which they came, before any of them takes a connection."""
        if self._turns is None:
            yield
            return
        if not self._turns.take(BUSY_TIMEOUT_MS / 1000):
            raise MingjingError(DATABASE_AWAY)
        try:
            yield
        finally:
            self._turns.give()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one moment and commits nothing."""
        try:
            with Session(self.engine, expire_on_commit=False) as session:
                yield session
                # What was read outlives the session: a rollback would empty it.
                session.expunge_all()
        except OperationalError as cause:
            raise MingjingError(DATABASE_AWAY) from cause
        except (DataError, OverflowError) as cause:
            raise MingjingError(VALUE_REFUSED) from cause

    def close(self) -> None:
        """Close the pool."""
        self.engine.dispose()


class _Texts(TypeDecorator[Sequence[str]]):
    """Many texts as one parameter."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(ARRAY(Text()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> Any:
        return list(value or ()) if dialect.name == "postgresql" else json.dumps(list(value or ()))


class _Each(FunctionElement[str]):
    """The texts of one parameter as rows."""

    inherit_cache = True
    type = Text()


@compiles(_Each, "sqlite")
def _each_sqlite(element: _Each, compiler: SQLCompiler, **kw: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(element.clauses, **kw)}))"  # noqa: S608  a parameter


@compiles(_Each, "postgresql")
def _each_postgresql(element: _Each, compiler: SQLCompiler, **kw: Any) -> str:
    return f"(SELECT unnest({compiler.process(element.clauses, **kw)}))"


def among(values: Sequence[str], column: Any) -> ColumnElement[bool]:
    """The condition that `column` is one of many texts, for reads of thousands of rows: they are one parameter, while `in_`
    makes one of each, which costs as much as reading the rows."""
    listed = _Each(bindparam(None, list(values), type_=_Texts()))
    return cast(ColumnElement[bool], column.bool_op("IN")(listed))


def within(path: str, column: Any) -> Any:
    """The condition that `column` (a `PathText`) lies in the subtree of `path`, which ends in `/`; "" is everything.

    A range, so that an index serves it; `0` is the character after `/`.
    """
    if path and not re.fullmatch(r"(?:[A-Za-z0-9_]+/)+", path):
        raise ValueError(f"{path!r} is not a materialised path")
    if not path:
        return column >= ""
    return (column >= path) & (column < path[:-1] + "0")


def rewrite_prefix(tx: Transaction, column: InstrumentedAttribute[Any], old: str, new: str) -> None:
    """Where `column` (a `PathText`) lies in the subtree of `old`, put `new` in its place: `old` itself becomes `new`.

    What the session has read is read anew afterwards.
    """
    table, attribute = column.class_, column.key
    moved = literal(new) + func.substr(column, len(old) + 1)
    tx.session.execute(
        update(table).where(within(old, column)).values({attribute: moved}),
        execution_options={"synchronize_session": False},
    )
    tx.session.expire_all()


def rewrite_value(tx: Transaction, column: InstrumentedAttribute[Any], old: str, new: str) -> None:
    """Where `column` is `old`, put `new`. What the session has read is read anew afterwards."""
    if old == new:
        return
    tx.session.execute(
        update(column.class_).where(column == old).values({column.key: new}),
        execution_options={"synchronize_session": False},
    )
    tx.session.expire_all()


def _known(url: str) -> URL:
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        return parsed.set(drivername="sqlite+pysqlite")
    raise MingjingError(DATABASE_URL_BAD, scheme=backend)


def _sqlite(url: URL) -> Engine:
    engine = create_engine(
        url,
        pool_size=POOL_CONNECTIONS,
        max_overflow=0,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    # The driver's own BEGIN is deferred and skipped before DDL; ours is said in _begin_sqlite.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # WAL with NORMAL may forget a committed transaction on power loss; FULL does not.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    kind = connection.get_execution_options().get("mingjing_begin", "DEFERRED")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if kind == "IMMEDIATE" else "BEGIN DEFERRED")


def _postgresql(url: URL) -> Engine:
    return create_engine(
        url,
        pool_size=POOL_CONNECTIONS,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5, "options": "-c timezone=UTC -c lock_timeout=30s"},
    )
