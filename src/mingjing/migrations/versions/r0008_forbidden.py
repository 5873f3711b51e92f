"""Forbidden places with consents, decisions and rounds; dossiers say on what ground sound is picked up."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _path() -> TypeEngine[str]:
    """A materialised path, compared byte by byte on both databases."""
    return sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql")


def _record() -> list[sa.Column[object]]:
    """The columns that every record of a register has."""
    return [
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("pinyin", sa.String(700), nullable=False),
        sa.Column("initials", sa.String(100), nullable=False),
        sa.Column("division", sa.String(12), nullable=False),
        sa.Column("division_path", _path(), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("organisation_path", _path(), nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.Column("changed_us", sa.BigInteger(), nullable=False),
        sa.Column("ended_us", sa.BigInteger(), nullable=True),
    ]


def upgrade() -> None:
    """Nothing that is there changes."""
    op.create_table(
        "forbidden_places",
        *_record(),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("place", sa.String(32), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("radius_m", sa.Float(), nullable=True),
        sa.Column("outline", sa.JSON(), nullable=True),
        sa.Column("west", sa.Float(), nullable=False),
        sa.Column("south", sa.Float(), nullable=False),
        sa.Column("east", sa.Float(), nullable=False),
        sa.Column("north", sa.Float(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forbidden_places")),
        sa.ForeignKeyConstraint(["place"], ["places.id"], name=op.f("fk_forbidden_places_place")),
    )
    op.create_table(
        "secret_consents",
        *_record(),
        sa.Column("zone", sa.String(32), nullable=False),
        sa.Column("number", sa.String(100), nullable=False),
        sa.Column("given", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("cameras", sa.JSON(), nullable=False),
        sa.Column("points", sa.String(2000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secret_consents")),
        sa.ForeignKeyConstraint(["zone"], ["forbidden_places.id"], name=op.f("fk_secret_consents_zone")),
    )
    op.create_table(
        "decisions",
        *_record(),
        sa.Column("subject_kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("view", sa.JSON(), nullable=False),
        sa.Column("asked", sa.String(32), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("decided_by", sa.String(32), nullable=True),
        sa.Column("decided_name", sa.String(200), nullable=False),
        sa.Column("decided_us", sa.BigInteger(), nullable=True),
        sa.Column("mask_confirmed", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("subject_kind", "subject", name=op.f("uq_decisions_subject_kind_subject")),
    )
    op.create_table(
        "rounds",
        *_record(),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject_kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("cycle_days", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("last_done", sa.Date(), nullable=True),
        sa.Column("next_due", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
    )
    op.create_table(
        "round_results",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("round", sa.String(32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("who_name", sa.String(200), nullable=False),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("reported", sa.Date(), nullable=True),
        sa.Column("reported_to", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_results")),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_round_results_round")),
    )
    for table, column in (
        ("forbidden_places", "kind"),
        ("forbidden_places", "west"),
        ("secret_consents", "zone"),
        ("decisions", "state"),
        ("rounds", "subject"),
        ("rounds", "next_due"),
        ("round_results", "round"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    for table in ("forbidden_places", "secret_consents", "decisions", "rounds"):
        for column in ("name", "division_path"):
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.add_column("dossiers", sa.Column("pickup_basis", sa.String(300), nullable=True))
