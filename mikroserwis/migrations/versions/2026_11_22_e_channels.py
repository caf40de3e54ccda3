"""which act tells whom over which channel, notifications, messages by telephone"""

revision = "2026_11_22_e_channels"
down_revision = "2026_11_22_d_message_texts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
