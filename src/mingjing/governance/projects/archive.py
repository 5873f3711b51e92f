"""Files of a project's archive (HB361, article 10): kept by their digest in the store of files, never deleted.

The archive itself is a list of digests (`AcceptanceRow.documents`), in which a file that the unit keeps stands like one
that is kept here. A file that is taken off the list stays among those that are kept.
"""

from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mingjing.audit.service import Actor, Object, record
from mingjing.governance.projects import queries
from mingjing.governance.projects.errors import ARCHIVE_FULL
from mingjing.governance.projects.model import ProjectFileRow
from mingjing.governance.projects.service import KIND
from mingjing.governance.submission.errors import DOCUMENT_ALTERED
from mingjing.governance.uploads import Kept
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Transaction
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.kernel.files import FileLostError, FileStore

MOST: Final = 500
"""As many as the list may have."""


def keep(
    tx: Transaction, actor: Actor, scope: Scope, identifier: str, name: str, held: Kept
) -> ProjectFileRow:
    """Name a file that was made durable before; the same content is named once. Raises PRJ-009, REQ-404."""
    row = queries.project(tx.session, scope, identifier)
    found = tx.session.get(ProjectFileRow, (row.id, held.sha256))
    if found is not None:
        return found
    count = select(func.count()).select_from(ProjectFileRow).where(ProjectFileRow.project == row.id)
    if (tx.session.scalar(count) or 0) >= MOST:
        raise MingjingError(ARCHIVE_FULL, most=MOST)
    made = ProjectFileRow(
        project=row.id, sha256=held.sha256, name=name, media_type=held.media_type, bytes=held.bytes,
        at_us=tx.now_us(), who=actor.id, who_name=actor.name,
    )  # fmt: skip
    tx.session.add(made)
    record(tx, actor, "project.keep_file", Object(KIND, row.id), _facts(made))
    return made


def take_out(
    tx: Transaction, files: FileStore, actor: Actor, scope: Scope, identifier: str, digest: str
) -> tuple[ProjectFileRow, bytes]:
    """A file with what it holds; that somebody took it is in the journal. Raises SUB-004, REQ-404."""
    row = queries.project(tx.session, scope, identifier)
    found = tx.session.get(ProjectFileRow, (row.id, digest))
    if found is None:
        raise MingjingError(NOT_FOUND)
    try:
        content = files.read(digest)
    except FileLostError as problem:
        raise MingjingError(DOCUMENT_ALTERED, name=found.name) from problem
    record(tx, actor, "project.read_file", Object(KIND, row.id), _facts(found))
    return found, content


def digests(session: Session) -> set[str]:
    """Digests of the files that projects name."""
    return set(session.scalars(select(ProjectFileRow.sha256)))


def _facts(row: ProjectFileRow) -> dict[str, str]:
    return {"name": row.name, "sha256": row.sha256}
