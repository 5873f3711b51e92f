"""Dossiers as they go over the wire."""

from datetime import date
from typing import Annotated

from pydantic import Field

from mingjing.kernel.wire import Day, Reference, Told, Wanted, example
from mingjing.registry.places.schema import Latitude, Longitude

_SHOWN = {
    "system": "sy_k2x9p4q7m1aa", "position": "kp_k2x9p4q7m1aa", "code": "42011500001320000001",
    "longitude": 114.322, "latitude": 30.349, "height_m": 4.5, "azimuth": 135.0, "view_angle": 90.0, "view_m": 60.0,
    "in_use": "2026-10-18", "sign_checked": "2026-10-18",
}  # fmt: skip


class DossierPatch(Wanted):
    """What shall change; absent members stay, null empties."""

    model_config = example(**_SHOWN)

    system: Reference | None = None
    position: Reference | None = None
    code: Annotated[str, Field(max_length=20, examples=["42011500001320000001"])] | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    height_m: Annotated[float, Field(ge=0, le=1000)] | None = None
    azimuth: Annotated[float, Field(ge=0, lt=360)] | None = None
    view_angle: Annotated[float, Field(gt=0, le=360)] | None = None
    view_m: Annotated[float, Field(gt=0, le=10_000)] | None = None
    in_use: Day | None = None
    sign_checked: Day | None = None


class Dossier(Told):
    model_config = example(camera="ch_k2x9p4q7m1aa", complete=80, missing=["code"], **_SHOWN)

    camera: str
    system: str | None
    position: str | None
    code: str | None
    longitude: float | None
    latitude: float | None
    height_m: float | None
    azimuth: float | None
    view_angle: float | None
    view_m: float | None
    in_use: date | None
    sign_checked: date | None
    complete: int = Field(description="Of the mandatory members, per cent")
    missing: list[str] = Field(description="Mandatory members that are empty")
