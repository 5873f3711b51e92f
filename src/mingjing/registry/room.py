"""The register as one thing to wire: what it hears of other rooms, and what the map hears of the register."""

from mingjing.kernel.events import EventBus
from mingjing.registry.dossiers.events import DossierChanged
from mingjing.registry.events import CameraChanged, CameraMoved, CameraRemoved, CamerasEntered
from mingjing.registry.map import keeping
from mingjing.registry.moving import follow_division
from mingjing.registry.places.events import PlaceChanged
from mingjing.territory.events import DivisionMoved


def wire(bus: EventBus) -> None:
    """Listen to the rooms below. Once, while the program is put together."""
    bus.within(DivisionMoved, follow_division)
    bus.within(DivisionMoved, keeping.follow_division)
    bus.within(DossierChanged, keeping.follow_dossier)
    bus.within(CamerasEntered, keeping.follow_table)
    bus.within(PlaceChanged, keeping.follow_place)
    bus.within(CameraChanged, keeping.follow_camera)
    bus.within(CameraMoved, keeping.follow_camera)
    bus.within(CameraRemoved, keeping.follow_camera)
