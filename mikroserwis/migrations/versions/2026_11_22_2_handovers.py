"""what was before a ticket went from one dealer to the next"""

import sqlalchemy as sa
from alembic import op

from mikroserwis.db import Moment

revision = "2026_11_22_2_handovers"
down_revision = "2026_11_22_1_clocks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("batch", sa.String(length=60), nullable=True),
        sa.Column("stage", sa.String(length=20), nullable=True),
        sa.Column("due_at", Moment(timezone=True), nullable=True),
        sa.Column("former_assignment_id", sa.Integer(), nullable=True),
        sa.Column("next_assignment_id", sa.Integer(), nullable=True),
        sa.Column("former_dealer_id", sa.Integer(), nullable=True),
        sa.Column("next_dealer_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("undone_at", Moment(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_handovers_ticket_id")),
        sa.ForeignKeyConstraint(
            ["former_assignment_id"], ["assignments.id"], name=op.f("fk_handovers_former_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["next_assignment_id"], ["assignments.id"], name=op.f("fk_handovers_next_assignment_id")
        ),
        sa.ForeignKeyConstraint(["former_dealer_id"], ["dealers.id"], name=op.f("fk_handovers_former_dealer_id")),
        sa.ForeignKeyConstraint(["next_dealer_id"], ["dealers.id"], name=op.f("fk_handovers_next_dealer_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["users.id"], name=op.f("fk_handovers_undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    for columns in (("ticket_id", "id"), ("batch", "id"), ("former_dealer_id", "at"), ("next_dealer_id", "at")):
        op.create_index(op.f(f"ix_handovers_{'_'.join(columns)}"), "handovers", list(columns), unique=False)


def downgrade() -> None:
    op.drop_table("handovers")
