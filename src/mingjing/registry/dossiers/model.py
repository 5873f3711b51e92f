"""Tables of dossiers: one wide row a camera, the pictures that prove, the checks of its sign."""

from datetime import date

from sqlalchemy import Boolean, Date, Float, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.kernel.db import Base, Id, IdKey, Json, Sequence64, Us


class DossierRow(Base):
    """The dossier of one camera of the register. The members are those of `members.py`, in its order; empty is NULL, as
    what was not reported is not the same as 0."""

    __tablename__ = "dossiers"

    camera: Mapped[str] = mapped_column(String(32), ForeignKey("cameras.id"), primary_key=True)
    code: Mapped[str | None] = mapped_column(String(20), unique=True)
    """Device code of 20 digits (GB/T 28181)."""
    former_code: Mapped[str | None] = mapped_column(String(20))
    common_name: Mapped[str | None] = mapped_column(String(100))
    point_type: Mapped[str | None] = mapped_column(String(8))
    grassroots_code: Mapped[str | None] = mapped_column(String(12))
    police_block: Mapped[str | None] = mapped_column(String(100))
    parent_device: Mapped[str | None] = mapped_column(String(20))
    business_group: Mapped[str | None] = mapped_column(String(64))
    industry: Mapped[str | None] = mapped_column(String(100))
    secret: Mapped[bool | None] = mapped_column(Boolean)
    system: Mapped[str | None] = mapped_column(String(32), ForeignKey("systems.id"), index=True)
    position: Mapped[str | None] = mapped_column(String(32), ForeignKey("key_positions.id"), index=True)
    """The key position that it covers."""
    owner: Mapped[str | None] = mapped_column(String(100))
    platform_code: Mapped[str | None] = mapped_column(String(20))
    management_unit: Mapped[str | None] = mapped_column(String(100))
    department: Mapped[str | None] = mapped_column(String(100))
    keeper: Mapped[str | None] = mapped_column(String(100))
    keeper_phone: Mapped[str | None] = mapped_column(String(40))
    contractor: Mapped[str | None] = mapped_column(String(100))
    maintenance_unit: Mapped[str | None] = mapped_column(String(100))
    police_organ: Mapped[str | None] = mapped_column(String(100))
    manufacturer: Mapped[str | None] = mapped_column(String(100))
    model: Mapped[str | None] = mapped_column(String(100))
    firmware: Mapped[str | None] = mapped_column(String(100))
    serial_number: Mapped[str | None] = mapped_column(String(100))
    camera_type: Mapped[str | None] = mapped_column(String(8))
    imaging: Mapped[str | None] = mapped_column(String(60))
    functions: Mapped[str | None] = mapped_column(String(60))
    encoding: Mapped[str | None] = mapped_column(String(8))
    resolution: Mapped[str | None] = mapped_column(String(20))
    stream_numbers: Mapped[str | None] = mapped_column(String(40))
    light: Mapped[str | None] = mapped_column(String(8))
    pickup: Mapped[bool | None] = mapped_column(Boolean)
    pickup_basis: Mapped[str | None] = mapped_column(String(300))
    lens: Mapped[str | None] = mapped_column(String(100))
    security_level: Mapped[str | None] = mapped_column(String(8))
    certificate: Mapped[str | None] = mapped_column(String(100))
    mobile_type: Mapped[str | None] = mapped_column(String(8))
    home_preset: Mapped[str | None] = mapped_column(String(100))
    return_seconds: Mapped[int | None] = mapped_column(Integer)
    """After how long it goes back to its home position by itself."""
    address: Mapped[str | None] = mapped_column(String(300))
    longitude: Mapped[float | None] = mapped_column(Float)
    """WGS-84 degrees, as latitude is."""
    latitude: Mapped[float | None] = mapped_column(Float)
    landmarks: Mapped[str | None] = mapped_column(String(300))
    room: Mapped[str | None] = mapped_column(String(8))
    direction: Mapped[str | None] = mapped_column(String(8))
    azimuth: Mapped[float | None] = mapped_column(Float)
    """Degrees clockwise from north."""
    tilt: Mapped[float | None] = mapped_column(Float)
    """Degrees below the horizon."""
    view_angle: Mapped[float | None] = mapped_column(Float)
    """Horizontal, degrees."""
    view_angle_vertical: Mapped[float | None] = mapped_column(Float)
    view_m: Mapped[float | None] = mapped_column(Float)
    """How far it sees, metres."""
    height_m: Mapped[float | None] = mapped_column(Float)
    height_type: Mapped[str | None] = mapped_column(String(100))
    pole: Mapped[str | None] = mapped_column(String(40))
    mounting: Mapped[str | None] = mapped_column(String(100))
    capture_part: Mapped[str | None] = mapped_column(String(7))
    place_types: Mapped[str | None] = mapped_column(String(60))
    networked: Mapped[bool | None] = mapped_column(Boolean)
    access_network: Mapped[str | None] = mapped_column(String(100))
    ip_address: Mapped[str | None] = mapped_column(String(45))
    ipv6_address: Mapped[str | None] = mapped_column(String(45))
    port: Mapped[int | None] = mapped_column(Integer)
    mac: Mapped[str | None] = mapped_column(String(17))
    access_method: Mapped[str | None] = mapped_column(String(100))
    protocol: Mapped[str | None] = mapped_column(String(100))
    channel_number: Mapped[str | None] = mapped_column(String(100))
    encoder: Mapped[str | None] = mapped_column(String(100))
    installed: Mapped[date | None] = mapped_column(Date)
    in_use: Mapped[date | None] = mapped_column(Date)
    scrapped: Mapped[date | None] = mapped_column(Date)
    device_state: Mapped[str | None] = mapped_column(String(8))
    retention_days: Mapped[int | None] = mapped_column(Integer)
    storage_code: Mapped[str | None] = mapped_column(String(40))
    storage_channel: Mapped[str | None] = mapped_column(String(100))
    storage_kind: Mapped[str | None] = mapped_column(String(100))
    edge_buffer: Mapped[str | None] = mapped_column(String(100))
    sign_text: Mapped[str | None] = mapped_column(String(300))
    sign_place: Mapped[str | None] = mapped_column(String(300))
    sign_state: Mapped[str | None] = mapped_column(String(8))
    sign_checked: Mapped[date | None] = mapped_column(Date)
    complete: Mapped[int] = mapped_column(Integer)
    """Of the mandatory members, per cent."""
    moved: Mapped[date | None] = mapped_column(Date)
    """When it was last moved in use, as recorded with a reason."""
    baseline: Mapped[str | None] = mapped_column(String(32))
    """The picture that shows its view as it shall be."""
    sign_photo: Mapped[str | None] = mapped_column(String(32))
    changed_us: Mapped[Us]


class PictureRow(Base):
    """A picture that was kept; its content lies in the store of files, by its digest."""

    __tablename__ = "dossier_pictures"

    id: Mapped[IdKey]
    camera: Mapped[Id] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(8))
    """`baseline` or `sign`."""
    at_us: Mapped[Us]
    who: Mapped[str] = mapped_column(String(64))
    who_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    bytes: Mapped[int] = mapped_column(Integer)
    stood: Mapped[Json]
    """Of a baseline: where the camera stood and looked then, the members of `members.VIEW` that were entered."""


class SignCheckRow(Base):
    """One check of a camera's sign on the spot."""

    __tablename__ = "sign_checks"

    id: Mapped[Sequence64]
    camera: Mapped[Id] = mapped_column(index=True)
    day: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(String(300))
    place: Mapped[str] = mapped_column(String(300))
    who: Mapped[str] = mapped_column(String(64))
    who_name: Mapped[str] = mapped_column(String(200))
    at_us: Mapped[Us]
