"""audit: seals over the history"""

revision = "2026_11_22_c_audit"
down_revision = "2026_11_22_b_customers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
