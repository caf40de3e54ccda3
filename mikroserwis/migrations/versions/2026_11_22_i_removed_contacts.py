"""contacts that were deleted stay until they are anonymous"""

import sqlalchemy as sa
from alembic import op

import mikroserwis.db

revision = "2026_11_22_i_removed_contacts"
down_revision = "2026_11_22_h_languages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customer_contacts", sa.Column("removed_at", mikroserwis.db.Moment(), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM customer_contacts WHERE removed_at IS NOT NULL")
    op.drop_column("customer_contacts", "removed_at")
