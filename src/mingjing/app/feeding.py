"""What the rooms say, put on the feed that consoles hear."""

from dataclasses import asdict
from typing import Any

from mingjing.kernel.db import Transaction
from mingjing.kernel.events import EventBus
from mingjing.operations.events import AlarmChanged
from mingjing.operations.model import Alarm
from mingjing.recording.events import RecordingChanged
from mingjing.registry.model import CameraRow
from mingjing.web.feed import Feed, Happening


def feed_consoles(bus: EventBus, feed: Feed) -> None:
    """Listen once, while the program is put together."""

    def placed(tx: Transaction, topic: str, channel: str | None, data: dict[str, Any]) -> None:
        row = tx.session.get(CameraRow, channel) if channel else None
        division, organisation = (row.division_path, row.organisation_path) if row else ("", "")
        happening = Happening(topic, data, division, organisation, channel)
        tx.after_commit(lambda: feed.publish(happening))

    def alarm(tx: Transaction, event: AlarmChanged) -> None:
        row = tx.session.get_one(Alarm, event.alarm)
        happening = Happening("alarm", asdict(event), row.division_path, row.organisation_path, row.channel)
        tx.after_commit(lambda: feed.publish(happening))

    bus.within(RecordingChanged, lambda tx, event: placed(tx, "recording", event.channel, asdict(event)))
    bus.within(AlarmChanged, alarm)
