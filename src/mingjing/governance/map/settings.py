"""Settings of the map: what lies below the points. Without any it is empty ground, and nothing is fetched."""

from typing import Final, Literal

from pydantic import Field

from mingjing.kernel.settings import Section

_ADDRESS: Final = r"^(https?://[A-Za-z0-9.:\[\]\-]+/[^\s;,'\"]*)?$"


class MapSettings(Section):
    """`[map]`"""

    tiles: str = Field(
        default="",
        pattern=_ADDRESS,
        description="Pictures of the base map, such as https://tiles.example.cn/{z}/{x}/{y}.png; empty: none",
    )
    style: str = Field(
        default="",
        pattern=_ADDRESS,
        description="A MapLibre style instead; all that it names comes from the same origin",
    )
    datum: Literal["wgs84", "gcj02"] = Field(
        default="wgs84", description="What the base map is drawn in; points are converted for show only"
    )
    attribution: str = Field(default="", max_length=200, description="Whose map it is, shown on it")

    def origins(self) -> list[str]:
        """Where browsers fetch the base map from, for the content security policy."""
        return sorted({"/".join(one.split("/")[:3]) for one in (self.tiles, self.style) if one})
