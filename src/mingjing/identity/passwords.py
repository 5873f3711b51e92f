"""Passwords: what is acceptable, how they are hashed, and one-time ones.

Argon2id with at least 64 MiB; two hashes at a time, one of them for who is known, so that a crowd of strangers keeps
neither out. Nine more callers of each kind wait and the rest is turned away at once: sign-in can exhaust neither memory
nor the threads that answer everybody else. The hashes have threads of their own that stand back from those. The policy
is OWASP ASVS 5.0 (length and guessability, no composition rules).
"""

import base64
import os
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from mingjing.identity.errors import BUSY, PASSWORD_WEAK
from mingjing.kernel.errors import MingjingError

SHORTEST: Final = 12
LONGEST: Final = 128
AT_ONCE: Final = 10
"""Passwords of strangers, and as many of known persons, that are looked at or wait for it; more are refused."""

_T = TypeVar("_T")
_WAIT_S: Final = 10.0
_NICENESS: Final = 10
"""A hash takes a core for a tenth of a second or more: a request that comes meanwhile goes first."""

_REST: Final = 2.0
"""A crowd of strangers gets a third of one core, and the tries that it makes write to the database accordingly seldom."""

# 10^9 guesses: beyond every list of common passwords and their usual variations.
_GUESSES_LOG10: Final = 9.0
_ESTIMATED: Final = 64
_WORD_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"


class _Lane:
    """One hash at a time, in a thread that stands back, and a bounded line of who waits for it.

    `rest`: while somebody waits already, it pauses after each for so many times as long as it took.
    """

    def __init__(self, rest: float = 0.0) -> None:
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._thread = ThreadPoolExecutor(1, "hash", _stand_back)
        self._rest = rest
        self._ended_s = self._took_s = 0.0

    def run(self, act: Callable[[], _T]) -> _T:
        """What `act` gives. Raises AUTH-009 where too many wait, or the wait is too long."""
        if not self._places.acquire(blocking=False):
            raise MingjingError(BUSY)
        try:
            running = self._thread.submit(self._paced, act, time.monotonic())
            try:
                return running.result(_WAIT_S)
            except TimeoutError as cause:
                running.cancel()
                raise MingjingError(BUSY) from cause
        finally:
            self._places.release()

    def _paced(self, act: Callable[[], _T], came_s: float) -> _T:
        if came_s < self._ended_s:
            time.sleep(self._rest * self._took_s)
        began_s = time.monotonic()
        try:
            return act()
        finally:
            self._ended_s = time.monotonic()
            self._took_s = self._ended_s - began_s


class Passwords:
    """Hashes and verifies with bounded memory."""

    def __init__(self, memory_kib: int = 65_536, passes: int = 3) -> None:
        self._hasher = PasswordHasher(passes, memory_kib, parallelism=1, hash_len=32, type=Type.ID)
        self._strangers, self._known = _Lane(_REST), _Lane()
        self._of_nobody = _hash_of_nothing(memory_kib, passes)

    def hash(self, password: str) -> str:
        """The hash to keep, for somebody who is signed in. Raises AUTH-009 where too many wait."""
        return self._known.run(lambda: self._hasher.hash(_bytes(password)))

    def one_time(self, text: str | None = None) -> "OneTime":
        """A one-time password, fresh unless its text is given, with its hash.

        Made before a transaction: a slow hash must not hold the writer's lock.
        """
        shown = text or one_time()
        return OneTime(shown, self.hash(shown))

    def verify(self, kept: str | None, password: str, *, known: bool = False) -> bool:
        """Whether `password` is the one. `kept` of None (no such account) takes as long as any other.

        `known` says that a session or a known device stands behind it, whom no stranger keeps waiting. Raises AUTH-009
        where too many wait.
        """
        given = _bytes(password[: LONGEST + 1])

        def matches() -> bool:
            try:
                self._hasher.verify(kept or self._of_nobody, given)
            except (VerificationError, InvalidHashError):
                return False
            return kept is not None

        return (self._known if known else self._strangers).run(matches)


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


def _stand_back() -> None:
    # On Linux niceness is a thread's own.
    os.nice(_NICENESS)


def _bytes(password: str) -> bytes:
    # JSON can spell half a surrogate pair, which UTF-8 cannot: it is a wrong password, not a failure.
    return password.encode("utf-8", "surrogatepass")


def one_time() -> str:
    """A random password for first use: 16 characters in groups, about 79 bits, readable aloud."""
    return f"{half()}-{half()}"


def half() -> str:
    """Half of a one-time password, about 39 bits: what one of two persons hands over."""
    return "-".join("".join(secrets.choice(_WORD_ALPHABET) for _ in range(4)) for _ in range(2))
