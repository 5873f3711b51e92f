"""Divisions have a kind and a time; paths of alarms are compared byte by byte, as all others are."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is there is administrative and in force."""
    op.add_column(
        "divisions", sa.Column("kind", sa.String(16), nullable=False, server_default="administrative")
    )
    op.add_column("divisions", sa.Column("civil_code", sa.String(12), nullable=True))
    op.add_column("divisions", sa.Column("valid_from", sa.Date(), nullable=True))
    op.add_column("divisions", sa.Column("valid_to", sa.Date(), nullable=True))
    op.add_column("divisions", sa.Column("successor", sa.String(12), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        for column in ("division_path", "organisation_path"):
            op.alter_column("alarms", column, type_=sa.String(400, collation="C"))
