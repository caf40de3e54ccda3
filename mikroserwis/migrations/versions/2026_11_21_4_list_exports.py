"""lists written in the background"""

import sqlalchemy as sa
from alembic import op

from mikroserwis.db import Moment

revision = "2026_11_21_4_list_exports"
down_revision = "2026_11_21_3_paper_forms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "list_exports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=True),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        sa.Column("started_at", Moment(timezone=True), nullable=True),
        sa.Column("lease_until", Moment(timezone=True), nullable=True),
        sa.Column("ended_at", Moment(timezone=True), nullable=True),
        sa.Column("expires_at", Moment(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_list_exports_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_exports")),
    )
    with op.batch_alter_table("list_exports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_list_exports_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(
            "ix_list_exports_open",
            ["state", "lease_until"],
            unique=False,
            sqlite_where=sa.text("state IN ('queued', 'running')"),
            postgresql_where=sa.text("state IN ('queued', 'running')"),
        )
        batch_op.create_index(batch_op.f("ix_list_exports_user_id_id"), ["user_id", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("list_exports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_list_exports_user_id_id"))
        batch_op.drop_index(
            "ix_list_exports_open",
            sqlite_where=sa.text("state IN ('queued', 'running')"),
            postgresql_where=sa.text("state IN ('queued', 'running')"),
        )
        batch_op.drop_index(batch_op.f("ix_list_exports_expires_at"))

    op.drop_table("list_exports")
