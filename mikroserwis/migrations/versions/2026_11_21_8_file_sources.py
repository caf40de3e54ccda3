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
    # One by one: a batch would make the table anew, which others refer to.
    op.drop_column("files", "source_pages")
    op.drop_column("files", "source_sha256")
    op.drop_column("files", "source_name")
