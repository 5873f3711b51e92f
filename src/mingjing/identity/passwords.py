"""Passwords: what is acceptable, how they are hashed, and one-time ones.

Argon2id with at least 64 MiB; two hashes at a time, eight more callers wait and the crowd is turned away at once, so
that sign-in can exhaust neither memory nor the threads that answer everybody else. The policy is OWASP ASVS 5.0
(length and guessability, no composition rules).
"""

import base64
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from mingjing.identity.errors import BUSY, PASSWORD_WEAK
from mingjing.kernel.errors import MingjingError

SHORTEST: Final = 12
LONGEST: Final = 128
_SLOTS: Final = 2
_WAITING: Final = 8
AT_ONCE: Final = _SLOTS + _WAITING
"""Passwords that are looked at or wait for it; more are refused."""

_WAIT_S: Final = 10.0
# 10^9 guesses: beyond every list of common passwords and their usual variations.
_GUESSES_LOG10: Final = 9.0
_ESTIMATED: Final = 64
_WORD_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"


class Passwords:
    """Hashes and verifies with bounded memory."""

    def __init__(self, memory_kib: int = 65_536, passes: int = 3) -> None:
        self._hasher = PasswordHasher(passes, memory_kib, parallelism=1, hash_len=32, type=Type.ID)
        self._slots = threading.BoundedSemaphore(_SLOTS)
        self._line = threading.BoundedSemaphore(AT_ONCE)
        self._of_nobody = _hash_of_nothing(memory_kib, passes)

    def hash(self, password: str) -> str:
        """The hash to keep. Raises AUTH-009 where too many wait."""
        with self._slot():
            return self._hasher.hash(_bytes(password))

    def one_time(self, text: str | None = None) -> "OneTime":
        """A one-time password, fresh unless its text is given, with its hash.

        Made before a transaction: a slow hash must not hold the writer's lock.
        """
        shown = text or one_time()
        return OneTime(shown, self.hash(shown))

    def verify(self, kept: str | None, password: str) -> bool:
        """Whether `password` is the one. `kept` of None (no such account) takes as long as any other."""
        with self._slot():
            try:
                self._hasher.verify(kept or self._of_nobody, _bytes(password[: LONGEST + 1]))
            except (VerificationError, InvalidHashError):
                return False
            return kept is not None

    @contextmanager
    def _slot(self) -> Iterator[None]:
        if not self._line.acquire(blocking=False):
            raise MingjingError(BUSY)
        try:
            if not self._slots.acquire(timeout=_WAIT_S):
                raise MingjingError(BUSY)
            try:
                yield
            finally:
                self._slots.release()
        finally:
            self._line.release()


@dataclass(frozen=True, slots=True, repr=False)
class OneTime:
    """A one-time password, to be shown once, and its hash, to be kept."""

    text: str
    hash: str


def accept(password: str, about: list[str]) -> None:
    """Refuse a password that is short, endless, or easy to guess; `about` are words near its owner.

    Raises AUTH-010 with the reason.
    """
    if len(password) < SHORTEST:
        raise MingjingError(
            PASSWORD_WEAK, why_zh="密码少于 12 个字符。", why_en="It has fewer than 12 characters."
        )
    if len(password) > LONGEST:
        raise MingjingError(
            PASSWORD_WEAK, why_zh="密码超过 128 个字符。", why_en="It has more than 128 characters."
        )
    # Heavy to load, and a start has no password to judge.
    from zxcvbn import zxcvbn  # noqa: PLC0415

    # The estimate's cost grows with the square of the length; its verdict on the first 64 holds for the rest.
    found = zxcvbn(password[:_ESTIMATED], user_inputs=["mingjing", "明镜", *about], max_length=_ESTIMATED)
    if float(found["guesses_log10"]) < _GUESSES_LOG10:
        raise MingjingError(
            PASSWORD_WEAK,
            why_zh="密码是常见密码或容易猜到的组合。",
            why_en="It is a common password, or put together in a way that is easy to guess.",
        )


def _hash_of_nothing(memory_kib: int, passes: int) -> str:
    """A hash that no password has, and that takes as long to verify as any other. Made by chance: to make it by
    hashing would hold up every start by as long as a sign-in takes."""
    salt, digest = (base64.b64encode(secrets.token_bytes(n)).decode().rstrip("=") for n in (16, 32))
    return f"$argon2id$v=19$m={memory_kib},t={passes},p=1${salt}${digest}"


def _bytes(password: str) -> bytes:
    # JSON can spell half a surrogate pair, which UTF-8 cannot: it is a wrong password, not a failure.
    return password.encode("utf-8", "surrogatepass")


def one_time() -> str:
    """A random password for first use: 16 characters in groups, about 79 bits, readable aloud."""
    return f"{half()}-{half()}"


def half() -> str:
    """Half of a one-time password, about 39 bits: what one of two persons hands over."""
    return "-".join("".join(secrets.choice(_WORD_ALPHABET) for _ in range(4)) for _ in range(2))
