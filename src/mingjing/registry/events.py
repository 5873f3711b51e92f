"""What the register says to other rooms."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class CameraRegistered:
    """A camera was entered; `plan` is the recording plan that was wished, None for the default."""

    channel: str
    plan: str | None


@dataclass(frozen=True, slots=True)
class CamerasEntered:
    """A table was brought in. It stands for what each row would have said by itself: `entered` were registered and follow
    the default plan, of `touched` the dossiers were written; systems and places gained or lost cameras."""

    entered: tuple[str, ...]
    touched: tuple[str, ...]
    systems: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CameraChanged:
    """A camera was changed; `plan` is a newly wished recording plan."""

    channel: str
    plan: str | None


@dataclass(frozen=True, slots=True)
class CameraMoved:
    """A camera came to another division or unit: who could see it may not any more."""

    channel: str


@dataclass(frozen=True, slots=True)
class CameraRemoved:
    """A camera left the register; its recordings are kept to their end, or expire at the earliest lawful time."""

    channel: str
    recordings: Literal["keep", "expire"]
