"""Files that prove something, and who names them: one store for every room, and what earlier versions kept elsewhere."""

from pathlib import Path

import structlog
from sqlalchemy.orm import Session

from mingjing.governance.projects import archive
from mingjing.governance.submission import documents
from mingjing.kernel.db import Database
from mingjing.kernel.files import FileStore
from mingjing.registry.dossiers import queries as dossiers

_log = structlog.get_logger(__name__)
EARLIER = "register/pictures"
"""Where pictures of dossiers lay before."""


def named(session: Session) -> set[str]:
    """Digests of all files that the database names."""
    return dossiers.digests(session) | documents.digests(session) | archive.digests(session)


def gather(database: Database, files: FileStore, data: Path) -> None:
    """Bring what earlier versions kept beside the store into it; at start, before anybody reads.

    What cannot be brought over stays where it is: the next start tries again.
    """
    try:
        pictures = _pictures(data / EARLIER, files)
        moved = documents.move_out(database, files)
    except OSError as problem:
        _log.warning("files_not_gathered", problem=str(problem))
        return
    if pictures or moved:
        _log.info("files_gathered", pictures=pictures, documents=moved)


def _pictures(folder: Path, files: FileStore) -> int:
    moved = 0
    for path in sorted(folder.glob("*/*.jpg")):
        files.move_from(path, path.stem)
        moved += 1
    return moved
