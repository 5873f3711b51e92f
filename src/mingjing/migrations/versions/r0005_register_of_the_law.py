"""The register of the law: places, systems, dossiers, filings, findings, and the history of every record."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _path() -> TypeEngine[str]:
    """A materialised path, compared byte by byte on both databases."""
    return sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql")


def upgrade() -> None:
    """Nothing that is there changes."""
    op.create_table(
        "findings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("rule", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("subject_name", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("division_path", _path(), nullable=False),
        sa.Column("organisation_path", _path(), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("severity", sa.String(length=12), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("sets", sa.JSON(), nullable=False),
        sa.Column("carried", sa.Boolean(), nullable=False),
        sa.Column("told", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("acknowledged_by", sa.String(length=32), nullable=True),
        sa.Column("acknowledged_until", sa.Date(), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("opened_us", sa.BigInteger(), nullable=False),
        sa.Column("changed_us", sa.BigInteger(), nullable=False),
        sa.Column("cured_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sa.UniqueConstraint("rule", "subject", "key", name=op.f("uq_findings_rule_subject_key")),
    )
    op.create_index(
        "ix_findings_division_path_organisation_path",
        "findings",
        ["division_path", "organisation_path"],
        unique=False,
    )
    op.create_index("ix_findings_state_rule", "findings", ["state", "rule"], unique=False)
    op.create_index("ix_findings_subject", "findings", ["subject"], unique=False)
    op.create_table(
        "judgements",
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("division_path", _path(), nullable=False),
        sa.Column("organisation_path", _path(), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("counts", sa.String(length=1000), nullable=False),
        sa.Column("judged_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_judgements")),
    )
    op.create_table(
        "tallies",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("rule", sa.String(length=16), nullable=False),
        sa.Column("division_path", _path(), nullable=False),
        sa.Column("organisation_path", _path(), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("met", sa.Integer(), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.Column("broken", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tallies")),
        sa.UniqueConstraint(
            "rule",
            "division_path",
            "organisation_path",
            "category",
            name=op.f("uq_tallies_rule_division_path_organisation_path_category"),
        ),
    )
    op.create_index(
        "ix_tallies_division_path_organisation_path",
        "tallies",
        ["division_path", "organisation_path"],
        unique=False,
    )
    op.create_table(
        "places",
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("subcategory", sa.String(length=32), nullable=False),
        sa.Column("national_class", sa.String(length=24), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("outline", sa.JSON(), nullable=True),
        sa.Column("key_protected_unit", sa.Boolean(), nullable=False),
        sa.Column("counter_terror_target", sa.Boolean(), nullable=False),
        sa.Column("citation", sa.String(length=300), nullable=False),
        sa.Column("designated", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("pinyin", sa.String(length=700), nullable=False),
        sa.Column("initials", sa.String(length=100), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("division_path", _path(), nullable=False),
        sa.Column("organisation", sa.String(length=32), nullable=False),
        sa.Column("organisation_path", _path(), nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.Column("changed_us", sa.BigInteger(), nullable=False),
        sa.Column("ended_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
    )
    op.create_index(op.f("ix_places_category"), "places", ["category"], unique=False)
    op.create_index(op.f("ix_places_division_path"), "places", ["division_path"], unique=False)
    op.create_index(op.f("ix_places_name"), "places", ["name"], unique=False)
    op.create_table(
        "record_changes",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("record", sa.String(length=32), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("who_name", sa.String(length=200), nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_changes")),
    )
    op.create_index("ix_record_changes_kind_record", "record_changes", ["kind", "record"], unique=False)
    op.create_table(
        "systems",
        sa.Column("regime", sa.String(length=16), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("purposes", sa.JSON(), nullable=False),
        sa.Column("necessity", sa.String(length=2000), nullable=False),
        sa.Column("funding", sa.String(length=24), nullable=False),
        sa.Column("place", sa.String(length=32), nullable=True),
        sa.Column("building_unit", sa.String(length=32), nullable=True),
        sa.Column("maintainer", sa.String(length=32), nullable=True),
        sa.Column("entrusted_operator", sa.String(length=32), nullable=True),
        sa.Column("retention_days", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("network", sa.String(length=16), nullable=False),
        sa.Column("in_use", sa.Date(), nullable=True),
        sa.Column("dismantle_planned", sa.Date(), nullable=True),
        sa.Column("dismantled", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("pinyin", sa.String(length=700), nullable=False),
        sa.Column("initials", sa.String(length=100), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("division_path", _path(), nullable=False),
        sa.Column("organisation", sa.String(length=32), nullable=False),
        sa.Column("organisation_path", _path(), nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.Column("changed_us", sa.BigInteger(), nullable=False),
        sa.Column("ended_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_systems")),
    )
    op.create_index(op.f("ix_systems_category"), "systems", ["category"], unique=False)
    op.create_index(op.f("ix_systems_division_path"), "systems", ["division_path"], unique=False)
    op.create_index(op.f("ix_systems_in_use"), "systems", ["in_use"], unique=False)
    op.create_index(op.f("ix_systems_name"), "systems", ["name"], unique=False)
    op.create_index(op.f("ix_systems_place"), "systems", ["place"], unique=False)
    op.create_index(op.f("ix_systems_regime"), "systems", ["regime"], unique=False)
    op.create_table(
        "filings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("system", sa.String(length=32), nullable=False),
        sa.Column("division_path", _path(), nullable=False),
        sa.Column("organisation_path", _path(), nullable=False),
        sa.Column("trigger", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("organ", sa.String(length=100), nullable=False),
        sa.Column("organ_division", sa.String(length=12), nullable=False),
        sa.Column("submitted", sa.Date(), nullable=True),
        sa.Column("decided", sa.Date(), nullable=True),
        sa.Column("official_number", sa.String(length=60), nullable=False),
        sa.Column("prepared_by", sa.String(length=32), nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.Column("changed_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["system"], ["systems.id"], name=op.f("fk_filings_system")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filings")),
        sa.UniqueConstraint("number", name=op.f("uq_filings_number")),
    )
    op.create_index(
        "ix_filings_division_path_organisation_path",
        "filings",
        ["division_path", "organisation_path"],
        unique=False,
    )
    op.create_index("ix_filings_state_due", "filings", ["state", "due"], unique=False)
    op.create_index(op.f("ix_filings_system"), "filings", ["system"], unique=False)
    op.create_table(
        "key_positions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("ended_us", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["place"], ["places.id"], name=op.f("fk_key_positions_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_positions")),
    )
    op.create_index(op.f("ix_key_positions_place"), "key_positions", ["place"], unique=False)
    op.create_table(
        "dossiers",
        sa.Column("camera", sa.String(length=32), nullable=False),
        sa.Column("system", sa.String(length=32), nullable=True),
        sa.Column("position", sa.String(length=32), nullable=True),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("height_m", sa.Float(), nullable=True),
        sa.Column("azimuth", sa.Float(), nullable=True),
        sa.Column("view_angle", sa.Float(), nullable=True),
        sa.Column("view_m", sa.Float(), nullable=True),
        sa.Column("in_use", sa.Date(), nullable=True),
        sa.Column("sign_checked", sa.Date(), nullable=True),
        sa.Column("complete", sa.Integer(), nullable=False),
        sa.Column("changed_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["camera"], ["cameras.id"], name=op.f("fk_dossiers_camera")),
        sa.ForeignKeyConstraint(["position"], ["key_positions.id"], name=op.f("fk_dossiers_position")),
        sa.ForeignKeyConstraint(["system"], ["systems.id"], name=op.f("fk_dossiers_system")),
        sa.PrimaryKeyConstraint("camera", name=op.f("pk_dossiers")),
        sa.UniqueConstraint("code", name=op.f("uq_dossiers_code")),
    )
    op.create_index(op.f("ix_dossiers_position"), "dossiers", ["position"], unique=False)
    op.create_index(op.f("ix_dossiers_system"), "dossiers", ["system"], unique=False)
    op.create_table(
        "filing_steps",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("filing", sa.String(length=32), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("who_name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(["filing"], ["filings.id"], name=op.f("fk_filing_steps_filing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_steps")),
    )
    op.create_index(op.f("ix_filing_steps_filing"), "filing_steps", ["filing"], unique=False)
