"""Which device families there are, by the name that the register keeps. Adding one adds a line here."""

from collections.abc import Mapping
from types import MappingProxyType

from mingjing.devices.rtsp.source import RtspCamera
from mingjing.devices.source import Entry, Family, Source

RTSP = "rtsp"
FAMILIES: Mapping[str, Family] = MappingProxyType({RTSP: RtspCamera})


def source(family: str, entry: Entry) -> Source:
    """How a device of `family` is reached. Raises KeyError for a family that this version does not have."""
    return FAMILIES[family](entry)
