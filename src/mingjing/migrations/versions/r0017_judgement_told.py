"""What was told of a subject, in one digest: a night that finds the same reads none of its findings.

Empty for what was judged before: it is told once more, and compared finding by finding.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0013"


def upgrade() -> None:
    """Add the digest."""
    op.add_column("judgements", sa.Column("told", sa.String(32), nullable=False, server_default=""))
