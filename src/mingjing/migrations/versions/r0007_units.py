"""Units of the register: their kind, credit code, seat, contacts, and when they ended."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXTS = {
    "level": 12,
    "function": 24,
    "assistance": 12,
    "credit_code": 18,
    "address": 300,
    "legal_representative": 100,
    "responsible_person": 100,
    "responsible_phone": 40,
    "security_contact": 100,
    "security_phone": 40,
}


def upgrade() -> None:
    """Of the units that are there nothing more is known than before."""
    path = sa.String(400).with_variant(sa.String(400, collation="C"), "postgresql")
    op.add_column("organisations", sa.Column("kind", sa.String(16), nullable=False, server_default="other"))
    for name, length in TEXTS.items():
        op.add_column("organisations", sa.Column(name, sa.String(length), nullable=False, server_default=""))
    op.add_column("organisations", sa.Column("division", sa.String(12), nullable=True))
    op.add_column("organisations", sa.Column("division_path", path, nullable=False, server_default=""))
    op.add_column("organisations", sa.Column("ended_us", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_organisations_credit_code"), "organisations", ["credit_code"])
