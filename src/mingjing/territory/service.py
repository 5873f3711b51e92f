"""Entering divisions: one by one, from a CSV table, and the set that is shipped."""

import csv
import io
from importlib import resources

from mingjing.audit.service import SYSTEM, Actor, Object, record
from mingjing.kernel.db import Transaction
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.text import line
from mingjing.territory.errors import CODE_BAD, FILE_BAD, PARENT_MISSING
from mingjing.territory.model import Division
from mingjing.territory.rules import candidates_above, is_code


def enter(tx: Transaction, actor: Actor, code: str, name: str) -> Division:
    """Enter a division, or give one that exists a new name.

    Raises DIV-001 for a code that is none, DIV-002 where a code below province level has nothing above it.
    """
    if not is_code(code):
        raise MingjingError(CODE_BAD, code=code[:20])
    known = tx.session.get(Division, code)
    if known is not None:
        if known.name != name:
            record(tx, actor, "division.rename", Object("division", code), {"from": known.name, "to": name})
            known.name = name
        return known
    made = _placed(tx, code, name)
    record(tx, actor, "division.enter", Object("division", code), {"name": name})
    return made


def load_table(tx: Transaction, actor: Actor, table: str) -> int:
    """Enter every row of a CSV table `code,name`; all or nothing. Returns how many rows it had.

    Raises DIV-003 with the row's number.
    """
    reader = csv.DictReader(io.StringIO(table.removeprefix("\ufeff")))
    if reader.fieldnames is None or not {"code", "name"} <= set(reader.fieldnames):
        raise MingjingError(FILE_BAD, row=1, problem="code,name")
    count = 0
    for number, row in enumerate(reader, start=2):
        code, name = (row["code"] or "").strip(), (row["name"] or "").strip()
        try:
            if not is_code(code):
                raise ValueError(f"{code[:20]!r}")
            known = tx.session.get(Division, code)
            if known is None:
                _placed(tx, code, line(name))
            else:
                known.name = line(name)
        except (ValueError, MingjingError) as cause:
            raise MingjingError(FILE_BAD, row=number, problem=str(cause)) from cause
        count += 1
    record(tx, actor, "division.load", Object("division", "table"), {"rows": count})
    return count


def ensure_shipped(tx: Transaction) -> None:
    """At the first start: the divisions that come with the program."""
    if tx.session.query(Division).first() is not None:
        return
    table = resources.files("mingjing.territory").joinpath("data/divisions.csv").read_text(encoding="utf-8")
    load_table(tx, SYSTEM, table)


def _placed(tx: Transaction, code: str, name: str) -> Division:
    above: Division | None = None
    candidates = candidates_above(code)
    for candidate in candidates:
        above = tx.session.get(Division, candidate)
        if above is not None:
            break
    if candidates and above is None:
        raise MingjingError(PARENT_MISSING, code=code)
    made = Division(
        code=code,
        name=name,
        parent=above.code if above else None,
        path=f"{above.path if above else ''}{code}/",
    )
    tx.session.add(made)
    tx.session.flush()
    return made
