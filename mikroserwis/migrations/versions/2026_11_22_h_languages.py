"""how a person reads numbers and dates"""

revision = "2026_11_22_h_languages"
down_revision = "2026_11_22_g_api_clients"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
