"""Pictures that prove: of a sign, of a camera's view as it shall be. Each is a JPEG in the store of files, by its digest, so
that one that was altered is seen. The rows that name them live in `model.py`.

What is uploaded is decoded in a child and encoded anew: what a telephone writes beside a picture stays outside.
"""

from typing import Final

from mingjing.kernel.errors import MingjingError
from mingjing.kernel.files import FileLostError, FileStore
from mingjing.media.worker.pool import WorkerError, snapshot
from mingjing.registry.dossiers.errors import NO_VIEW, PICTURE_LOST, PICTURE_TOO_LARGE, PICTURE_UNREADABLE

UPLOAD_MOST_BYTES: Final = 8 * 1024 * 1024
WIDTH_MOST: Final = 1280
_SIGNATURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def uploaded(content: bytes) -> bytes:
    """A picture from outside as a JPEG of ours. Raises DOS-005, DOS-006."""
    if len(content) > UPLOAD_MOST_BYTES:
        raise MingjingError(PICTURE_TOO_LARGE, most=UPLOAD_MOST_BYTES // 1024 // 1024)
    if not content.startswith(_SIGNATURES):
        raise MingjingError(PICTURE_UNREADABLE)
    try:
        return snapshot(content, width=WIDTH_MOST)
    except WorkerError as problem:
        raise MingjingError(PICTURE_UNREADABLE) from problem


def view(key_frame: bytes | None) -> bytes:
    """The plane's newest key frame of a camera as a JPEG. Raises DOS-007 where there is none."""
    if key_frame is None:
        raise MingjingError(NO_VIEW)
    try:
        return snapshot(key_frame, width=WIDTH_MOST)
    except WorkerError as problem:
        raise MingjingError(NO_VIEW) from problem


def read(files: FileStore, digest: str) -> bytes:
    """A picture as it was kept. Raises DOS-008 where the file is away or altered."""
    try:
        return files.read(digest)
    except FileLostError as problem:
        raise MingjingError(PICTURE_LOST) from problem
