"""customers: tax ids of other countries, contacts, what is kept of removed ones"""

revision = "2026_11_22_b_customers"
down_revision = "2026_11_22_a_second_factor"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
