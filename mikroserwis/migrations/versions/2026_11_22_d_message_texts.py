"""what staff write instead of the shipped texts of messages, with versions"""

revision = "2026_11_22_d_message_texts"
down_revision = "2026_11_22_c_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
