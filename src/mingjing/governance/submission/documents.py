"""Documents of a filing: bounded, of three kinds of file, kept with their digest, never deleted.

What they hold lies in the store of files. Earlier versions kept it in the database: `move_out` brings it over at start.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from mingjing.audit.history import changed
from mingjing.audit.service import Actor, Object, record
from mingjing.governance.filing.model import FilingRow
from mingjing.governance.filing.queries import filing
from mingjing.governance.submission.errors import (
    ASIDE_ALREADY,
    DOCUMENT_ALTERED,
    DOCUMENTS_FULL,
)
from mingjing.governance.submission.kinds import DocumentKind
from mingjing.governance.submission.model import DocumentContentRow, DocumentRow
from mingjing.governance.uploads import Kept
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Database, Transaction
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.kernel.files import FileLostError, FileStore
from mingjing.kernel.ids import new_id

KIND: Final = "filing"
MOST: Final = 24


def documents(session: Session, identifier: str, *, aside: bool = True) -> Sequence[DocumentRow]:
    """Documents of a filing, the oldest first. Whether the caller may see the filing is asked before."""
    query = select(DocumentRow).where(DocumentRow.filing == identifier)
    if not aside:
        query = query.where(DocumentRow.aside_us.is_(None))
    return session.scalars(query.order_by(DocumentRow.at_us, DocumentRow.id)).all()


def attach(
    tx: Transaction, actor: Actor, scope: Scope, identifier: str, kind: DocumentKind, name: str, held: Kept
) -> DocumentRow:
    """Add a document whose content was kept. Raises SUB-003, REQ-404."""
    row = filing(tx.session, scope, identifier)
    count = select(func.count()).select_from(DocumentRow).where(DocumentRow.filing == row.id)
    if (tx.session.scalar(count) or 0) >= MOST:
        raise MingjingError(DOCUMENTS_FULL, most=MOST)
    made = DocumentRow(
        id=new_id("dc"), filing=row.id, kind=kind, name=name, media_type=held.media_type, bytes=held.bytes,
        sha256=held.sha256, at_us=tx.now_us(), who=actor.id, who_name=actor.name,
        aside_us=None, aside_reason="",
    )  # fmt: skip
    tx.session.add(made)
    _noted(tx, actor, row, "attach", {}, made)
    return made


def set_aside(
    tx: Transaction, actor: Actor, scope: Scope, identifier: str, document: str, reason: str
) -> DocumentRow:
    """Take a document out of use, with the reason; it stays readable. Raises SUB-006, REQ-404."""
    row = filing(tx.session, scope, identifier)
    found = _one(tx.session, row, document)
    if found.aside_us is not None:
        raise MingjingError(ASIDE_ALREADY)
    before = _shown(found)
    found.aside_us, found.aside_reason = tx.now_us(), reason
    _noted(tx, actor, row, "set_aside", before, found)
    return found


def take_out(
    tx: Transaction, files: FileStore, actor: Actor, scope: Scope, identifier: str, document: str
) -> tuple[DocumentRow, bytes]:
    """A document with what it holds; that somebody took it is in the journal. Raises SUB-004, REQ-404."""
    row = filing(tx.session, scope, identifier)
    found = _one(tx.session, row, document)
    facts = {"number": row.number, "document": found.id, "name": found.name, "sha256": found.sha256}
    record(tx, actor, "filing.read_document", Object(KIND, row.id), facts)
    return found, content_of(tx.session, files, found)


def content_of(session: Session, files: FileStore, row: DocumentRow) -> bytes:
    """What a document holds, as it was uploaded. Raises SUB-004 where that is not so any more."""
    try:
        return files.read(row.sha256)
    except FileLostError as problem:
        # One of an earlier version that could not be brought over yet: a full disk must not hide it.
        content = session.scalar(
            select(DocumentContentRow.content).where(DocumentContentRow.document == row.id)
        )
        if content is None or hashlib.sha256(content).hexdigest() != row.sha256:
            raise MingjingError(DOCUMENT_ALTERED, name=row.name) from problem
        return content


def digests(session: Session) -> set[str]:
    """Digests of the files that documents name."""
    in_database = select(DocumentContentRow.document)
    return set(session.scalars(select(DocumentRow.sha256).where(DocumentRow.id.not_in(in_database))))


def move_out(store: Database, files: FileStore) -> int:
    """Bring what earlier versions kept in the database into the store of files; returns how many came over.

    Each is durable as a file before its row goes, one a transaction: a kill loses nothing, and the next start goes on. One
    that is not what was uploaded stays where it is. Raises OSError where the disk is full.
    """
    with store.reading() as session:
        waiting = session.execute(
            select(DocumentRow.id, DocumentRow.sha256).join(
                DocumentContentRow, DocumentContentRow.document == DocumentRow.id
            )
        ).all()
    moved = 0
    for document, digest in waiting:
        with store.reading() as session:
            content = session.get_one(DocumentContentRow, document).content
        if hashlib.sha256(content).hexdigest() != digest:
            continue
        files.keep(content)
        with store.transaction() as tx:
            tx.session.execute(delete(DocumentContentRow).where(DocumentContentRow.document == document))
        moved += 1
    return moved


def _one(session: Session, row: FilingRow, document: str) -> DocumentRow:
    found = session.get(DocumentRow, document)
    if found is None or found.filing != row.id:
        raise MingjingError(NOT_FOUND)
    return found


def _noted(
    tx: Transaction, actor: Actor, row: FilingRow, what: str, before: dict[str, object], document: DocumentRow
) -> None:
    tx.session.flush()
    facts = {"number": row.number, "document": document.id, "kind": document.kind, "name": document.name}
    changed(tx, actor, Object(KIND, row.id), what, before, _shown(document), facts)


def _shown(row: DocumentRow) -> dict[str, object]:
    return {
        "document": row.name, "document_kind": row.kind, "sha256": row.sha256, "set_aside": row.aside_reason,
    }  # fmt: skip
