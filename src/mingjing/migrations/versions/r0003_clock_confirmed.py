"""A person's word that the clock is right reaches the program that runs."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Null until somebody confirms; the ticker takes it up and clears it."""
    op.add_column("record_clock", sa.Column("confirmed_us", sa.BigInteger(), nullable=True))
