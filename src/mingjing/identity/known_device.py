"""The cookie of a known device: it says by itself, without the database, whose device it is.

So a crowd of strangers is told from a person who has been here before while each costs no more than an AES. Whether the
device is known still, the register of known devices alone says; tries are counted by that.
"""

from typing import Final

from mingjing.kernel.errors import MingjingError
from mingjing.kernel.secrets import Sealer, Secret

_PURPOSE: Final = "known device"
_LONGEST: Final = 200


def made(sealer: Sealer, user: str) -> str:
    """A fresh cookie for a browser in which `user` has signed in; two are never alike."""
    return sealer.seal(Secret(user), _PURPOSE).rstrip("=")


def person(sealer: Sealer, cookie: str) -> str | None:
    """Whose device it is; None where the cookie was not made here, or under another key."""
    if len(cookie) > _LONGEST:
        return None
    try:
        return sealer.open(cookie + "=" * (-len(cookie.rpartition(":")[2]) % 4), _PURPOSE).reveal()
    except MingjingError:
        return None
