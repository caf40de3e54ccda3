"""how a person reads numbers and dates"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_h_languages"
down_revision = "2026_11_22_g_api_clients"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("calendar", sa.String(10), nullable=False, server_default=sa.text("'gregory'")))
    op.add_column("users", sa.Column("digits", sa.String(10), nullable=False, server_default=sa.text("'latn'")))


def downgrade() -> None:
    op.drop_column("users", "digits")
    op.drop_column("users", "calendar")
