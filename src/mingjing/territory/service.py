"""Entering divisions, one by one, from a CSV table, and the set that is shipped; changing, ending and moving them."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any, Final

import structlog
from sqlalchemy import select

from mingjing.audit.history import changed
from mingjing.audit.service import SYSTEM, Actor, Object, record
from mingjing.kernel.db import Transaction, rewrite_prefix, rewrite_value
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.text import line
from mingjing.law.days import day_of
from mingjing.territory.errors import (
    CODE_BAD,
    CODE_TAKEN,
    DAYS_BAD,
    DIVISION_INHABITED,
    DIVISION_UNKNOWN,
    FILE_BAD,
    PARENT_IMPOSSIBLE,
    PARENT_MISSING,
    ZONE_UNMAPPED,
)
from mingjing.territory.events import DivisionMoved
from mingjing.territory.model import Division
from mingjing.territory.queries import has_below, in_force
from mingjing.territory.rules import candidates_above, is_code, is_heading, kind_of, level

_log = structlog.get_logger(__name__)
KIND: Final = "division"
COLUMNS: Final = ("code", "name", "parent", "kind", "civil_code", "valid_from", "valid_to", "successor")
"""Of a CSV table; the first two have to be there."""
_WRITERS: Final = "divisions"
_DATES: Final = frozenset({"valid_from", "valid_to"})
_KEPT: Final = ("code", "name", "parent", "path", "civil_code", "valid_from", "valid_to", "successor")
"""The members whose history is kept."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A division to be entered. What is None follows from the code, or nobody has said."""

    code: str
    name: str
    parent: str | None = None
    kind: str | None = None
    civil_code: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a table: its rows, how many were new, how many got another name."""

    rows: int
    entered: int
    renamed: int


@dataclass(frozen=True, slots=True)
class Move:
    """Where a division shall lie, and which code it shall have; None leaves it, or follows from the code."""

    parent: str | None = None
    code: str | None = None
    name: str | None = None
    since: date | None = None
    """The first day of the new code; None: today."""
    reason: str = ""
    """Why; the journal keeps it."""


def enter(tx: Transaction, actor: Actor, entry: Entry) -> Division:
    """Enter a division, or give one that exists a new name.

    Raises DIV-001 for a code that is none, DIV-002 where a code below province level has nothing above it, DIV-004 for
    a parent or successor that is not in force, DIV-005 for a parent that cannot be, DIV-006 where kind and code do not
    fit, DIV-007 where the code exists with other members, DIV-009 for impossible dates.
    """
    tx.alone(_WRITERS)
    known = tx.session.get(Division, entry.code)
    if known is not None:
        return _named(tx, actor, _agreeing(known, entry), entry.name)
    made = _placed(tx, entry)
    _check_successor(tx, entry)
    record(tx, actor, "division.enter", Object(KIND, made.code), {"name": made.name})
    return made


def load_table(tx: Transaction, actor: Actor, table: bytes) -> Loaded:
    """Enter every row of a CSV table in UTF-8; all or nothing, in any order of rows. A code that exists gets the name.

    Raises DIV-003 with the row's number.
    """
    tx.alone(_WRITERS)
    entries = _read(table)
    entered = renamed = 0
    for number, entry in entries:
        try:
            known = tx.session.get(Division, entry.code)
            if known is None:
                _placed(tx, entry)
                entered += 1
            elif _agreeing(known, entry).name != entry.name:
                _named(tx, actor, known, entry.name)
                renamed += 1
        except MingjingError as cause:
            raise _fault(number, cause) from cause
    for number, entry in entries:
        try:
            _check_successor(tx, entry)
        except MingjingError as cause:
            raise _fault(number, cause) from cause
    found = Loaded(len(entries), entered, renamed)
    record(tx, actor, "division.load", Object(KIND, "table"), {"rows": found.rows, "entered": entered})
    return found


def ensure_shipped(tx: Transaction) -> None:
    """At each start: enter what is missing of the divisions that come with the program. What is there already keeps
    its name and its place; it gets the day on which it came into force where nobody has said one."""
    table = resources.files("mingjing.territory").joinpath("data/divisions.csv").read_bytes()
    known = {row.code: row for row in tx.session.scalars(select(Division))}
    entered = 0
    for _, entry in _read(table):
        row = known.get(entry.code)
        if row is not None:
            row.valid_from = row.valid_from or entry.valid_from
            continue
        try:
            _placed(tx, entry)
        except MingjingError as cause:
            # People have ended or moved what it would lie below: their tree stands, and the program starts.
            _log.warning("division_left_out", code=entry.code, problem=str(cause))
        else:
            entered += 1
    if entered:
        record(tx, SYSTEM, "division.load", Object(KIND, "shipped"), {"entered": entered})


def change(
    tx: Transaction,
    actor: Actor,
    code: str,
    *,
    name: str | None = None,
    ended: date | None = None,
    successor: str | None = None,
    reason: str = "",
) -> Division:
    """Give a division another name, or end it. `ended` is the first day on which it is in force no more; what lies below
    it, and all that other rooms keep there, goes over to the successor.

    Raises DIV-004, DIV-005 for a successor that cannot hold what lies below, DIV-008 where something lies below and
    there is no successor, DIV-009.
    """
    tx.alone(_WRITERS)
    row = in_force(tx.session, code)
    if name is not None:
        _named(tx, actor, row, name)
    if ended is not None or successor is not None:
        _end(tx, actor, row, ended or day_of(tx.now_us()), successor, reason)
    return row


def move(tx: Transaction, actor: Actor, code: str, wish: Move) -> Division:
    """Bring a division with all that lies below it under another one, or give it another code, or both. The old code
    stays as history, and codes below that begin with it follow.

    Raises DIV-001, -002, DIV-004, DIV-005, DIV-007 for a code that was ever in use, DIV-009.
    """
    tx.alone(_WRITERS)
    row = in_force(tx.session, code)
    if wish.code is not None and wish.code != code:
        return _recode(tx, actor, row, wish.code, wish)
    before = _members(row)
    if wish.name is not None:
        row.name = wish.name
    old = row.path
    if wish.parent is not None and wish.parent != row.parent:
        above = _above(tx, row, wish.parent)
        row.parent = above.code
        tx.session.flush()
        rewrite_prefix(tx, Division.path, old, f"{above.path}{code}/")
    facts = {"reason": wish.reason}
    if changed(tx, actor, Object(KIND, code), "move", before, _members(row), facts) and row.path != old:
        tx.publish(DivisionMoved(old, row.path))
    return row


def _recode(tx: Transaction, actor: Actor, row: Division, code: str, wish: Move) -> Division:
    """Give a division, and what lies below it under its code, another code: a new row, and the old one ends."""
    if tx.session.get(Division, code) is not None:
        raise MingjingError(CODE_TAKEN, code=code, member="code")
    old, since = row.code, wish.since or day_of(tx.now_us())
    before = _members(row)
    if kind_of(code) != row.kind or level(code) != level(old):
        raise MingjingError(CODE_BAD, code=code[:20])
    if wish.parent is not None:
        _above(tx, row, wish.parent)
    entry = Entry(code, wish.name or row.name, wish.parent, civil_code=row.civil_code, valid_from=since)
    made = _placed(tx, entry)
    changed(tx, actor, Object(KIND, code), "move", before, _members(made), {"reason": wish.reason})
    _end(tx, actor, row, since, code, wish.reason)
    below = select(Division).where(Division.parent == code, Division.valid_to.is_(None))
    for child in tx.session.scalars(below.order_by(Division.code)).all():
        if child.code.startswith(old):
            _recode(
                tx,
                actor,
                child,
                code + child.code[len(old) :],
                Move(parent=code, since=since, reason=wish.reason),
            )
    return made


def _end(tx: Transaction, actor: Actor, row: Division, day: date, successor: str | None, reason: str) -> None:
    before, facts = _members(row), {"reason": reason}
    _check_days(tx, row.code, row.valid_from, day)
    if successor is None:
        if has_below(tx.session, row.code):
            raise MingjingError(DIVISION_INHABITED, code=row.code)
        row.valid_to = day
        tx.session.flush()
        changed(tx, actor, Object(KIND, row.code), "end", before, _members(row), facts)
        return
    after = in_force(tx.session, successor)
    if after.path.startswith(row.path):
        raise MingjingError(PARENT_IMPOSSIBLE, code=row.code, parent=successor)
    for child in tx.session.scalars(select(Division).where(Division.parent == row.code)).all():
        if level(child.code) <= level(successor):
            raise MingjingError(PARENT_IMPOSSIBLE, code=child.code, parent=successor)
        old = child.path
        child.parent = successor
        tx.session.flush()
        rewrite_prefix(tx, Division.path, old, f"{after.path}{child.code}/")
    rewrite_value(tx, Division.civil_code, row.code, successor)
    row.valid_to, row.successor = day, successor
    tx.session.flush()
    changed(tx, actor, Object(KIND, row.code), "end", before, _members(row), facts)
    tx.publish(DivisionMoved(row.path, after.path))


def _placed(tx: Transaction, entry: Entry) -> Division:
    """Put a new row into the tree."""
    code = entry.code
    if not is_code(code) or is_heading(code):
        raise MingjingError(CODE_BAD, code=code[:20])
    _check_days(tx, code, entry.valid_from, entry.valid_to)
    above: Division | None = None
    candidates = [entry.parent] if entry.parent else candidates_above(code)
    for candidate in candidates:
        above = tx.session.get(Division, candidate)
        if above is not None:
            break
    if candidates and above is None:
        raise MingjingError(PARENT_MISSING, code=code)
    ended = above is not None and above.valid_to is not None and entry.valid_to is None
    if above is not None and (ended or level(above.code) >= level(code)):
        raise MingjingError(PARENT_IMPOSSIBLE, code=code, parent=above.code)
    made = Division(
        code=code,
        name=entry.name,
        parent=above.code if above else None,
        path=f"{above.path if above else ''}{code}/",
        kind=kind_of(code),
        civil_code=_civil_code(tx, entry, above),
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
        successor=entry.successor,
    )
    tx.session.add(made)
    tx.session.flush()
    return made


def _civil_code(tx: Transaction, entry: Entry, above: Division | None) -> str | None:
    """What stands for a functional zone; one below a zone has that of the zone, unless another is said."""
    kind = kind_of(entry.code)
    stands = entry.civil_code or (above.civil_code if above and kind == "functional_zone" else None)
    if (entry.kind or kind) != kind or (stands is None) != (kind == "administrative"):
        raise MingjingError(ZONE_UNMAPPED, code=entry.code)
    if stands is not None:
        meant = tx.session.get(Division, stands)
        if meant is None or meant.kind != "administrative" or meant.valid_to is not None:
            raise MingjingError(ZONE_UNMAPPED, code=entry.code)
    return stands


def _above(tx: Transaction, row: Division, parent: str) -> Division:
    """The division below which `row` shall lie. Raises DIV-004, DIV-005."""
    above = in_force(tx.session, parent)
    if level(above.code) >= level(row.code) or above.path.startswith(row.path):
        raise MingjingError(PARENT_IMPOSSIBLE, code=row.code, parent=parent)
    return above


def _agreeing(known: Division, entry: Entry) -> Division:
    """A division that exists, where nothing else is wished of it than it has. Raises DIV-007."""
    for member in COLUMNS[2:]:
        wished = getattr(entry, member)
        if wished is not None and wished != getattr(known, member):
            raise MingjingError(CODE_TAKEN, code=entry.code, member=member)
    return known


def _named(tx: Transaction, actor: Actor, row: Division, name: str) -> Division:
    before = _members(row)
    row.name = name
    facts = {"from": before["name"], "to": name}
    changed(tx, actor, Object(KIND, row.code), "rename", before, _members(row), facts)
    return row


def _check_days(tx: Transaction, code: str, since: date | None, until: date | None) -> None:
    today = day_of(tx.now_us())
    crossed = since is not None and until is not None and until <= since
    if crossed or any(day is not None and day > today for day in (since, until)):
        raise MingjingError(DAYS_BAD, code=code)


def _check_successor(tx: Transaction, entry: Entry) -> None:
    """A successor is a division, and only what has ended has one."""
    if entry.successor is None:
        return
    if entry.valid_to is None:
        raise MingjingError(DAYS_BAD, code=entry.code)
    if entry.successor == entry.code or tx.session.get(Division, entry.successor) is None:
        raise MingjingError(DIVISION_UNKNOWN, code=entry.successor[:12])


def _members(row: Division) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in _KEPT}
    return {name: str(value) if isinstance(value, date) else value for name, value in values.items()}


def _read(table: bytes) -> list[tuple[int, Entry]]:
    """The rows of a table with the numbers of their lines, provinces first, functional zones after the divisions that
    may stand for them. Raises DIV-003."""
    try:
        text = table.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        at = table.count(b"\n", 0, cause.start) + 1
        raise MingjingError(FILE_BAD, row=at, zh="不是 UTF-8 编码。", en="It is not UTF-8.") from cause
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    found = []
    try:
        header = reader.fieldnames or []
        if not {"code", "name"} <= set(header):
            raise ValueError("缺少 code 或 name 列 / the column code or name is missing")
        for name in header:
            if name not in COLUMNS:
                raise ValueError(f"未知的列 {line(name)[:40]} / an unknown column {line(name)[:40]}")
        for row in reader:
            found.append((reader.line_num, _entry(row)))
    except ValueError as cause:
        raise _fault(max(reader.line_num, 1), cause) from cause
    except csv.Error as cause:
        at = max(reader.reader.line_num, 1)
        raise MingjingError(
            FILE_BAD, row=at, zh="引号或分隔符有误。", en="Its quotes or separators do not match."
        ) from cause
    return sorted(found, key=lambda one: (level(one[1].code), kind_of(one[1].code)))


def _entry(row: Mapping[str | None, Any]) -> Entry:
    if None in row:
        raise ValueError("列数多于表头 / more columns than in the header")
    texts = {str(name): (value or "").strip() for name, value in row.items()}
    if not texts["code"] or not texts["name"]:
        raise ValueError("代码或名称为空 / the code or the name is empty")
    if len(texts["name"]) > 100:
        raise ValueError("名称长于 100 字 / the name is longer than 100 characters")
    members: dict[str, Any] = {name: line(text) or None for name, text in texts.items()}
    for name in _DATES & members.keys():
        if members[name] is not None:
            members[name] = _date(name, members[name])
    return Entry(**members)


def _date(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f"{name} 应写作 2014-09-09 的形式 / {name} is written in the form of 2014-09-09"
        ) from None


def _fault(row: int, cause: Exception) -> MingjingError:
    if isinstance(cause, MingjingError):
        return MingjingError(FILE_BAD, row=row, zh=cause.detail.zh, en=cause.detail.en)
    return MingjingError(FILE_BAD, row=row, zh=str(cause), en=str(cause))
