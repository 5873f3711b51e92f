"""One history for every record, cameras' too; tables that were brought in are known after a restart."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

CARRIED = """
    INSERT INTO record_changes (kind, record, at_us, who, who_name, what, "before", "after")
    SELECT 'camera', c.camera, c.at_us, c.who,
           COALESCE((SELECT u.name FROM users u WHERE u.id = c.who), c.who), c.what, c."before", c."after"
    FROM camera_changes c ORDER BY c.id
"""


def upgrade() -> None:
    """What was changed on cameras moves over, in its order; who did it is called as the account is called today."""
    op.execute(CARRIED)
    op.drop_table("camera_changes")
    op.create_table(
        "table_imports",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("file", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("mode", sa.String(4), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=True),
        sa.Column("errors", sa.JSON(), nullable=False),
        sa.Column("problem", sa.String(500), nullable=False),
        sa.Column("problem_en", sa.String(500), nullable=False),
        sa.Column("begun_us", sa.BigInteger(), nullable=False),
        sa.Column("changed_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_imports")),
    )
    op.create_index("ix_table_imports_owner_begun_us", "table_imports", ["owner", "begun_us"])
