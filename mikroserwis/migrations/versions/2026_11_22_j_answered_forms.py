"""answers to forms that were kept beside a plain hash of what was typed, be it a password, are forgotten"""

from alembic import op

revision = "2026_11_22_j_answered_forms"
down_revision = "2026_11_22_i_removed_contacts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM submissions")


def downgrade() -> None:
    """Nothing to bring back."""
