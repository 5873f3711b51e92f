"""What is uploaded to prove something: PDF, JPEG or PNG, durable in the store of files before the row that names it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from mingjing.governance.submission.errors import DOCUMENT_TOO_LARGE, DOCUMENT_UNREADABLE
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.files import FileStore

MOST_BYTES: Final = 10 << 20
MAGIC: Final[Mapping[bytes, tuple[str, str]]] = MappingProxyType(
    {
        b"%PDF-": ("application/pdf", "pdf"),
        b"\xff\xd8\xff": ("image/jpeg", "jpg"),
        b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
    }
)
TAKEN: Final = tuple(media for media, _ in MAGIC.values())


@dataclass(frozen=True, slots=True)
class Kept:
    """What was uploaded, in the store of files."""

    sha256: str
    bytes: int
    media_type: str


def kept(files: FileStore, content: bytes) -> Kept:
    """Keep what was uploaded, before its row. Raises SUB-001, SUB-002; OSError where the disk is full."""
    if len(content) > MOST_BYTES:
        raise MingjingError(DOCUMENT_TOO_LARGE, most=MOST_BYTES >> 20)
    media = media_of(content)
    if media is None:
        raise MingjingError(DOCUMENT_UNREADABLE)
    return Kept(files.keep(content), len(content), media[0])


def media_of(content: bytes) -> tuple[str, str] | None:
    """Media type and ending of what a file holds, by its first bytes; None for what is not taken."""
    return next((media for start, media in MAGIC.items() if content.startswith(start)), None)
