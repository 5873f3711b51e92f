"""Construction plans with their items, projects with their acceptance."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _path() -> TypeEngine[str]:
    """A materialised path, compared byte by byte on both databases."""
    return sa.String(400).with_variant(sa.String(400, collation="C"), "postgresql")


def upgrade() -> None:
    """Nothing that is there changes: no plan and no project is known."""
    op.create_table(
        "construction_plans",
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("submitted_by", sa.String(64), nullable=False),
        sa.Column("submitted_us", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.String(64), nullable=False),
        sa.Column("decided_us", sa.BigInteger(), nullable=True),
        sa.Column("decision", sa.String(2000), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_construction_plans")),
    )
    op.create_index(op.f("ix_construction_plans_division_path"), "construction_plans", ["division_path"])
    op.create_index(op.f("ix_construction_plans_name"), "construction_plans", ["name"])
    op.create_index(op.f("ix_construction_plans_state"), "construction_plans", ["state"])
    op.create_table(
        "plan_items",
        sa.Column("plan", sa.String(32), nullable=False),
        sa.Column("place", sa.String(32), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("azimuth", sa.Float(), nullable=True),
        sa.Column("view_angle", sa.Float(), nullable=True),
        sa.Column("view_m", sa.Float(), nullable=True),
        sa.Column("cameras", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(300), nullable=False),
        sa.Column("budget_yuan", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("progress", sa.String(12), nullable=False),
        sa.Column("cameras_done", sa.Integer(), nullable=False),
        sa.Column("reuse", sa.String(8), nullable=False),
        sa.Column("reuse_reason", sa.String(300), nullable=False),
        sa.Column("overlap", sa.Integer(), nullable=False),
        sa.Column("overlapping", sa.Integer(), nullable=False),
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
        sa.ForeignKeyConstraint(["plan"], ["construction_plans.id"], name=op.f("fk_plan_items_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_items")),
    )
    op.create_index(op.f("ix_plan_items_division_path"), "plan_items", ["division_path"])
    op.create_index(op.f("ix_plan_items_name"), "plan_items", ["name"])
    op.create_index(op.f("ix_plan_items_plan"), "plan_items", ["plan"])
    op.create_table(
        "projects",
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("system", sa.String(32), nullable=True),
        sa.Column("plan_item", sa.String(32), nullable=True),
        sa.Column("funding", sa.String(24), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("main_works", sa.String(300), nullable=False),
        sa.Column("designer", sa.String(32), nullable=True),
        sa.Column("contractor", sa.String(32), nullable=True),
        sa.Column("inspector", sa.String(32), nullable=True),
        sa.Column("contract", sa.String(300), nullable=False),
        sa.Column("main_design", sa.Date(), nullable=True),
        sa.Column("main_construction", sa.Date(), nullable=True),
        sa.Column("main_acceptance", sa.Date(), nullable=True),
        sa.Column("main_use", sa.Date(), nullable=True),
        sa.Column("video_design", sa.Date(), nullable=True),
        sa.Column("video_construction", sa.Date(), nullable=True),
        sa.Column("video_use", sa.Date(), nullable=True),
        sa.Column("note", sa.String(2000), nullable=False),
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
        sa.ForeignKeyConstraint(["system"], ["systems.id"], name=op.f("fk_projects_system")),
        sa.ForeignKeyConstraint(["plan_item"], ["plan_items.id"], name=op.f("fk_projects_plan_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
    )
    op.create_index(op.f("ix_projects_division_path"), "projects", ["division_path"])
    op.create_index(op.f("ix_projects_kind"), "projects", ["kind"])
    op.create_index(op.f("ix_projects_name"), "projects", ["name"])
    op.create_index(op.f("ix_projects_plan_item"), "projects", ["plan_item"])
    op.create_index(op.f("ix_projects_system"), "projects", ["system"])
    op.create_table(
        "acceptances",
        sa.Column("project", sa.String(32), nullable=False),
        sa.Column("standards", sa.JSON(), nullable=False),
        sa.Column("trial_from", sa.Date(), nullable=True),
        sa.Column("trial_until", sa.Date(), nullable=True),
        sa.Column("report_lab", sa.String(300), nullable=False),
        sa.Column("report_number", sa.String(300), nullable=False),
        sa.Column("report_date", sa.Date(), nullable=True),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.Column("opinions", sa.JSON(), nullable=False),
        sa.Column("conclusion", sa.String(20), nullable=False),
        sa.Column("concluded", sa.Date(), nullable=True),
        sa.Column("defects", sa.JSON(), nullable=False),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.Column("handed_over", sa.Date(), nullable=True),
        sa.Column("changed_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name=op.f("fk_acceptances_project")),
        sa.PrimaryKeyConstraint("project", name=op.f("pk_acceptances")),
    )
