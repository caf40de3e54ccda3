"""accounts: links to activate and recover, customers' accounts, what is kept of removed ones"""

revision = "2026_11_22_9_accounts"
down_revision = "2026_11_22_8_dealers_list"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
