"""which pages of which upload a paper came from"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_8_file_sources"
down_revision = "2026_11_21_7_training"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source_name", sa.String(length=255), nullable=True))
        batch_op.add_column(sa.Column("source_sha256", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("source_pages", sa.String(length=255), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.drop_column("source_pages")
        batch_op.drop_column("source_sha256")
        batch_op.drop_column("source_name")
