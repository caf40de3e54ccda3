"""warnings that were given, the due moments of each tenure, and extensions"""

import sqlalchemy as sa
from alembic import op

from mikroserwis.db import Moment

revision = "2026_11_22_1_clocks"
down_revision = "2026_11_21_8_file_sources"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tickets", sa.Column("next_warning_at", Moment(timezone=True), nullable=True))
    op.create_index(
        op.f("ix_tickets_next_warning"),
        "tickets",
        ["next_warning_at"],
        unique=False,
        sqlite_where=sa.text("next_warning_at IS NOT NULL"),
        postgresql_where=sa.text("next_warning_at IS NOT NULL"),
    )
    for stage in ("take", "contract", "completion"):
        op.add_column("assignments", sa.Column(f"{stage}_due", Moment(timezone=True), nullable=True))
    op.create_index(op.f("ix_assignments_dealer_id_assigned_at"), "assignments", ["dealer_id", "assigned_at"])
    op.create_table(
        "deadline_extensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", Moment(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("granted_until", sa.Date(), nullable=True),
        sa.Column("decided_at", Moment(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_deadline_extensions_ticket_id")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_deadline_extensions_assignment_id")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_deadline_extensions_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_deadline_extensions_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_extensions")),
    )
    op.create_index(op.f("ix_deadline_extensions_ticket_id"), "deadline_extensions", ["ticket_id"])
    op.create_index(op.f("ix_deadline_extensions_assignment_id_id"), "deadline_extensions", ["assignment_id", "id"])
    op.create_index(
        op.f("uq_deadline_extensions_asked"),
        "deadline_extensions",
        ["assignment_id"],
        unique=True,
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )


def downgrade() -> None:
    op.drop_table("deadline_extensions")
    # One by one: a batch would make tables anew to which others refer.
    op.drop_index(op.f("ix_assignments_dealer_id_assigned_at"), table_name="assignments")
    for stage in ("completion", "contract", "take"):
        op.drop_column("assignments", f"{stage}_due")
    op.drop_index(op.f("ix_tickets_next_warning"), table_name="tickets")
    op.drop_column("tickets", "next_warning_at")
