"""training material"""

import sqlalchemy as sa
from alembic import op

from mikroserwis.db import Moment

revision = "2026_11_21_7_training"
down_revision = "2026_11_21_6_saved_views"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "materials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("renewed_at", Moment(timezone=True), nullable=False),
        sa.Column("removed_at", Moment(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_materials")),
    )
    op.create_table(
        "material_types",
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["material_id"], ["materials.id"], name=op.f("fk_material_types_material_id")),
        sa.PrimaryKeyConstraint("material_id", "type", name=op.f("pk_material_types")),
    )
    op.create_table(
        "material_openings",
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["material_id"], ["materials.id"], name=op.f("fk_material_openings_material_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_material_openings_user_id")),
        sa.PrimaryKeyConstraint("material_id", "user_id", name=op.f("pk_material_openings")),
    )
    with op.batch_alter_table("material_openings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_material_openings_user_id"), ["user_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("material_openings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_material_openings_user_id"))

    op.drop_table("material_openings")
    op.drop_table("material_types")
    op.drop_table("materials")
