"""accounts: second factors and their recovery codes"""

revision = "2026_11_22_a_second_factor"
down_revision = "2026_11_22_9_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
