"""forms of papers that staff write"""

import sqlalchemy as sa
from alembic import op

from mikroserwis.db import Moment

revision = "2026_11_21_3_paper_forms"
down_revision = "2026_11_21_2_quotes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper", sa.String(length=30), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("uploaded_at", Moment(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.String(length=200), nullable=False),
        sa.Column("put_in_force_at", Moment(timezone=True), nullable=True),
        sa.Column("put_in_force_by", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_forms")),
        sa.UniqueConstraint("paper", "number", name=op.f("uq_paper_forms_paper_number")),
    )
    with op.batch_alter_table("paper_forms", schema=None) as batch_op:
        batch_op.create_index(
            "uq_paper_forms_in_force",
            ["paper"],
            unique=True,
            sqlite_where=sa.text("in_force"),
            postgresql_where=sa.text("in_force"),
        )
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.add_column(sa.Column("paper_form_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_history_paper_form_id"), "paper_forms", ["paper_form_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_history_paper_form_id_id"), ["paper_form_id", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_history_paper_form_id_id"))
        batch_op.drop_constraint(batch_op.f("fk_history_paper_form_id"), type_="foreignkey")
        batch_op.drop_column("paper_form_id")

    with op.batch_alter_table("paper_forms", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_paper_forms_in_force", sqlite_where=sa.text("in_force"), postgresql_where=sa.text("in_force")
        )

    op.drop_table("paper_forms")
