"""pictures that somebody replaced or took away go in the night"""

import sqlalchemy as sa
from alembic import op

import mikroserwis.db

revision = "2026_11_22_k_retired_pictures"
down_revision = "2026_11_22_j_answered_forms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "retired_pictures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("at", mikroserwis.db.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_retired_pictures"),
    )


def downgrade() -> None:
    op.drop_table("retired_pictures")
