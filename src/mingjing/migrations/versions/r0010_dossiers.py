"""The whole dossier of a camera, the pictures that prove, checks of signs, and imports under way."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MEMBERS: dict[str, TypeEngine[Any]] = {
    "former_code": sa.String(20),
    "common_name": sa.String(100),
    "point_type": sa.String(8),
    "grassroots_code": sa.String(12),
    "police_block": sa.String(100),
    "parent_device": sa.String(20),
    "business_group": sa.String(64),
    "industry": sa.String(100),
    "secret": sa.Boolean(),
    "owner": sa.String(100),
    "platform_code": sa.String(20),
    "management_unit": sa.String(100),
    "department": sa.String(100),
    "keeper": sa.String(100),
    "keeper_phone": sa.String(40),
    "contractor": sa.String(100),
    "maintenance_unit": sa.String(100),
    "police_organ": sa.String(100),
    "manufacturer": sa.String(100),
    "model": sa.String(100),
    "firmware": sa.String(100),
    "serial_number": sa.String(100),
    "camera_type": sa.String(8),
    "imaging": sa.String(60),
    "functions": sa.String(60),
    "encoding": sa.String(8),
    "resolution": sa.String(20),
    "stream_numbers": sa.String(40),
    "light": sa.String(8),
    "pickup": sa.Boolean(),
    "lens": sa.String(100),
    "security_level": sa.String(8),
    "certificate": sa.String(100),
    "mobile_type": sa.String(8),
    "home_preset": sa.String(100),
    "return_seconds": sa.Integer(),
    "address": sa.String(300),
    "landmarks": sa.String(300),
    "room": sa.String(8),
    "direction": sa.String(8),
    "tilt": sa.Float(),
    "view_angle_vertical": sa.Float(),
    "height_type": sa.String(100),
    "pole": sa.String(40),
    "mounting": sa.String(100),
    "capture_part": sa.String(7),
    "place_types": sa.String(60),
    "networked": sa.Boolean(),
    "access_network": sa.String(100),
    "ip_address": sa.String(45),
    "ipv6_address": sa.String(45),
    "port": sa.Integer(),
    "mac": sa.String(17),
    "access_method": sa.String(100),
    "protocol": sa.String(100),
    "channel_number": sa.String(100),
    "encoder": sa.String(100),
    "installed": sa.Date(),
    "scrapped": sa.Date(),
    "device_state": sa.String(8),
    "retention_days": sa.Integer(),
    "storage_code": sa.String(40),
    "storage_channel": sa.String(100),
    "storage_kind": sa.String(100),
    "edge_buffer": sa.String(100),
    "sign_text": sa.String(300),
    "sign_place": sa.String(300),
    "sign_state": sa.String(8),
    "moved": sa.Date(),
    "baseline": sa.String(32),
    "sign_photo": sa.String(32),
}


def upgrade() -> None:
    """Nothing that is there changes; how complete a dossier is, is reckoned when it is written next."""
    for name, kind in MEMBERS.items():
        op.add_column("dossiers", sa.Column(name, kind, nullable=True))
    op.create_table(
        "dossier_pictures",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("camera", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("who_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("stood", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_pictures")),
    )
    op.create_index(op.f("ix_dossier_pictures_camera"), "dossier_pictures", ["camera"])
    op.create_table(
        "sign_checks",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("camera", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("who_name", sa.String(length=200), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_checks")),
    )
    op.create_index(op.f("ix_sign_checks_camera"), "sign_checks", ["camera"])
