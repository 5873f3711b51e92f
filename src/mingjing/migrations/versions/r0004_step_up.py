"""A session knows when its person proved again; what takes two persons; who gave an account its password."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Sessions that are open have proved nothing yet."""
    op.add_column("sessions", sa.Column("proved_us", sa.BigInteger(), nullable=True))
    op.add_column("users", sa.Column("reset_us", sa.BigInteger(), nullable=True))
    op.add_column("users", sa.Column("reset_by", sa.String(200), nullable=True))
    op.create_table(
        "approvals",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("user", sa.String(32), nullable=False),
        sa.Column("drop_factor", sa.Boolean(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=True),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("part_sealed", sa.Text(), nullable=True),
        sa.Column("asked_by", sa.String(32), nullable=False),
        sa.Column("asked_us", sa.BigInteger(), nullable=False),
        sa.Column("until_us", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("decided_by", sa.String(32), nullable=True),
        sa.Column("decided_us", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_approvals_user")),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_approvals_asked_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_approvals_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
    )
    op.create_index(op.f("ix_approvals_user"), "approvals", ["user"])
