"""who agreed to what, and personal data that is exported or made anonymous"""

revision = "2026_11_22_f_consents"
down_revision = "2026_11_22_e_channels"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
