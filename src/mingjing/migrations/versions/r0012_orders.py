"""The clock after filing: what differs from what was filed, what was measured, what was done late; reminders, maintenance,
staff files and agreements."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def _path() -> sa.types.TypeEngine[str]:
    """A materialised path, compared byte by byte on both databases."""
    return sa.String(400).with_variant(sa.String(400, collation="C"), "postgresql")


def _record() -> list[sa.Column[Any]]:
    """The columns of every record."""
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
    """Of filings that were submitted before nobody knows what the register had then: their form stands for it."""
    op.create_table(
        "filing_differences",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("system", sa.String(32), nullable=False),
        sa.Column("member", sa.String(32), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["system"], ["systems.id"], name=op.f("fk_filing_differences_system")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_differences")),
        sa.UniqueConstraint("system", "member", name=op.f("uq_filing_differences_system_member")),
    )
    op.create_table(
        "system_measurements",
        sa.Column("system", sa.String(32), nullable=False),
        sa.Column("measured", sa.Date(), nullable=False),
        sa.Column("recorded", sa.Integer(), nullable=False),
        sa.Column("kept_days", sa.Integer(), nullable=True),
        sa.Column("grown_days", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("system", name=op.f("pk_system_measurements")),
    )
    op.add_column("filings", sa.Column("register", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("systems", sa.Column("duty_basis", sa.String(300), nullable=False, server_default=""))
    op.add_column("tallies", sa.Column("late", sa.Integer(), nullable=False, server_default="0"))
    # Each rule's numbers have a fifth, of what was done late: `FILE-01 1 0 0 0` becomes `FILE-01 1 0 0 0 0`.
    op.execute("UPDATE judgements SET counts = replace(counts, ',', ' 0,') || ' 0' WHERE counts <> ''")
    _reminders()
    _maintenance()
    _people()


def _reminders() -> None:
    op.create_table(
        "reminders",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("record", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("holidays_known", sa.Boolean(), nullable=False),
        sa.Column("division_path", _path(), nullable=False),
        sa.Column("organisation_path", _path(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint(
            "kind", "record", "due", "stage", name=op.f("uq_reminders_kind_record_due_stage")
        ),
    )
    op.create_index("ix_reminders_division_path", "reminders", ["division_path"])
    op.create_table(
        "reminder_receivers",
        sa.Column("reminder", sa.String(32), nullable=False),
        sa.Column("user", sa.String(32), nullable=False),
        sa.Column("seen_us", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["reminder"], ["reminders.id"], name=op.f("fk_reminder_receivers_reminder")),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_reminder_receivers_user")),
        sa.PrimaryKeyConstraint("reminder", "user", name=op.f("pk_reminder_receivers")),
    )
    op.create_index(op.f("ix_reminder_receivers_user"), "reminder_receivers", ["user"])


def _maintenance() -> None:
    op.create_table(
        "contracts",
        *_record(),
        sa.Column("maintainer", sa.String(32), nullable=False),
        sa.Column("maintainer_path", _path(), nullable=False),
        sa.Column("systems", sa.JSON(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("response_hours", sa.Integer(), nullable=False),
        sa.Column("repair_hours", sa.Integer(), nullable=False),
        sa.Column("contact", sa.String(100), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
    )
    _record_indexes("contracts")
    op.create_table(
        "fault_orders",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("system", sa.String(32), nullable=False),
        sa.Column("camera", sa.String(32), nullable=True),
        sa.Column("division_path", _path(), nullable=False),
        sa.Column("organisation_path", _path(), nullable=False),
        sa.Column("maintainer", sa.String(32), nullable=True),
        sa.Column("maintainer_path", _path(), nullable=False),
        sa.Column("contract", sa.String(32), nullable=True),
        sa.Column("cause", sa.String(16), nullable=False),
        sa.Column("description", sa.String(2000), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("opened_us", sa.BigInteger(), nullable=False),
        sa.Column("respond_by_us", sa.BigInteger(), nullable=True),
        sa.Column("repair_by_us", sa.BigInteger(), nullable=True),
        sa.Column("responded_us", sa.BigInteger(), nullable=True),
        sa.Column("repaired_us", sa.BigInteger(), nullable=True),
        sa.Column("repaired_by", sa.String(32), nullable=False),
        sa.Column("over_us", sa.BigInteger(), nullable=True),
        sa.Column("changed_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["system"], ["systems.id"], name=op.f("fk_fault_orders_system")),
        sa.ForeignKeyConstraint(["camera"], ["cameras.id"], name=op.f("fk_fault_orders_camera")),
        sa.ForeignKeyConstraint(["contract"], ["contracts.id"], name=op.f("fk_fault_orders_contract")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fault_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_fault_orders_number")),
    )
    _placed_index("fault_orders")
    op.create_index("ix_fault_orders_state_camera", "fault_orders", ["state", "camera"])
    for column in ("system", "camera", "state"):
        op.create_index(op.f(f"ix_fault_orders_{column}"), "fault_orders", [column])
    op.create_table(
        "fault_order_steps",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("order", sa.String(32), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("who_name", sa.String(200), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.ForeignKeyConstraint(["order"], ["fault_orders.id"], name=op.f("fk_fault_order_steps_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fault_order_steps")),
    )
    op.create_index(op.f("ix_fault_order_steps_order"), "fault_order_steps", ["order"])
    op.create_table(
        "planned_outages",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("system", sa.String(32), nullable=False),
        sa.Column("division_path", _path(), nullable=False),
        sa.Column("organisation_path", _path(), nullable=False),
        sa.Column("from_us", sa.BigInteger(), nullable=False),
        sa.Column("until_us", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("entered_by", sa.String(32), nullable=False),
        sa.Column("entered_by_name", sa.String(200), nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["system"], ["systems.id"], name=op.f("fk_planned_outages_system")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_outages")),
    )
    _placed_index("planned_outages")
    op.create_index(op.f("ix_planned_outages_system"), "planned_outages", ["system"])


def _people() -> None:
    op.create_table(
        "staff_files",
        *_record(),
        sa.Column("post", sa.String(12), nullable=False),
        sa.Column("system", sa.String(32), nullable=True),
        sa.Column("vetted", sa.Date(), nullable=True),
        sa.Column("pledged", sa.Date(), nullable=True),
        sa.Column("trained", sa.Date(), nullable=True),
        sa.Column("left", sa.Date(), nullable=True),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_files")),
    )
    _record_indexes("staff_files")
    op.create_index(op.f("ix_staff_files_system"), "staff_files", ["system"])
    op.create_table(
        "agreements",
        *_record(),
        sa.Column("contractor", sa.String(32), nullable=False),
        sa.Column("work", sa.String(16), nullable=False),
        sa.Column("contract", sa.String(60), nullable=False),
        sa.Column("systems", sa.JSON(), nullable=False),
        sa.Column("content", sa.String(2000), nullable=False),
        sa.Column("signed", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
    )
    _record_indexes("agreements")


def _record_indexes(table: str) -> None:
    for column in ("name", "division_path"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _placed_index(table: str) -> None:
    columns = ["division_path", "organisation_path"]
    op.create_index(f"ix_{table}_division_path_organisation_path", table, columns)
