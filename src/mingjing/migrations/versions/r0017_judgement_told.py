"""What was told of a subject, in one digest: a night that finds the same reads none of its findings.

Empty for what was judged before: it is told once more, and compared finding by finding.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"


def upgrade() -> None:
    """Add the digest, and indexes: along which findings are listed by day, and of which the map's edges are read."""
    op.add_column("judgements", sa.Column("told", sa.String(32), nullable=False, server_default=""))
    op.create_index("ix_findings_due_id", "findings", ["due", "id"])
    op.create_index("ix_findings_rule_due_id", "findings", ["rule", "due", "id"])
    op.drop_index("ix_map_points_division_path", "map_points")
    op.create_index(
        "ix_map_points_territory",
        "map_points",
        ["division_path", "organisation_path", "kind", "longitude", "latitude", "record"],
    )
