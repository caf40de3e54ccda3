"""absences of dealers, the history of dealers, and versions of vendor contacts"""

import sqlalchemy as sa
from alembic import op

from mikroserwis.db import Moment

revision = "2026_11_22_4_dealers"
down_revision = "2026_11_22_3_news"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dealer_absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dealer_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("entered_at", Moment(timezone=True), nullable=False),
        sa.Column("entered_by", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["dealer_id"], ["dealers.id"], name=op.f("fk_dealer_absences_dealer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dealer_absences")),
    )
    op.create_index(
        op.f("ix_dealer_absences_dealer_id_last_day"), "dealer_absences", ["dealer_id", "last_day"], unique=False
    )
    op.add_column("vendor_contacts", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("history", schema=None) as batch_op:
        for name in ("about_dealer_id", "vendor_contact_id"):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
            batch_op.create_index(batch_op.f(f"ix_history_{name}_id"), [name, "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("history", schema=None) as batch_op:
        for name in ("vendor_contact_id", "about_dealer_id"):
            batch_op.drop_index(batch_op.f(f"ix_history_{name}_id"))
            batch_op.drop_column(name)
    op.drop_column("vendor_contacts", "version")
    op.drop_table("dealer_absences")
