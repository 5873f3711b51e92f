"""Printing, in the parent: what goes to the child, what comes back, and which characters no font can show.

A page costs about half a second, most of it the child's start.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import quote

import structlog
from starlette.requests import HTTPConnection
from starlette.responses import Response

import mingjing
from mingjing.kernel.dependencies import of_program
from mingjing.kernel.errors import MingjingError
from mingjing.paper.errors import BUSY, NOT_PRINTED
from mingjing.paper.glyphs import characters, missing

_log = structlog.get_logger(__name__)
PDF: Final = "application/pdf"
SECONDS: Final = 60.0
WAIT_SECONDS: Final = 20.0
AT_ONCE: Final = 2
_FONT_ENDS: Final = frozenset({".ttf", ".otf", ".ttc"})

_places = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Printer:
    """What documents are printed with, and where readers of them find this server."""

    fonts: Path | None = None
    """A directory of further fonts."""
    letter: Path | None = None
    """An office's own DOCX, filled instead of ours."""
    origin: str = ""
    """As readers reach this server, such as `https://video.example.cn`; empty: as it was asked."""

    def origin_of(self, request: HTTPConnection, *, secure: bool) -> str:
        """Where a reader of paper finds this server: as it is publicly known, else as it was asked just now."""
        asked = f"{'https' if secure else 'http'}://{request.headers.get('host', '')}"
        return self.origin.rstrip("/") or asked

    def pdf(self, template: str, data: Mapping[str, Any], made_us: int) -> bytes:
        """The document `template` (a name in `templates/`) with `data`, which goes in as JSON and nothing else.

        `made_us` is when it says that it was made. What no font can show stands in the document by number, and in
        the log. Raises PAP-001, PAP-002.
        """
        lacking = missing(_texts(data), _covered(self.fonts))
        if lacking:
            _log.warning("characters_without_glyph", template=template, characters=_named(lacking))
        task = {
            "template": template,
            "fonts": [str(folder) for folder in _folders(self.fonts)],
            "data": {**data, "lacking": _named(lacking)},
            "made_s": made_us // 1_000_000,
        }
        if not _places.acquire(timeout=WAIT_SECONDS):
            raise MingjingError(BUSY)
        try:
            return _run(task)
        finally:
            _places.release()


def handed(content: bytes, name: str, media_type: str) -> Response:
    """A file that is handed out under a name of any letters, and kept by no cache."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=media_type, headers=headers)


def _run(task: Mapping[str, Any]) -> bytes:
    environment = {
        "PYTHONPATH": str(Path(mingjing.__file__).parents[1]), "PATH": os.defpath, "LANG": "C.UTF-8",
    }  # fmt: skip
    try:
        done = subprocess.run(
            [sys.executable, "-m", "mingjing.paper"],
            input=json.dumps(task, ensure_ascii=False).encode(),
            capture_output=True,
            timeout=SECONDS,
            env=environment,
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise MingjingError(NOT_PRINTED, problem=f"> {SECONDS:.0f} s") from None
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or [""]
        _log.error("not_printed", template=task["template"], code=done.returncode, trouble=last[0][:400])
        raise MingjingError(NOT_PRINTED, problem=f"exit {done.returncode}")
    return done.stdout


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def _named(lacking: list[str]) -> list[str]:
    return [f"U+{ord(character):04X}" for character in lacking]


def _folders(fonts: Path | None) -> list[Path]:
    shipped = Path(str(resources.files("mingjing.paper") / "typefaces"))
    return [folder for folder in (shipped, fonts) if folder is not None and folder.is_dir()]


@cache
def _covered(fonts: Path | None) -> set[int]:
    """What the fonts of a directory and the shipped ones can show; read once a run."""
    found: set[int] = set()
    for folder in _folders(fonts):
        for file in sorted(folder.rglob("*")):
            if file.suffix.lower() not in _FONT_ENDS:
                continue
            try:
                found |= characters(file.read_bytes())
            except (OSError, ValueError) as problem:
                _log.warning("font_unreadable", file=str(file), problem=str(problem))
    return found


Press = Annotated[Printer, of_program("printer", Printer)]
"""The printer of the running program, as a route's argument."""
