"""Saved filters of register pages."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has one yet."""
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("page", sa.String(32), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("filter", sa.String(1000), nullable=False),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("owner_name", sa.String(100), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("changed_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name=op.f("fk_saved_filters_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
        sa.UniqueConstraint("owner", "page", "name", name=op.f("uq_saved_filters_owner_page_name")),
    )
    op.create_index("ix_saved_filters_organisation_page", "saved_filters", ["organisation", "page"])
