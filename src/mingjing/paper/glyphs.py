"""Which characters a font can show, read from its `cmap` table (OpenType 1.9, formats 4 and 12). Pure."""

import struct
from collections.abc import Iterable, Iterator
from typing import Final

_COLLECTION: Final = b"ttcf"
CJK: Final = 0x2E80
"""From here on the shipped fonts and those of a deployment are asked; what lies before, typst's own can show."""


def characters(font: bytes) -> set[int]:
    """Code points that a TTF, OTF or TTC file has glyphs for. Raises ValueError where it is none of these."""
    try:
        return {point for start in _fonts(font) for point in _mapped(font, start)}
    except struct.error as cause:
        raise ValueError("not a font") from cause


def missing(texts: Iterable[str], covered: set[int]) -> list[str]:
    """Characters of `texts` that no font shows, each once, in order of their code points."""
    wanted = {character for text in texts for character in text if ord(character) >= CJK}
    return sorted(character for character in wanted if ord(character) not in covered)


def _fonts(font: bytes) -> Iterator[int]:
    if font[:4] != _COLLECTION:
        yield 0
        return
    (count,) = struct.unpack_from(">I", font, 8)
    yield from struct.unpack_from(f">{min(count, 64)}I", font, 12)


def _mapped(font: bytes, start: int) -> Iterator[int]:
    (tables,) = struct.unpack_from(">H", font, start + 4)
    for number in range(tables):
        tag, _, at, _ = struct.unpack_from(">4sIII", font, start + 12 + 16 * number)
        if tag != b"cmap":
            continue
        (count,) = struct.unpack_from(">H", font, at + 2)
        for one in range(count):
            _, _, offset = struct.unpack_from(">HHI", font, at + 4 + 8 * one)
            yield from _points(font, at + offset)


def _points(font: bytes, at: int) -> Iterator[int]:
    (form,) = struct.unpack_from(">H", font, at)
    if form == 4:
        (double,) = struct.unpack_from(">H", font, at + 6)
        ends = struct.unpack_from(f">{double // 2}H", font, at + 14)
        starts = struct.unpack_from(f">{double // 2}H", font, at + 16 + double)
        for first, last in zip(starts, ends, strict=True):
            yield from range(first, min(last, 0xFFFE) + 1)
    elif form == 12:
        (groups,) = struct.unpack_from(">I", font, at + 12)
        for number in range(min(groups, 0x11000)):
            first, last, _ = struct.unpack_from(">III", font, at + 16 + 12 * number)
            yield from range(first, min(last, 0x10FFFF) + 1)
