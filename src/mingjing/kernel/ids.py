"""Identifiers: a prefix that names the kind, and 12 characters of base32, lower case (60 random bits).

Unguessable, but never relied upon as a right: what one may see is decided by scope.
"""

import re
import secrets

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_LENGTH = 12
_LETTERS = bytes(ord(_ALPHABET[number % len(_ALPHABET)]) for number in range(256))
"""By a random byte, the letter that it stands for: each of the 32 for eight of them."""
_PREFIX = re.compile(r"[a-z]{2}")
_PATTERN = re.compile(r"([a-z]{2})_([a-z2-7]{12})")


def new_id(prefix: str) -> str:
    """A fresh identifier of the kind `prefix` (two lower-case letters), such as `us_k3v7q2m5x4ab`."""
    if _PREFIX.fullmatch(prefix) is None:
        raise ValueError(f"an identifier's prefix is two lower-case letters, not {prefix!r}")
    return f"{prefix}_{secrets.token_bytes(_LENGTH).translate(_LETTERS).decode('ascii')}"


def is_id(prefix: str, text: str) -> bool:
    """Whether `text` is a well-formed identifier of the kind `prefix`."""
    found = _PATTERN.fullmatch(text)
    return found is not None and found.group(1) == prefix
