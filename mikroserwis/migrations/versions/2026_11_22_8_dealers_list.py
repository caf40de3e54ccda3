"""index: a dealer's quick views and its list by company are read without the tickets themselves"""

from alembic import op

revision = "2026_11_22_8_dealers_list"
down_revision = "2026_11_22_7_dashboard"
branch_labels = None
depends_on = None

_BEFORE = ["dealer_id", "state", "opened_on", "type"]


def upgrade() -> None:
    _indexed([*_BEFORE, "due_at", "warn_at", "company_key"])


def downgrade() -> None:
    _indexed(_BEFORE)


def _indexed(columns: list[str]) -> None:
    op.drop_index("ix_tickets_dealer", table_name="tickets")
    op.create_index("ix_tickets_dealer", "tickets", columns)
