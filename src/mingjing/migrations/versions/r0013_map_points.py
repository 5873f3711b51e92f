"""What stands on the map: a row for each camera and place with a position, entered from what the register holds."""

from collections.abc import Iterator
from math import asinh, floor, pi, radians, tan
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

HALVINGS = 26
AT_ONCE = 5000

CAMERAS = """
    SELECT c.id, 'camera', d.longitude, d.latitude, c.division_path, c.organisation_path,
           CASE WHEN c.enabled THEN 1 ELSE 0 END
    FROM cameras c JOIN dossiers d ON d.camera = c.id
    WHERE c.removed_us IS NULL AND d.longitude IS NOT NULL AND d.latitude IS NOT NULL
"""
PLACES = """
    SELECT p.id, 'place', p.longitude, p.latitude, p.division_path, p.organisation_path,
           CASE WHEN EXISTS (
               SELECT 1 FROM key_positions k WHERE k.place = p.id AND k.ended_us IS NULL AND NOT EXISTS (
                   SELECT 1 FROM dossiers d JOIN cameras c ON c.id = d.camera
                   WHERE d.position = k.id AND d.in_use IS NOT NULL AND c.removed_us IS NULL
               )
           ) THEN 1 ELSE 0 END
    FROM places p
    WHERE p.ended_us IS NULL AND p.longitude IS NOT NULL AND p.latitude IS NOT NULL
"""
COLUMNS = ("record", "kind", "longitude", "latitude", "division_path", "organisation_path", "marked")


def upgrade() -> None:
    """What has no position is not on the map."""
    path = sa.String(400).with_variant(sa.String(400, collation="C"), "postgresql")
    table = op.create_table(
        "map_points",
        sa.Column("record", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("cell", sa.BigInteger(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("division_path", path, nullable=False),
        sa.Column("organisation_path", path, nullable=False),
        sa.Column("marked", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("record", name=op.f("pk_map_points")),
    )
    for rows in _found():
        op.bulk_insert(table, rows)
    op.create_index(
        "ix_map_points_kind_cell",
        "map_points",
        ["kind", "cell", "division_path", "organisation_path", "marked", "record"],
    )
    op.create_index("ix_map_points_division_path", "map_points", ["division_path"])


def _found() -> Iterator[list[dict[str, Any]]]:
    for query in (CAMERAS, PLACES):
        rows = op.get_bind().execute(sa.text(query)).all()
        for start in range(0, len(rows), AT_ONCE):
            part = [dict(zip(COLUMNS, row, strict=True)) for row in rows[start : start + AT_ONCE]]
            yield [row | {"cell": _cell(row["longitude"], row["latitude"])} for row in part]


def _cell(longitude: float, latitude: float) -> int:
    size = 1 << HALVINGS
    held = max(-85.05, min(85.05, latitude))
    at = (longitude + 180) / 360, (1 - asinh(tan(radians(held))) / pi) / 2
    column, row = (max(0, min(size - 1, floor(one * size))) for one in at)
    return sum((column >> bit & 1) << 2 * bit | (row >> bit & 1) << 2 * bit + 1 for bit in range(HALVINGS))
