"""Identity as one thing to wire: what it hears of other rooms."""

from mingjing.identity.moving import follow_division
from mingjing.kernel.events import EventBus
from mingjing.territory.events import DivisionMoved


def wire(bus: EventBus) -> None:
    """Listen to the rooms below. Once, while the program is put together."""
    bus.within(DivisionMoved, follow_division)
