"""Viewing: tickets are minted against rights, and what the media plane reports is journalled with a name.

One entry when a viewing begins and one when it ends, with its length and bytes. A ticket that is never used shows
nothing and leaves no entry.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

import structlog
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from mingjing.audit.service import Actor, Object, record
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller, by_user, holds_until_us
from mingjing.kernel.clock import DAY_US
from mingjing.kernel.db import Transaction
from mingjing.kernel.errors import MingjingError
from mingjing.media.model import ViewerEnded, ViewerStarted
from mingjing.media.tickets import LIFETIME_US, Claims, mint, new_ticket_id
from mingjing.operations.errors import RANGE_MISSING, STREAM_MISSING
from mingjing.operations.model import Viewing
from mingjing.operations.schema import TicketOut, TicketWish
from mingjing.operations.site import OperationsSite
from mingjing.registry.queries import camera, standing

_log = structlog.get_logger(__name__)

PLAYBACK_MOST_US = 24 * 3600 * 1_000_000
KEPT_US = 30 * DAY_US
"""How long the name behind a ticket is kept: longer than any viewing lasts."""

_ACTIONS = {
    "live": Action.LIVE,
    "hls": Action.LIVE,
    "rtsp": Action.LIVE,
    "playback": Action.PLAYBACK,
    "keyframes": Action.PLAYBACK,
}


@dataclass(frozen=True, slots=True)
class Bases:
    """Where the media plane is for whoever asks: its HTTP origin and its RTSP address."""

    http: str
    rtsp: str


def ticket(
    tx: Transaction, caller: Caller, wish: TicketWish, site: OperationsSite, bases: Bases
) -> TicketOut:
    """A ticket for one delivery. Raises OPS-001, OPS-002; REQ-404 outside the scope of the action."""
    action = _ACTIONS[wish.kind]
    recorded = action is Action.PLAYBACK
    found = camera(tx.session, caller.scope(action), wish.channel, removed=recorded)
    if not recorded and (wish.stream not in found.streams or not found.row.enabled):
        raise MingjingError(STREAM_MISSING, stream=wish.stream)
    from_us, until_us = (wish.from_us, wish.until_us) if recorded else (None, None)
    if recorded and not _playable(from_us, until_us):
        raise MingjingError(RANGE_MISSING)
    stream = f"{wish.channel}.{wish.stream}"
    now = tx.now_us()
    claims = Claims(
        id=new_ticket_id(),
        stream=stream,
        kind=wish.kind,
        holder=holder(caller),
        start_by_us=now + LIFETIME_US,
        end_by_us=holds_until_us(
            caller, action, found.row.division_path, found.row.organisation_path, wish.channel
        ),
        from_us=from_us,
        until_us=until_us,
    )
    tx.session.add(
        Viewing(
            ticket=claims.id, actor=asdict(caller.actor), channel=wish.channel, stream=stream, kind=wish.kind,
            purpose=wish.purpose or "", from_us=from_us, until_us=until_us, minted_us=now,
        )
    )  # fmt: skip
    text = mint(site.ticket_key, claims, now)
    url = _url(bases, wish.kind, stream)
    return TicketOut(ticket=text, id=claims.id, stream=stream, url=url, start_by_us=claims.start_by_us)


def holder(caller: Caller) -> str:
    """Whom revocation reaches: a session, or a token."""
    return caller.session or caller.token


def astray(session: Session, channel: str | None, running: Collection[str], now_us: int) -> list[str]:
    """Tickets of a channel (None: of any), running or not yet begun, whose holders may not see it where it stands now."""
    query = select(Viewing).where(or_(Viewing.ticket.in_(running), Viewing.minted_us > now_us - LIFETIME_US))
    rows = session.scalars(query if channel is None else query.where(Viewing.channel == channel))
    found = []
    for row in rows:
        where = standing(session, row.channel)
        caller = by_user(session, str(row.actor["id"]), now_us)
        scope = caller.scope(_ACTIONS[row.kind]) if caller else None
        if not (scope and where and scope.covers(where.division_path, where.organisation_path, row.channel)):
            found.append(row.ticket)
    return found


def on_viewer_started(tx: Transaction, event: ViewerStarted) -> None:
    """A delivery began."""
    known = tx.session.get(Viewing, event.ticket)
    if known is None:
        _log.error("viewer_without_a_known_ticket", ticket_id=event.ticket, stream=event.stream)
    facts = _facts(tx.session, known, event.kind) | {
        "at_us": event.at_us,
        "peer": event.peer,
        "viewer": event.viewer,
    }
    record(tx, _actor(known), f"{_verb(event.kind)}.start", _object(known, event.stream), facts)


def on_viewer_ended(tx: Transaction, event: ViewerEnded) -> None:
    """A delivery ended: how long it was and how much went out."""
    known = tx.session.get(Viewing, event.ticket)
    facts = _facts(tx.session, known, event.kind) | {
        "viewed_from_us": event.from_us,
        "viewed_until_us": event.until_us,
        "bytes": event.bytes,
        "end": event.reason,
        "viewer": event.viewer,
    }
    record(tx, _actor(known), f"{_verb(event.kind)}.end", _object(known, event.stream), facts)


def forget_old(tx: Transaction) -> None:
    """Drop the names behind tickets that are long over; the journal has them."""
    tx.session.execute(delete(Viewing).where(Viewing.minted_us < tx.now_us() - KEPT_US))


def _verb(kind: str) -> str:
    return "playback" if kind in {"playback", "keyframes"} else "view"


def _playable(from_us: int | None, until_us: int | None) -> bool:
    if from_us is None or until_us is None:
        return False
    return 0 < until_us - from_us <= PLAYBACK_MOST_US


def _actor(known: Viewing | None) -> Actor:
    return Actor("nobody", "unknown") if known is None else Actor(**known.actor)


def _object(known: Viewing | None, stream: str) -> Object:
    return Object("camera", known.channel if known else stream.partition(".")[0])


def _facts(session: Session, known: Viewing | None, kind: str) -> dict[str, Any]:
    if known is None:
        return {"kind": kind}
    where = standing(session, known.channel)
    facts: dict[str, Any] = {"kind": kind, "stream": known.stream, "ticket": known.ticket}
    if where is not None:
        facts["camera"] = where.name  # as it was called then
    if known.purpose:
        facts["purpose"] = known.purpose
    if known.from_us is not None:
        facts |= {"from_us": known.from_us, "until_us": known.until_us}
    return facts


def _url(bases: Bases, kind: str, stream: str) -> str:
    if kind == "rtsp":
        return f"{bases.rtsp}/{stream}"
    path = {
        "live": "/live/ws",
        "hls": f"/hls/{stream}/index.m3u8",
        "playback": "/play",
        "keyframes": "/play",
    }[kind]
    return f"{bases.http}{path}"
