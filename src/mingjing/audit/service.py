"""Writing the journal: one entry with its act in one transaction, and signed checkpoints.

If the entry cannot be written the act does not happen. What may be read, and by whom, is in `queries.py` and
`api.py`.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import select, text

from mingjing.audit.chain import GENESIS, Checkpoint, CheckpointKey, canonical, entry_hash
from mingjing.audit.model import CheckpointRow, JournalRow
from mingjing.kernel.db import Transaction
from mingjing.kernel.durable import sync

_ACTION = re.compile(r"[a-z_]+(\.[a-z_]+)+")
_FACTS_MOST = 16_384
# Any fixed number will do; it is the same for every replica.
_WRITER_LOCK = 0x4D4A4A4E


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted: a person, a token, a command line, or the system by itself."""

    kind: Literal["user", "token", "command", "system", "device", "nobody"]
    id: str
    name: str = ""
    source: str = ""
    """Network address it came from, empty where there is none."""
    session: str = ""


SYSTEM = Actor("system", "system", "Mingjing")


@dataclass(frozen=True, slots=True)
class Object:
    """What was acted upon: its kind (`camera`, `user`, `session` …) and identifier."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """Said after an entry was written."""

    seq: int
    action: str
    actor: str


def record(
    tx: Transaction, actor: Actor, action: str, object: Object, facts: Mapping[str, Any] | None = None
) -> int:
    """Append an entry in the transaction of its act; return its number.

    `action` is dotted lower case, such as `session.open` or `camera.change`. `facts` hold plain JSON without
    floats and never a secret; more than 16 KiB are refused with ValueError.
    """
    if _ACTION.fullmatch(action) is None:
        raise ValueError(f"journal action {action!r} is not dotted lower case")
    facts_text = canonical(dict(facts or {}))
    if len(facts_text) > _FACTS_MOST:
        raise ValueError(f"the facts of {action} are longer than {_FACTS_MOST} characters")
    if tx.session.get_bind().dialect.name == "postgresql":
        # SQLite has one writer by nature; here the chain needs one by rule.
        tx.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _WRITER_LOCK})
    last = tx.session.execute(
        select(JournalRow.seq, JournalRow.hash).order_by(JournalRow.seq.desc()).limit(1)
    ).first()
    seq, previous = (last.seq + 1, last.hash) if last else (1, GENESIS)
    row = JournalRow(
        seq=seq,
        at_us=tx.now_us(),
        actor_kind=actor.kind,
        actor=actor.id[:64],
        actor_name=actor.name[:200],
        source=actor.source[:64],
        session=actor.session[:32],
        action=action,
        object_kind=object.kind[:32],
        object=object.id[:120],
        facts=facts_text,
        previous=previous,
    )
    row.hash = entry_hash(vars(row), previous)
    tx.session.add(row)
    tx.session.flush()
    tx.publish(Recorded(seq, action, actor.id))
    return seq


def checkpoint(tx: Transaction, key: CheckpointKey) -> Checkpoint | None:
    """Sign the journal as it stands; None where it is empty, the one that exists where nothing was added."""
    last = tx.session.execute(
        select(JournalRow.seq, JournalRow.hash).order_by(JournalRow.seq.desc()).limit(1)
    ).first()
    if last is None:
        return None
    known = tx.session.get(CheckpointRow, last.seq)
    if known is not None:
        return Checkpoint(known.seq, known.hash, known.at_us, known.key_id, known.signature)
    made = key.sign(last.seq, last.hash, tx.now_us())
    tx.session.add(CheckpointRow(**asdict(made)))
    return made


class CheckpointFile:
    """Checkpoints kept beside the database, one JSON line each, so that an older database put in place shows."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, made: Checkpoint) -> None:
        """Add one line, synced."""
        known = self.read()
        if known and known[-1] == made:
            return
        with self._path.open("ab+") as file:
            line = canonical(asdict(made)).encode() + b"\n"
            if file.tell():
                # A line that a crash cut short must not swallow this one.
                file.seek(-1, os.SEEK_END)
                line = line if file.read(1) == b"\n" else b"\n" + line
            file.write(line)
        sync(self._path)
        sync(self._path.parent)

    def read(self) -> list[Checkpoint]:
        """All checkpoints; a last line cut short by a crash is left out."""
        if not self._path.exists():
            return []
        found = []
        # Whatever was done to the file, it is read: a check that fails for it would find nothing else either.
        for line in self._path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                said = json.loads(line)
                # One that was handed out also names the public key.
                one = Checkpoint(**{part.name: said[part.name] for part in fields(Checkpoint)})
            except (ValueError, TypeError, KeyError, RecursionError):
                continue
            if all(type(getattr(one, part.name)) is part.type for part in fields(Checkpoint)):
                found.append(one)
        return found
