"""Minting of tickets: `base64url(claims JSON) "." base64url(HMAC-SHA256(key, first part))`.

The form is that of `media/src/ticket.rs`. A ticket starts one delivery, once, within `LIFETIME_US`; who
may have one is decided elsewhere, before.
"""

import base64
import hashlib
import hmac
import secrets
from typing import Literal

from mingjing.media.model import Sent

LIFETIME_US = 60_000_000
"""A ticket that was not used after this time cannot start a delivery any more."""

DeliveryKind = Literal["live", "hls", "rtsp", "playback", "keyframes"]


class Claims(Sent):
    """What a ticket allows; `from_us`/`until_us` bound recorded time, half-open."""

    id: str
    stream: str
    kind: DeliveryKind
    holder: str
    start_by_us: int
    end_by_us: int | None = None
    from_us: int | None = None
    until_us: int | None = None


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def new_ticket_id() -> str:
    """160 bits from the system's generator: unguessable and unique."""
    return "ti_" + base64.b32encode(secrets.token_bytes(20)).decode("ascii").lower()


def mint(key: bytes, claims: Claims, now_us: int) -> str:
    """Seal the claims. Raises ValueError when the ticket would live longer than a minute."""
    if claims.start_by_us - now_us > LIFETIME_US:
        raise ValueError("a ticket may be started for at most 60 s")
    body = _base64url(claims.model_dump_json(exclude_none=True).encode("utf-8"))
    seal = hmac.new(key, body.encode("ascii"), hashlib.sha256).digest()
    return f"{body}.{_base64url(seal)}"


def read(key: bytes, ticket: str) -> Claims:
    """Open a ticket that this key sealed. Raises ValueError otherwise. Expiry is the plane's to judge."""
    body, _, seal = ticket.partition(".")
    expected = _base64url(hmac.new(key, body.encode("utf-8"), hashlib.sha256).digest())
    if not hmac.compare_digest(expected.encode(), seal.encode()):
        raise ValueError("not a ticket of this key")
    return Claims.model_validate_json(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
