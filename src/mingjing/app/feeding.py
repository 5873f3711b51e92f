"""What the rooms say, put on the feed that consoles hear."""

from dataclasses import asdict
from typing import Any

from mingjing.identity.service.accounts import AccountHeard
from mingjing.kernel.db import Transaction
from mingjing.kernel.events import EventBus
from mingjing.operations.alarms import placed_at
from mingjing.operations.events import AlarmChanged
from mingjing.recording.events import RecordingChanged
from mingjing.registry.queries import standing
from mingjing.web.feed import Feed, Happening


def feed_consoles(bus: EventBus, feed: Feed) -> None:
    """Listen once, while the program is put together."""

    def placed(tx: Transaction, topic: str, channel: str | None, data: dict[str, Any]) -> None:
        row = standing(tx.session, channel) if channel else None
        division, organisation = (row.division_path, row.organisation_path) if row else ("", "")
        happening = Happening(topic, data, division, organisation, channel)
        tx.after_commit(lambda: feed.publish(happening))

    def alarm(tx: Transaction, event: AlarmChanged) -> None:
        division, organisation, channel = placed_at(tx.session, event.alarm)
        happening = Happening("alarm", asdict(event), division, organisation, channel)
        tx.after_commit(lambda: feed.publish(happening))

    bus.within(RecordingChanged, lambda tx, event: placed(tx, "recording", event.channel, asdict(event)))
    bus.within(AlarmChanged, alarm)
    bus.after_commit(AccountHeard, lambda event: feed.publish(Happening("account", asdict(event))))
