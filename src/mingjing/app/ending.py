"""What ends when a right ends: deliveries of the media plane and feeds of consoles, within moments."""

from mingjing.identity import queries
from mingjing.identity.service.accounts import RightsChanged
from mingjing.identity.service.sign_in import SessionEnded
from mingjing.identity.service.tokens import TokenRevoked
from mingjing.kernel.db import Database
from mingjing.kernel.events import EventBus
from mingjing.media.node import MediaNode
from mingjing.operations import viewing
from mingjing.registry.events import CameraMoved
from mingjing.territory.events import DivisionMoved
from mingjing.web.feed import Feed


def end_with_rights(bus: EventBus, database: Database, node: MediaNode, feed: Feed) -> None:
    """Listen once, while the program is put together."""

    def session_ended(event: SessionEnded) -> None:
        node.revoke_holder(event.session)
        feed.end_session(event.session)

    def token_revoked(event: TokenRevoked) -> None:
        node.revoke_holder(event.token)

    def rights_changed(event: RightsChanged) -> None:
        with database.reading() as session:
            holders = queries.holders(session, event.user)
        for holder in holders:
            node.revoke_holder(holder)
        feed.rights_changed(event.user)

    def moved(channel: str | None) -> None:
        streams = "" if channel is None else f"{channel}."
        running = {one.ticket for one in node.viewers() if one.stream.startswith(streams)}
        with database.reading() as session:
            tickets = viewing.astray(session, channel, running, database.clock.now_us())
        for ticket in tickets:
            node.revoke_ticket(ticket)

    bus.after_commit(CameraMoved, lambda event: moved(event.channel))
    bus.after_commit(DivisionMoved, lambda _: moved(None))
    bus.after_commit(SessionEnded, session_ended)
    bus.after_commit(TokenRevoked, token_revoked)
    bus.after_commit(RightsChanged, rights_changed)
