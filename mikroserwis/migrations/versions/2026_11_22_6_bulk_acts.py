"""acts on many tickets, with a result for each"""

import sqlalchemy as sa
from alembic import op

from mikroserwis.db import Moment

revision = "2026_11_22_6_bulk_acts"
down_revision = "2026_11_22_5_job_runs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _acts()
    _lines()


def _acts() -> None:
    op.create_table(
        "bulk_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.String(length=60), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("to_dealer_id", sa.Integer(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("user", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("lease_until", Moment(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(length=20), nullable=True),
        sa.Column("ended_at", Moment(timezone=True), nullable=True),
        sa.Column("undo_reason", sa.Text(), nullable=False),
        sa.Column("undo_user_id", sa.Integer(), nullable=True),
        sa.Column("undo_user", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["to_dealer_id"], ["dealers.id"], name=op.f("fk_bulk_acts_to_dealer_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_bulk_acts_user_id")),
        sa.ForeignKeyConstraint(["undo_user_id"], ["users.id"], name=op.f("fk_bulk_acts_undo_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_acts")),
        sa.UniqueConstraint("batch", name=op.f("uq_bulk_acts_batch")),
    )
    running = sa.text("state = 'running'")
    op.create_index(
        "ix_bulk_acts_running", "bulk_acts", ["lease_until"], sqlite_where=running, postgresql_where=running
    )


def _lines() -> None:
    op.create_table(
        "bulk_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("seen", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("handover_id", sa.Integer(), nullable=True),
        sa.Column("extension_id", sa.Integer(), nullable=True),
        sa.Column("at", Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["act_id"], ["bulk_acts.id"], name=op.f("fk_bulk_lines_act_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_bulk_lines_ticket_id")),
        sa.ForeignKeyConstraint(["handover_id"], ["handovers.id"], name=op.f("fk_bulk_lines_handover_id")),
        sa.ForeignKeyConstraint(["extension_id"], ["deadline_extensions.id"], name=op.f("fk_bulk_lines_extension_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_lines")),
        sa.UniqueConstraint("act_id", "place", name=op.f("uq_bulk_lines_act_id_place")),
    )
    op.create_index(op.f("ix_bulk_lines_act_id_state"), "bulk_lines", ["act_id", "state"], unique=False)


def downgrade() -> None:
    op.drop_table("bulk_lines")
    op.drop_table("bulk_acts")
