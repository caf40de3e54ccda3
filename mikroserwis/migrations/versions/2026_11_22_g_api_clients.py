"""programs that act on their own, and webhooks"""

revision = "2026_11_22_g_api_clients"
down_revision = "2026_11_22_f_consents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
