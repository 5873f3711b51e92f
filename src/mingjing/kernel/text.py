"""Text at the door: what people and devices may put into a name, a note, a reason.

Control characters, line breaks in one-line fields, and bidirectional overrides are refused rather than cleaned:
a cleaned string can form a bad one anew. Escaping for HTML, CSV or spreadsheets belongs to those who write them.
"""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

# Embeddings, overrides, isolates and their ends: they make a file or camera name read as another one.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_STEERING = frozenset({"Cc", "Cs", "Zl", "Zp"})
_BLOCK_BREAKS = frozenset("\n\t")


def line(text: str) -> str:
    """`text` normalised (NFC) and stripped. Raises ValueError where it is more than one printable line."""
    return _checked(text, allowed=frozenset())


def block(text: str) -> str:
    """Like `line`, but line feeds and tabs may stand inside."""
    return _checked(text.replace("\r\n", "\n"), allowed=_BLOCK_BREAKS)


def secret(value: SecretStr) -> SecretStr:
    """A secret that goes out to somebody as it is. Raises ValueError for half a surrogate pair, which JSON can spell
    and nothing else."""
    try:
        value.get_secret_value().encode()
    except UnicodeEncodeError:
        raise ValueError("含有无法编码的字符 / holds a character that cannot be encoded") from None
    return value


def shown(text: str) -> str:
    """`text` for a terminal or a line of a log: what would steer it stands as an escape, such as `\\x1b`."""
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character in _BIDI or unicodedata.category(character) in _STEERING:
        return character.encode("unicode_escape", "surrogatepass").decode("ascii")
    return character


def _checked(text: str, allowed: frozenset[str]) -> str:
    normal = unicodedata.normalize("NFC", text).strip()
    for character in normal:
        if character in allowed:
            continue
        if character in _BIDI or unicodedata.category(character) in _STEERING:
            raise ValueError(
                f"不能包含控制字符 / must not contain the control character U+{ord(character):04X}"
            )
    return normal


Name = Annotated[str, AfterValidator(line), Field(min_length=1, max_length=100)]
"""A name that people see: 1–100 characters on one line."""

Line = Annotated[str, AfterValidator(line), Field(max_length=300)]
"""One line of text, possibly empty."""

Note = Annotated[str, AfterValidator(block), Field(max_length=2000)]
"""Some lines of text, possibly empty."""
