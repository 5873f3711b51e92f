"""Documents of filings and receipts; what the rules said of each day."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was kept of them before."""
    path = sa.String(400).with_variant(sa.String(400, collation="C"), "postgresql")
    op.create_table(
        "filing_documents",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("filing", sa.String(32), sa.ForeignKey("filings.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("who_name", sa.String(200), nullable=False),
        sa.Column("aside_us", sa.BigInteger(), nullable=True),
        sa.Column("aside_reason", sa.String(300), nullable=False),
    )
    op.create_index(op.f("ix_filing_documents_filing"), "filing_documents", ["filing"])
    op.create_table(
        "filing_document_contents",
        sa.Column("document", sa.String(32), sa.ForeignKey("filing_documents.id"), primary_key=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "filing_receipts",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("filing", sa.String(32), sa.ForeignKey("filings.id"), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    op.create_index(op.f("ix_filing_receipts_filing"), "filing_receipts", ["filing"])
    op.create_table(
        "tally_days",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            primary_key=True,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rule", sa.String(16), nullable=False),
        sa.Column("division_path", path, nullable=False),
        sa.Column("organisation_path", path, nullable=False),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("applies", sa.Integer(), nullable=False),
        sa.Column("broken", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
    )
    op.create_index("ix_tally_days_day_division_path", "tally_days", ["day", "division_path"])
